"""A run: its record, its gate, its limits, and how it goes on after it has stopped."""

import asyncio
import json
import sqlite3
from pathlib import Path

import ormsgpack
import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from litany import Busy
from litany.errors import StateError, TaskError, ToolError
from litany.loop.folder import Folder, folder_of, limited, new_folder
from litany.loop.run import run
from litany.models.agent import Agent
from litany.testing.provider import validate
from tests.loop.runs import END, Priced, Stopped, calls, closes, effects, ordered, ran, record, resumed, says, stops

PUT = calls(("put", {"text": "a"}))


def test_a_run_calls_its_tools_and_is_done_when_nothing_is_open(tmp_path: Path) -> None:
    done = ran(tmp_path, [PUT, closes("1"), says(END)], todos=["put a"], done=[{"file": "effects"}])

    assert (done.ended.status, done.ended.text, done.ended.open) == ("done", END, ())
    assert effects(tmp_path) == ["a"]
    assert [message["role"] for message in done.messages] == [
        "system",
        "user",
        "assistant",
        "tool",
        "assistant",
        "tool",
        "assistant",
    ]
    assert validate("openai", {"messages": done.messages}) == []
    assert done.ended.spent.steps == 3


def test_the_first_message_holds_goal_constraints_and_todos(tmp_path: Path) -> None:
    done = ran(tmp_path, [closes("1"), says(END)], todos=["put a"], constraints=["Never shout."])

    first = done.messages[1]["content"]
    assert first.startswith("Put a thing.")
    assert "- Never shout." in first
    assert "1. put a" in first


def test_an_agent_that_stops_with_items_open_is_told_so_twice_and_then_let_go(tmp_path: Path) -> None:
    stopped = ran(tmp_path, [says("So far."), says("Enough."), says("No more.")], todos=["put a"])

    assert stopped.ended.status == "open"
    assert stopped.ended.open == ("todo 1: put a",)
    assert stopped.kinds.count("told") == 2
    assert "todo 1: put a" in stopped.messages[3]["content"]


def test_a_question_to_the_user_ends_the_turn_and_the_answer_goes_on(tmp_path: Path) -> None:
    lines = [says("Which colour?"), PUT, closes("1"), says(END)]
    asked = ran(tmp_path, lines, todos=["put a"])

    assert (asked.ended.status, asked.kinds.count("told")) == ("asks", 0)
    with pytest.raises(TaskError, match=r"Which colour\?.*--say"):
        resumed(asked)
    answered = resumed(asked, "Red.")
    assert answered.ended.status == "done"
    assert answered.messages[3] == {"role": "user", "content": "Red."}


@pytest.mark.parametrize("within", ["store", "."])
def test_the_agent_cannot_write_over_its_own_run(tmp_path: Path, within: str) -> None:
    order = ordered(tmp_path, [says(END)], tools=["files"])
    folder = new_folder(tmp_path / within, "x", "mine")
    folder.write(order)
    path = f"{within}/mine/journal.sqlite"
    lines = [calls(("write_file", {"path": path, "content": ""})), says(END)]
    said = iter(lines)

    ended = asyncio.run(run(folder, order, models=[Agent(lambda messages, tools: next(said))]))

    assert ended.status == "done"
    assert "where litany keeps its runs" in record(folder)[3]["content"]


def test_what_is_open_at_the_end_is_named_with_why(tmp_path: Path) -> None:
    checks = [{"shell": "echo no such luck; exit 3"}, {"file": "never"}, {"python": "absent:fn"}]

    stopped = ran(tmp_path, [says("1"), says("2"), says("3")], done=checks)

    assert stopped.ended.open == (
        "shell = echo no such luck; exit 3: exit status 3, it said: no such luck",
        "file = never: there is none",
        "python = absent:fn: there is no module 'absent'",
    )


@pytest.mark.parametrize("limits", [{"steps": 1}, {"tokens": 200}, {"seconds": 1e-6}])
def test_a_limit_ends_the_run_and_a_higher_one_goes_on_with_it(tmp_path: Path, limits: dict[str, float]) -> None:
    reached = ran(tmp_path, [PUT, says(END)], limits=limits)

    assert reached.ended.status == "limit"
    assert reached.ended.spent.steps <= 1
    assert resumed(reached).ended.status == "limit"
    order = limited(reached.folder.order, {"steps": 9, "tokens": 1e9, "seconds": 1e9})
    assert resumed(reached, order=order).ended.status == "done"
    assert effects(tmp_path) == ["a"]


