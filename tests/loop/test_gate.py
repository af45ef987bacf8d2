"""The gate: when an answer ends the run, when it is a question, and when it is sent back."""

from pathlib import Path
from typing import Any

import pytest

from litany.testing.provider import validate
from tests.loop.runs import END, calls, closes, ran, resumed, says

PUT = calls(("put", {"text": "a"}))


def test_a_question_is_one_where_nothing_tells_that_all_is_done(tmp_path: Path) -> None:
    asked = ran(tmp_path, [says("Which database do you mean?"), says(END)])

    assert asked.ended.status == "asks"
    assert resumed(asked, "The small one.").ended.status == "done"


@pytest.mark.parametrize("task", [{"todos": ["put a"]}, {"done": [{"file": "effects"}]}])
def test_a_polite_question_behind_finished_work_holds_nothing_up(tmp_path: Path, task: dict[str, Any]) -> None:
    done = ran(tmp_path, [PUT, closes("1"), says("All is done. Anything else?")], **task)

    assert done.ended.status == "done"


def test_an_empty_answer_is_sent_back_and_the_work_goes_on(tmp_path: Path) -> None:
    done = ran(tmp_path, [says(" "), PUT, says(END)])

    assert (done.ended.status, done.ended.text) == ("done", END)
    assert "Your answer was empty" in done.messages[3]["content"]
    assert validate("openai", {"messages": done.messages}) == []


def test_an_agent_that_says_nothing_at_all_is_let_go_after_two_reminders(tmp_path: Path) -> None:
    quiet = ran(tmp_path, [PUT, *[says("")] * 3])

    assert (quiet.ended.status, quiet.kinds.count("told")) == ("done", 2)


@pytest.mark.parametrize(
    ("name", "written", "says_so"),
    [
        ("update_todos", "{oops", "error: the arguments of update_todos are no JSON: '{oops'"),
        ("note", '"x"', "error: the arguments of note are str; they are an object"),
    ],
)
def test_what_is_wrong_with_a_call_of_litanys_own_is_told(
    tmp_path: Path, name: str, written: str, says_so: str
) -> None:
    done = ran(tmp_path, [calls((name, written)), says(END)], agent=True)

    assert [message["content"] for message in done.messages if message["role"] == "tool"] == [says_so]
