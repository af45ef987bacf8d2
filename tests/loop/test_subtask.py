"""Sub-tasks: runs within a run, that inherit its goal and constraints and cannot write its list."""

import asyncio
from pathlib import Path

import pytest

from litany.errors import TaskError
from litany.loop.events import Event
from litany.loop.folder import Folder, new_folder
from litany.loop.run import run
from tests.loop.runs import END, Priced, Ran, Stopped, calls, closes, effects, ordered, ran, record, says, stops

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


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ([ADD, says("Which colour?")], "asks"),
        ([ADD, says("I stop."), says("Again."), says("Still.")], "open"),
        ([calls(("put", {"text": "b"}))] * 12, "stuck"),
        ([says("b is put.")], "done"),
        ([calls(("put", {"text": "b"}))] * 5, "limit"),
    ],
)
def test_a_part_that_has_ended_stays_so_when_the_run_is_stopped_before_it_has_the_report(
    part: list[dict[str, object]], status: str, tmp_path: Path
) -> None:
    limits = {"steps": 6} if status == "limit" else {}
    order = ordered(tmp_path, [GIVE, *part, says(END)], subtasks=True, limits=limits)
    folder = new_folder(tmp_path / "store", "part")
    folder.write(order)

    with pytest.raises(Stopped):
        asyncio.run(run(folder, order, stops("ended", part=True)))
    (child,) = folder.children()
    before = record(child)
    ended = asyncio.run(run(folder, order))

    assert ended.status == ("limit" if status == "limit" else "done")
    assert record(child) == before, "nothing is said in it, and no step is taken"
    result = next(message["content"] for message in record(folder) if message["role"] == "tool")
    assert result == "b is put." if status == "done" else result.startswith(f"[the sub-task ended as: {status}]\n")
    assert ("todo 1: my own" in result) == (ADD in part)


def test_a_part_that_was_stopped_at_work_goes_on(tmp_path: Path) -> None:
    order = ordered(tmp_path, [GIVE, calls(("put", {"text": "b"})), says("b is put."), says(END)], subtasks=True)
    folder = new_folder(tmp_path / "store", "part")
    folder.write(order)

    with pytest.raises(Stopped):
        asyncio.run(run(folder, order, stops("gave", part=True)))
    with pytest.raises(TaskError, match="was stopped at work"):
        asyncio.run(run(folder, order, said="Red."))
    ended = asyncio.run(run(folder, order))

    assert (ended.status, ended.spent.steps) == ("done", 4)
    assert [message["content"] for message in record(folder) if message["role"] == "tool"] == ["b is put."]


def test_a_part_cannot_give_parts_away(tmp_path: Path) -> None:
    done = ran(tmp_path, [GIVE, GIVE, says("I cannot."), says(END)], subtasks=True)

    (child,) = done.folder.children()
    assert child.children() == []
    told = next(message["content"] for message in record(child) if message["role"] == "tool")
    assert "there is no tool 'subtask'" in told


def test_a_part_may_take_what_the_run_has_left(tmp_path: Path) -> None:
    put = [calls(("put", {"text": f"{number}"})) for number in range(9)]
    limits = {"steps": 6, "tokens": 100_000, "usd": 9.0, "seconds": 1_000.0}
    order = ordered(tmp_path, [*put[:2], GIVE, *put[2:], says(END)], subtasks=True, limits=limits)
    folder = new_folder(tmp_path / "store", "part")
    folder.write(order)
    events: list[Event] = []

    ended = asyncio.run(run(folder, order, events.append, models=[Priced(tmp_path / "script.jsonl")]))

    (child,) = folder.children()
    left = child.order.task.limits
    answers = [event.fields for event in events if event.kind == "answered"][:3]
    spent = sum(answer["prompt"] + answer["completion"] for answer in answers)
    assert (left.steps, left.usd) == (3, 6.0)
    assert left.tokens == 100_000 - spent
    assert left.seconds is not None
    assert 0 < left.seconds < 1_000
    assert (ended.status, ended.spent.steps) == ("limit", 6)