def test_a_limit_of_dollars_ends_the_run(tmp_path: Path) -> None:
    order = ordered(tmp_path, [PUT, calls(("put", {"text": "b"})), says(END)], limits={"usd": 2.0})
    folder = new_folder(tmp_path / "store", "pay")
    folder.write(order)

    ended = asyncio.run(run(folder, order, models=[Priced(tmp_path / "script.jsonl")]))

    assert (ended.status, ended.spent.cost, effects(tmp_path)) == ("limit", 2.0, ["a", "b"])


def test_nothing_is_said_to_a_run_that_was_stopped_at_work(tmp_path: Path) -> None:
    order = ordered(tmp_path, [PUT, says(END)])
    folder = new_folder(tmp_path / "store", "put")
    folder.write(order)
    with pytest.raises(Stopped):
        asyncio.run(run(folder, order, stops("called")))
    before = record(folder)

    with pytest.raises(TaskError, match="was stopped at work and goes on where it was"):
        asyncio.run(run(folder, order, said="Red."))

    assert record(folder) == before
    assert asyncio.run(run(folder, order)).status == "done"


def test_a_tool_of_the_users_own_cannot_bear_the_name_of_sub_tasks(tmp_path: Path) -> None:
    order = ordered(tmp_path, [says(END)], tools=["own.py"])
    (tmp_path / "own.py").write_text('def subtask(task: str) -> str:\n    """Gives."""\n    return task\n')
    folder = new_folder(tmp_path / "store", "own")
    folder.write(order)

    with pytest.raises(ToolError, match=r"two tools are called subtask: one of litany itself, one of own\.py"):
        asyncio.run(run(folder, order))


def test_an_agent_that_is_stuck_is_told_so_and_at_last_stopped(tmp_path: Path) -> None:
    stuck = ran(tmp_path, [PUT] * 20)

    assert stuck.ended.status == "stuck"
    assert [event.fields["times"] for event in stuck.events if event.kind == "stuck"] == [3, 6, 9, 12]
    results = [message["content"] for message in stuck.messages if message["role"] == "tool"]
    assert ["The goal is: Put a thing." in text for text in results] == [n % 3 == 2 for n in range(12)]
    sent = [event for event in stuck.events if event.kind == "sending"]
    assert sent[3].fields["due"], "the agenda is recited when the agent is told"


def test_what_a_model_calls_wrongly_is_told_to_it(tmp_path: Path) -> None:
    wrong = [calls(("nothing", {})), calls(("put", "{no json")), calls(("fail", {"why": "the tide"})), says(END)]

    done = ran(tmp_path, wrong, agent=True)

    told = [message["content"] for message in done.messages if message["role"] == "tool"]
    assert "nothing" in told[0]
    assert "JSON" in told[1]
    assert "the tide" in told[2]
    assert done.ended.status == "done"
    assert effects(tmp_path) == []
    assert validate("openai", {"messages": done.messages}) == [], "a provider takes the record back"


def test_calls_without_an_id_of_their_own_get_one(tmp_path: Path) -> None:
    twice = calls(("put", {"text": "a"}), ("put", {"text": "b"}))
    twice["tool_calls"][1]["id"] = "c0"

    done = ran(tmp_path, [twice, says(END)], agent=True)

    assert done.ended.status == "done"
    assert effects(tmp_path) == ["a", "b"]
    assert validate("openai", {"messages": done.messages}) == []


@pytest.mark.parametrize("older", [False, True])
def test_a_call_whose_outcome_is_unknown_is_not_made_again_when_the_run_bears_another_name(
    older: bool, tmp_path: Path
) -> None:
    order = ordered(tmp_path, [PUT, says(END)])
    folder = new_folder(tmp_path / "store", "pay")
    folder.write(order)
    if older:
        unnamed(folder)
    with pytest.raises(Stopped):
        asyncio.run(run(folder, folder.order, stops("gave")))
    moved = Folder(folder.path if older else folder.path.rename(tmp_path / "store" / "paid"))

    ended = asyncio.run(run(moved, moved.order))

    assert ended.status == "done"
    assert effects(tmp_path) == ["a"]
    assert "its outcome is unknown" in record(moved)[3]["content"]


