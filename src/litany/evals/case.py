"""Case: a question with its truth, and the history in which its answer stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Message = dict[str, Any]
"""One message, or one tool, in OpenAI's words."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is right, known by construction."""

    grader: Literal["exact", "contains", "all", "action"]
    """exact: the whole answer; contains: somewhere in it; all: every one of `texts` in it; action: the call."""
    texts: tuple[str, ...] = ()
    """What the answer must say; for exact and contains any one of them will do."""
    call: str = ""
    """For action: the tool that must be called."""
    arguments: Mapping[str, str] | None = None
    """For action: arguments that must be so; others may be anything."""
    forbidden: tuple[str, ...] = ()
    """What must not be in the answer or in the call's arguments: a revoked value, a finished todo."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a treatment may restate, all of it word for word in the history."""

    goal: str | None = None
    constraints: tuple[str, ...] = ()
    todos: tuple[tuple[str, str], ...] = ()
    """(content, status) as `update_todos` has them: pending, in_progress, completed."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question at one length and one depth."""

    task: str
    question: str
    """The question's name, the same at every depth and in every arm: what intervals are clustered by."""
    seed: int
    length: int
    """Tokens that the prompt may take at most, recital included."""
    depth: float
    """Where what is asked for stands: 0 at the start, 1 right before the end."""
    messages: tuple[Message, ...]
    """The history; its last message is what the model answers."""
    truth: Truth
    agenda: Agenda
    placebo: Agenda
    """As many tokens when it is recited, and irrelevant: other facts of the history, or its neutral text."""
    tools: tuple[Message, ...] = ()
