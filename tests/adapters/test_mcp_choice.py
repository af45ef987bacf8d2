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

    with pytest.raises(RecallError, match="'one', 'two'; start `litany mcp` with --conversation"):
        added(store)

    assert "pump off" in added(store, "one")


def test_one_that_began_since_is_not_taken_for_the_one_before(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store")
    sent(store, turns("a", 1), "run")
    sent(store, [user("Another thing altogether.")])

    with pytest.raises(RecallError, match="began since"):
        added(store)
