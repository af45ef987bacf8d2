"""Which conversation of a store the tools of `litany mcp` belong to: the only one under way, or the one named."""

from pathlib import Path
from typing import Any

import pytest

from litany import SqliteStore
from litany.adapters.mcp import Tools
from litany.errors import RecallError
from litany.middleware.shared import Conversations
from tests.histories import GOAL, calls, result, user

LOOK = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}]
ADD = {"operations": [{"op": "add", "content": "ask who switched the pump off"}]}


def turns(name: str, number: int) -> list[Any]:
    """A run of that many turns, told from others by the ids of its calls."""
    said = [user(GOAL)]
    for turn in range(number):
        said += [calls(f"{name}-{turn}", page=turn), result(f"{name}-{turn}", f"{name} {turn}")]
    return said


def sent(store: SqliteStore, messages: list[Any], key: str | None = None, tools: Any = LOOK) -> str:
    return str(Conversations(store=store).open(messages, None, tools, key).view)


def added(store: SqliteStore, key: str | None = None) -> str:
    return Tools(store.path, key).called("update_todos", ADD)


def test_before_the_second_call_of_an_unnamed_conversation_nobody_writes_into_what_others_share(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store")
    sent(store, turns("a", 0))

    with pytest.raises(RecallError, match="no conversation of its own yet"):
        added(store)

    assert "pump off" not in sent(store, turns("b", 1))


def test_the_only_one_under_way_is_meant_though_a_title_was_asked_for_under_its_name(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store")
    sent(store, turns("a", 1), "run")
    sent(store, [user("Give it a title.")], "run", ())

    assert "pump off" in added(store)
    assert store.load("run") is not None
    assert "pump off" in str(Conversations(store=store).find(turns("a", 2), tools=LOOK, key="run").agenda)


def test_with_two_under_way_both_are_named_and_neither_is_written(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store")
    sent(store, turns("a", 1), "one")
    sent(store, turns("b", 1), "two")

    with pytest.raises(RecallError, match=f"'one' .{GOAL[:60]}.*'two' .*'conversation' of the call, or start"):
        added(store)

    assert "pump off" in added(store, "one")


@pytest.mark.parametrize("number", [2, 3, 9])
def test_an_unnamed_one_is_meant_from_its_second_call_on(tmp_path: Path, number: int) -> None:
    store = SqliteStore(tmp_path / "store")
    for calls_made in range(number):
        sent(store, turns("a", calls_made))

    assert "pump off" in added(store)
    assert "pump off" in str(Conversations(store=store).find(turns("a", number), tools=LOOK).agenda)


def test_a_sub_agent_and_what_lists_it_are_part_of_the_session(tmp_path: Path) -> None:
    store, own = SqliteStore(tmp_path / "store"), [{"type": "function", "function": {"name": "grep", "parameters": {}}}]
    sent(store, turns("a", 1), "run")
    for calls_made in range(3):
        sent(store, [user("Search the pages."), *turns("b", calls_made)[1:]], "run", own)

    assert "pump off" in added(store)
    assert "pump off" in str(Conversations(store=store).find(turns("a", 2), tools=LOOK, key="run").agenda)


def test_of_two_sessions_the_one_written_since_the_client_began_is_meant(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store")
    sent(store, turns("a", 1), "one")
    tools = Tools(store.path, None)
    sent(store, turns("b", 1), "two")

    assert "pump off" in tools.called("update_todos", ADD)
    assert "pump off" in str(Conversations(store=store).find(turns("b", 2), tools=LOOK, key="two").agenda)


def test_of_two_under_way_the_call_says_which(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store")
    for name in ("one", "two"):
        sent(store, turns(name, 1), name)
    tools = Tools(store.path, None)

    assert "pump off" in tools.called("update_todos", {**ADD, "conversation": "two"})
    assert "pump off" not in str(store.load("one"))
    assert "pump off" in str(store.load("two"))


@pytest.mark.parametrize("key", ["three", 3, "list", "shared"])
def test_what_is_no_conversation_of_its_own_cannot_be_named(tmp_path: Path, key: object) -> None:
    store = SqliteStore(tmp_path / "store")
    for calls_made in range(2):
        sent(store, turns("a", calls_made))
    signs = {"list": "~@", "shared": "~~"}
    name = next((held for held in store.names() if held.startswith(signs.get(str(key), " "))), key)

    with pytest.raises(RecallError, match="holds no conversation"):
        Tools(store.path, None).called("update_todos", {**ADD, "conversation": name})


def test_one_that_began_since_is_not_taken_for_the_one_before(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store")
    sent(store, turns("a", 1), "run")
    sent(store, [user("Another thing altogether.")])

    with pytest.raises(RecallError, match="began since"):
        added(store)
