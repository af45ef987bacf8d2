"""`litany store`: what a store holds, conversation by conversation; forgetting one; shrinking the file."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litany.errors import StateError

if TYPE_CHECKING:  # sqlite3 is imported when a command runs
    from litany.core.state import State
    from litany.stores import SqliteStore
    from litany.stores.sqlite import Entry

GOAL = 60
"""Characters of a goal in a list."""
COLUMNS = ("key", "messages", "compactions", "kept", "bytes", "updated", "goal")
NUMBERS = COLUMNS[1:5]
LISTED = 20
"""Kept messages that `show` lists; --json lists all."""

store = typer.Typer(help="Look into a store, forget a conversation, shrink the file.", no_args_is_help=True)

PathOption = Annotated[Path, typer.Argument(help="The store's file.", metavar="PATH")]
Key = Annotated[str, typer.Argument(help="The conversation's name, as `ls` lists it.", metavar="KEY")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for machines.")]


@store.command("ls")
def ls(path: PathOption, as_json: AsJson = False) -> int:
    """List the conversations: key, messages read, compactions, size in bytes, when it was written last, goal."""
    from litany.middleware.shared.keys import listing

    held = _opened(path)
    lines = [_line(held, entry) for entry in held.entries() if not listing(entry.key)]
    if as_json:
        for line in lines:
            print(json.dumps(line))
        return 0
    from rich.table import Table

    table = Table(box=None, padding=(0, 1), pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, justify="right" if name in NUMBERS else "left")
    for line in lines:
        goal = line["goal"] or ""
        short = {**line, "goal": goal[:GOAL] + ("…" if goal[GOAL:] else "")}
        table.add_row(*(plain(short[name]) for name in COLUMNS))
    _console().print(table)
    return 0


@store.command("show")
def show(path: PathOption, key: Key, as_json: AsJson = False) -> int:
    """Show one conversation: goal, constraints, todos, notes, the cut, and what is kept."""
    held = _opened(path)
    told = _told(held, path, key)
    if as_json:
        print(json.dumps(told))
        return 0
    for name in ("goal", "constraints", "todos", "notes"):
        for item in told[name] if isinstance(told[name], list) else [told[name] or {"text": "none"}]:
            print(f"{name}: {plain(item.get('text', item.get('content', '')))}{_status(item)}")
    cut = told["cut"]
    print(f"read: {told['messages']} messages")
    print(f"cut: {plain(cut['text']) if cut else 'none yet'}")
    print(f"kept: {len(told['kept'])} messages")
    for item in told["kept"][:LISTED]:
        print(f"  {item['handle']}  messages[{item['index']}]  {item['characters']} characters")
    if told["kept"][LISTED:]:
        print(f"  and {len(told['kept']) - LISTED} more; --json lists them all")
    return 0


@store.command("forget")
def forget(path: PathOption, key: Key) -> int:
    """Delete a conversation whole, its bytes overwritten. What another conversation keeps too stays there."""
    held = _opened(path)
    if not held.forget(key):
        raise _unknown(path, key)
    print(f"forgot {plain(key)}")
    children = [other for other in held.names() if other.startswith(f"{key}/")]
    if children:
        print(f"litany: its sub-agents stay: {plain(', '.join(children))}", file=sys.stderr)
    return 0


@store.command("vacuum")
def vacuum(path: PathOption) -> int:
    """Shrink the file to what it holds."""
    before, after = _opened(path).vacuum()
    print(f"{before:,} bytes before, {after:,} after")
    return 0


def plain(value: object) -> str:
    """A value as it can be printed: what would steer the terminal is escaped."""
    text = str(value).encode("utf-8", "backslashreplace").decode()
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def _opened(path: Path) -> SqliteStore:
    from litany.stores import SqliteStore

    return SqliteStore(path, create=False)


def _console() -> Any:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 200, highlight=False, markup=False, emoji=False)


def _unknown(path: Path, key: str) -> StateError:
    return StateError(f"{path} holds no conversation {key!r}; `litany store ls {path}` lists those it holds")


def _state(held: SqliteStore, key: str) -> State | None:
    found = held.load(key)
    return None if found is None else found[1]


def _line(held: SqliteStore, entry: Entry) -> dict[str, Any]:
    state = _state(held, entry.key)
    goal = state.agenda.goal if state else None
    return {
        "key": entry.key,
        "messages": state.length if state else 0,
        "compactions": state.cut.number if state and state.cut else 0,
        "kept": entry.kept,
        "bytes": entry.size,
        "updated": datetime.fromtimestamp(entry.updated, UTC).isoformat(timespec="seconds"),
        "goal": goal.text if goal else None,
    }


def _told(held: SqliteStore, path: Path, key: str) -> dict[str, Any]:
    from litany.middleware.saved import dumped

    state = _state(held, key)
    if state is None:
        raise _unknown(path, key)
    agenda = dumped(state)["agenda"]
    kept = [{"handle": item.handle, "index": item.index, "characters": len(item.plain)} for item in held.kept(key)]
    cut = None if state.cut is None else {"end": state.cut.end, "number": state.cut.number, "text": state.cut.text}
    own = {name: agenda[name] for name in ("goal", "constraints", "todos", "notes")}
    return {"key": key, "messages": state.length, **own, "cut": cut, "kept": kept}


def _status(item: dict[str, Any]) -> str:
    return f" [{item['status']}]" if "status" in item else ""