def unnamed(folder: Folder) -> None:
    """The folder as litany wrote it when its runs had no id."""
    whole = json.loads((folder.path / "task.json").read_text())
    del whole["id"]
    (folder.path / "task.json").write_text(json.dumps({**whole, "version": 1}))


def test_calls_of_two_runs_of_one_name_have_keys_of_their_own(tmp_path: Path) -> None:
    keys = []
    for at in (tmp_path / "a", tmp_path / "b"):
        at.mkdir()
        done = ran(at, [PUT, calls(("subtask", {"task": "Put b."})), PUT, says("b"), says(END)], subtasks=True)
        keys += [
            event.fields["key"] for event in done.events if event.kind == "called" and event.fields["tool"] == "put"
        ]

    assert len(set(keys)) == 4


def test_a_run_of_an_older_litany_keeps_its_keys(tmp_path: Path) -> None:
    done = ran(tmp_path, [PUT, says(END), PUT, says(END)])
    unnamed(done.folder)

    more = resumed(done, "Again.", limited(done.folder.order, {"steps": 9}))
    more.folder.write(more.folder.order)

    keys = [event.fields["key"] for event in more.events if event.kind == "called"]
    assert keys == [f"{done.folder.name}:6-0:c0"]
    moved = Folder(done.folder.path.rename(tmp_path / "store" / "other"))
    assert moved.order.id == done.folder.name, "from then on it is written down"


def test_a_run_that_is_done_stays_so_and_goes_on_when_something_is_said(tmp_path: Path) -> None:
    done = ran(tmp_path, [PUT, says(END), calls(("put", {"text": "b"})), says("That too.")])

    assert resumed(done).ended == done.ended
    more = resumed(done, "And b.")
    assert (more.ended.status, more.ended.text) == ("done", "That too.")
    assert effects(tmp_path) == ["a", "b"]


def test_two_cannot_work_on_one_run(tmp_path: Path) -> None:
    done = ran(tmp_path, [PUT, says(END)])

    with done.folder.alone(), pytest.raises(Busy, match=r"at work in another process"):
        resumed(done)
    assert not done.folder.busy()


def test_a_broken_journal_is_told_of_and_nothing_is_run(tmp_path: Path) -> None:
    done = ran(tmp_path, [PUT, says(END)])
    body = bytearray(done.folder.journal.read_bytes())
    done.folder.journal.write_bytes(b"not a database" + body[14:])

    with pytest.raises(StateError, match="is no store"):
        resumed(done, "Go on.")
    assert effects(tmp_path) == ["a"]


def test_a_checkpoint_that_is_damaged_is_told_of(tmp_path: Path) -> None:
    done = ran(tmp_path, [PUT, says(END)])
    done.folder.steps.write_bytes(b"x" * 5_000)

    with pytest.raises(StateError, match="no store"):
        resumed(done, "Go on.")


def test_a_malicious_checkpoint_constructs_nothing(tmp_path: Path) -> None:
    done = ran(tmp_path, [PUT, says(END)])
    with sqlite3.connect(done.folder.steps) as connection:
        (body,) = connection.execute("SELECT checkpoint FROM checkpoints").fetchone()
        made = tmp_path / "made"
        call = ormsgpack.Ext(0, ormsgpack.packb(("os", "system", f"touch {made}")))  # a function, called on load
        evil = {**ormsgpack.unpackb(body), "channel_values": {"at": call}}
        packed = ormsgpack.packb(evil)
        connection.execute("UPDATE checkpoints SET checkpoint = ?", (packed,))
    connection.close()

    with pytest.raises(StateError, match="holds no place of a run"):
        resumed(done, "Go on.")
    assert not made.exists()
    JsonPlusSerializer(allowed_msgpack_modules=True).loads_typed(("msgpack", packed))
    assert made.exists(), "LangGraph's own way calls it"


def test_a_name_that_is_taken_or_unknown_is_told_of(tmp_path: Path) -> None:
    done = ran(tmp_path, [says(END)])

    with pytest.raises(TaskError, match="already"):
        new_folder(tmp_path / "store", "x", done.folder.name)
    with pytest.raises(TaskError, match=f"the last are {done.folder.name}"):
        folder_of(tmp_path / "store", "other")
    with pytest.raises(TaskError, match="cannot be called"):
        new_folder(tmp_path / "store", "x", "../up")


def test_a_store_where_nothing_can_be_written_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(TaskError, match=r"cannot be written.*--store"):
        new_folder(tmp_path / "file" / "store", "x")
