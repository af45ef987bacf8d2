"""Todos read from the tools that agents already have: their names, and how each writes its list."""

import json
import re
from collections.abc import Mapping, Sequence

from litany.core.agenda import MOST_CHARACTERS, MOST_ITEMS, Status, Todo
from litany.core.message import Call

HOST_TOOLS: Mapping[str, str] = {
    "write_todos": "todos",
    "TodoWrite": "todos",
    "todowrite": "todos",
    "todo_write": "todos",
    "update_plan": "plan",
    "update_todo_list": "todos",
    "write_plan": "plan",
}
"""Tools of other systems that replace the whole list, and the argument that holds it.

LangChain write_todos, Claude Code TodoWrite, opencode todowrite, Codex update_plan, Roo Code update_todo_list.
"""

CHECKBOX = re.compile(r"^\s*(?:[-*]|\d+\.)?\s*\[([ xX~\-])\]\s*(.+)$")
WORDS: Mapping[str, Status] = {
    "todo": Status.PENDING,
    "not_started": Status.PENDING,
    "open": Status.PENDING,
    "doing": Status.IN_PROGRESS,
    "in-progress": Status.IN_PROGRESS,
    "active": Status.IN_PROGRESS,
    "done": Status.COMPLETED,
    "complete": Status.COMPLETED,
    "finished": Status.COMPLETED,
    "canceled": Status.CANCELLED,
    "skipped": Status.CANCELLED,
    "x": Status.COMPLETED,
    "X": Status.COMPLETED,
    "~": Status.IN_PROGRESS,
    "-": Status.IN_PROGRESS,
    " ": Status.PENDING,
}


def host_todos(calls: Sequence[Call], now: int) -> tuple[Todo, ...] | None:
    """The list that the last whole-list todo call wrote, or None when no call did or none can be read."""
    for call in reversed(calls):
        key = HOST_TOOLS.get(call.name)
        if key is not None and (todos := _listed(call.arguments, key, now)) is not None:
            return todos
    return None


def _listed(arguments: str, key: str, now: int) -> tuple[Todo, ...] | None:
    try:
        parsed = json.loads(arguments)
    except (ValueError, RecursionError):
        return None
    value = parsed.get(key, parsed.get("todos")) if isinstance(parsed, dict) else parsed
    if isinstance(value, str):
        return _checkboxes(value, now)
    if not isinstance(value, list):
        return None
    todos = [_todo(item, str(number), now) for number, item in enumerate(value[:MOST_ITEMS], 1)]
    return tuple(todo for todo in todos if todo is not None)


def _todo(item: object, number: str, now: int) -> Todo | None:
    if isinstance(item, str):
        item = {"content": item}
    if not isinstance(item, dict):
        return None
    words = next(
        (item[key] for key in ("content", "step", "text", "title", "task") if isinstance(item.get(key), str)), ""
    )
    if not words.strip():
        return None
    id = item.get("id")
    name = str(id) if isinstance(id, str | int) and str(id) else number
    return Todo(name, words.strip()[:MOST_CHARACTERS], _status(item.get("status")), "agent", now)


def _checkboxes(text: str, now: int) -> tuple[Todo, ...]:
    found = [match for line in text.splitlines()[:MOST_ITEMS] if (match := CHECKBOX.match(line))]
    return tuple(
        Todo(str(number), match[2].strip()[:MOST_CHARACTERS], _status(match[1]), "agent", now)
        for number, match in enumerate(found, 1)
    )


def _status(value: object) -> Status:
    if value in tuple(Status):
        return Status(str(value))
    return WORDS.get(str(value), Status.PENDING)
