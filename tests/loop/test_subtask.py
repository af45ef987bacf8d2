"""Sub-tasks: runs within a run, that inherit its goal and constraints and cannot write its list."""

from pathlib import Path

from litany.loop.folder import Folder
from tests.loop.runs import END, Ran, calls, closes, effects, ran, record, says

ADD = calls(("update_todos", {"operations": [{"op": "add", "content": "my own"}]}))
GIVE = calls(("subtask", {"task": "Put b."}))


def given(tmp_path: Path) -> Ran:
    part = [ADD, calls(("put", {"text": "b"})), closes("1"), says("b is put.")]
    whole = [calls(("put", {"text": "a"})), GIVE, *part, closes("1"), says(END)]
    return ran(tmp_path, whole, todos=["put both"], constraints=["Never shout."], subtasks=True)


def test_a_part_is_done_by_an_agent_of_its_own_and_its_report_is_the_result(tmp_path: Path) -> None:
    done = given(tmp_path)

    assert done.ended.status == "done"
    assert effects(tmp_path) == ["a", "b"]
    results = [message["content"] for message in done.messages if message["role"] == "tool"]
    assert results == ["put a", "b is put.", "1. [completed] put both"]
    assert done.ended.spent.steps == 8, "what the part took counts"


def test_it_inherits_goal_and_constraints_and_has_a_list_of_its_own(tmp_path: Path) -> None:
    done = given(tmp_path)

    (child,) = done.folder.children()
    first = record(Folder(child.path))[1]["content"]
    assert first.startswith("Put b.")
    assert "a larger task that another agent works on: Put a thing." in first
    assert "- Never shout." in first
    lists = [event.fields["todos"] for event in done.events if event.kind == "agenda" and "/" not in event.run]
    assert {todo["content"] for todos in lists for todo in todos} == {"put both"}


def test_a_part_that_ends_badly_is_told_as_such(tmp_path: Path) -> None:
    lines = [GIVE, ADD, says("I stop."), says("Again."), says("Still."), says(END)]

    done = ran(tmp_path, lines, subtasks=True)

    result = next(message["content"] for message in done.messages if message["role"] == "tool")
    assert result.startswith("[the sub-task ended as: open]\nStill.")
    assert "todo 1: my own" in result


def test_a_part_without_words_is_told_to_the_model(tmp_path: Path) -> None:
    done = ran(tmp_path, [calls(("subtask", {"tsak": 1})), says(END)], subtasks=True)

    assert "`task` is missing" in done.messages[3]["content"]
