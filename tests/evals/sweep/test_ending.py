"""The end of a prompt, kept beside what somebody will read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from litany.core.completion import Completion, Usage
from litany.evals.report.pick import ending as kept
from litany.evals.sweep import read, run
from litany.evals.sweep.sample import ENDING, ending
from tests.evals.sweep.parts import PARTS, SUITE, HttpError, Model


def test_what_is_not_right_keeps_the_end_of_its_prompt(tmp_path: Path) -> None:
    class Wrong(Model):
        def said(self, messages: Sequence[Any]) -> Completion:
            return Completion({"role": "assistant", "content": "no idea"}, Usage(50, 5), "stop")

    run(SUITE, Wrong(errors=[HttpError(401, "bad key")]), tmp_path, parts=PARTS)

    outcomes = read(tmp_path)
    assert sum(each.error is not None for each in outcomes) == 1
    assert all((kept(each) or "").startswith("user: At ") for each in outcomes)
    assert {(kept(each) or "").endswith("\n\nuser: Remember.") for each in outcomes if each.arm == "recite"} == {True}


def test_of_right_answers_the_first_question_of_each_cell_keeps_it(tmp_path: Path) -> None:
    run(SUITE, Model(), tmp_path, parts=PARTS)

    assert {each.seed for each in read(tmp_path) if kept(each)} == {0}
    assert sum(kept(each) is not None for each in read(tmp_path)) == 12


def test_an_ending_has_the_last_messages_with_their_calls_and_is_cut_in_front() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at": "sea"}'}}
    chat: list[dict[str, Any]] = [
        {"role": "user", "content": "x" * 5_000},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "calm"}]},
        {"role": "user", "content": "Is it?"},
    ]

    end = ending(chat)

    assert len(end) == ENDING
    assert end.startswith("…x")
    assert end.endswith('x\n\nassistant: look({"at": "sea"})\n\ntool: calm\n\nuser: Is it?')
    assert ending(chat[3:]) == "user: Is it?"
    assert ending([{"role": "assistant", "content": "so", "tool_calls": "none"}]) == "assistant: so"
