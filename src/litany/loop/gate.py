"""The gate before the end: an agent that would stop while something is open is told so, twice, then let go."""

from collections.abc import Mapping, Sequence
from typing import Any

from litany.core.agenda import CLOSED, Agenda
from litany.core.excerpt import line

TIMES = 2
"""How often one request of the user may be sent back."""
MOST = 10
"""Items that are named."""
TAG = "system-reminder"
"""An element that litany takes for no request of the user's."""
GO_ON = "Go on with them, or mark what is done or no longer needed; if you need something from the user, ask for it."
CUT = "Your answer was cut off at its longest. Go on in smaller steps."
EMPTY = "Your answer was empty. Go on with the task, or say what you did and how it ended."


def open_todos(agenda: Agenda) -> list[str]:
    """The todos that are not closed."""
    return [f"todo {todo.id}: {line(todo.content, 200)}" for todo in agenda.todos if todo.status not in CLOSED]


def asks(message: Mapping[str, Any]) -> bool:
    """Whether the agent ends with a question to its user."""
    text = said(message).rstrip("*_`\"')")
    return text.endswith(("?", "？", "؟"))


def said(message: Mapping[str, Any]) -> str:
    """The text of an answer, without blanks around it."""
    return str(message.get("content") or "").strip()


def told(open: Sequence[str]) -> str:
    """What an agent is told that stopped too early."""
    named = [f"- {item}" for item in open[:MOST]]
    more = [f"- (and {len(open) - MOST} more)"] if len(open) > MOST else []
    number = f"{len(open)} thing{'s are' if len(open) > 1 else ' is'} still open"
    return inserted("\n".join([f"You stopped, and {number}:", *named, *more, GO_ON]))


def inserted(text: str) -> str:
    """A text that the loop says in the user's place, and that is no request."""
    return f"<{TAG}>\n{text}\n</{TAG}>"
