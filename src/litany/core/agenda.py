"""Agenda: goal, constraints, todos and notes, with who wrote each and since which turn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from litany.errors import AgendaError

MOST_ITEMS = 200
"""Items that an agenda holds; a longer list is refused, so that a tool cannot flood it."""
MOST_CHARACTERS = 2_000
"""Characters of one todo or note."""

By = Literal["developer", "user", "found", "agent"]


class Status(StrEnum):
    """Where a todo stands."""

    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"


CLOSED = (Status.COMPLETED, Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Item:
    """A goal, a constraint or a note as somebody wrote it."""

    text: str
    by: By
    since: int = 0
    """Record length when it was written."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do."""

    id: str
    content: str
    status: Status = Status.PENDING
    by: By = "agent"
    since: int = 0


@dataclass(frozen=True, slots=True)
class Agenda:
    """What the agent is here for. Goal and constraints change by `revised` only."""

    goal: Item | None = None
    closed: bool = False
    """Whether the goal was reached or given up: then nothing is recited until a new request."""
    constraints: tuple[Item, ...] = ()
    todos: tuple[Todo, ...] = ()
    notes: tuple[Item, ...] = ()
    past: tuple[Item, ...] = ()
    """Goals and constraints that were revised away, oldest first."""

    @property
    def finished(self) -> bool:
        """Whether nothing is left: the goal is closed, or there were todos and all are closed."""
        return self.closed or (bool(self.todos) and all(todo.status in CLOSED for todo in self.todos))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to recite."""
        return not (self.goal or self.constraints or self.todos or self.notes)


def revised(
    agenda: Agenda,
    now: int,
    by: By,
    goal: str | None = None,
    constraints: Sequence[str] | None = None,
    closed: bool | None = None,
) -> Agenda:
    """The agenda with another goal or other constraints; what they replace goes to `past`.

    Raises: AgendaError when a goal or constraint is blank or no text.
    """
    if isinstance(constraints, str):
        raise AgendaError("`constraints` is one text; give a list of sentences")
    given: list[object] = [*([] if goal is None else [goal]), *(constraints or ())]
    for text in given:
        if not isinstance(text, str) or not text.strip():
            raise AgendaError(f"a goal or constraint is {text!r}; give its words, or leave it out")
    if goal is not None and (agenda.goal is None or agenda.goal.text != goal):
        past = agenda.past if agenda.goal is None else (*agenda.past, agenda.goal)
        agenda = replace(agenda, goal=Item(goal, by, now), past=past, closed=False)
    if constraints is not None:
        known = {item.text: item for item in agenda.constraints}
        gone = tuple(item for item in agenda.constraints if item.text not in constraints)
        kept = tuple(known.get(text) or Item(text, by, now) for text in dict.fromkeys(constraints))
        agenda = replace(agenda, constraints=kept, past=(*agenda.past, *gone))
    return agenda if closed is None else replace(agenda, closed=closed)


def noted(agenda: Agenda, text: object, now: int) -> Agenda:
    """The agenda with a note that asked to be kept.

    Raises: AgendaError when the note is blank or too long.
    """
    return replace(agenda, notes=(*agenda.notes, Item(_worded(text, "note"), "agent", now))[-MOST_ITEMS:])


def operated(agenda: Agenda, operations: Iterable[Mapping[str, object]], now: int) -> Agenda:
    """The agenda after operations on todos by id: add, update, remove. All of them, or none.

    Raises: AgendaError that names the operation and what is wrong with it.
    """
    todos = {todo.id: todo for todo in agenda.todos}
    for number, operation in enumerate(operations, 1):
        try:
            _operate(todos, operation, now)
        except AgendaError as error:
            raise AgendaError(f"operation {number}: {error}") from None
    if len(todos) > MOST_ITEMS:
        raise AgendaError(f"{len(todos)} todos; an agenda holds {MOST_ITEMS}: remove finished ones first")
    return replace(agenda, todos=tuple(todos.values()))


def _operate(todos: dict[str, Todo], operation: Mapping[str, object], now: int) -> None:
    op, id = operation.get("op"), operation.get("id")
    if op == "add":
        name = str(id) if id not in (None, "") else _free(todos)
        if name in todos:
            raise AgendaError(f"there is a todo {name!r} already; update it, or add without an id")
        todos[name] = Todo(name, _worded(operation.get("content"), "todo"), _status(operation), "agent", now)
        return
    if str(id) not in todos:
        raise AgendaError(f"there is no todo {id!r}; there are {', '.join(todos) or 'none'}")
    if op == "remove":
        del todos[str(id)]
    elif op == "update":
        todos[str(id)] = _updated(todos[str(id)], operation, now)
    else:
        raise AgendaError(f"`op` is {op!r}; it is add, update or remove")


def _updated(todo: Todo, operation: Mapping[str, object], now: int) -> Todo:
    content = operation.get("content")
    words = todo.content if content is None else _worded(content, "todo")
    status = todo.status if operation.get("status") is None else _status(operation)
    return replace(todo, content=words, status=status, since=now)


def _free(todos: Mapping[str, Todo]) -> str:
    number = len(todos) + 1
    while str(number) in todos:
        number += 1
    return str(number)


def _worded(text: object, what: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise AgendaError(f"a {what} has no words: `content` is {text!r}")
    if len(text) > MOST_CHARACTERS:
        raise AgendaError(f"a {what} has {len(text)} characters; at most {MOST_CHARACTERS}")
    return text.strip()


def _status(operation: Mapping[str, object]) -> Status:
    value = operation.get("status") or Status.PENDING
    try:
        return Status(str(value))
    except ValueError:
        raise AgendaError(f"`status` is {value!r}; it is one of {', '.join(Status)}") from None
