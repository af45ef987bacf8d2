"""Case: a question with its truth, and the history in which its answer stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from litany.evals.answer import Called

Message = dict[str, Any]
"""One message, or one tool, in OpenAI's words."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is right, known by construction."""

    grader: Literal["exact", "contains", "all", "action", "state"]
    """exact: the whole answer; contains: somewhere in it; all: every one of `texts` in it; action: the call; state: the
    lines of a world's state, these and no others."""
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


class Scene(Protocol):
    """A world at work: what an agent does there stands in it, and it says what follows."""

    @property
    def over(self) -> bool:
        """Whether nothing is asked of the agent any more."""

    def hear(self, calls: "Sequence[tuple[str, Called]]", /) -> list[Message]:
        """What follows on the agent's message: the results of its calls, each with its id, and what is said next."""

    def state(self) -> tuple[str, ...]:
        """What the agent has made of it, a line each."""

    def todos(self) -> tuple[tuple[str, str], ...]:
        """What was ordered until now and whether it is done, as `update_todos` has it."""


class Place(Protocol):
    """A world before anything is done in it."""

    @property
    def steps(self) -> int:
        """Most calls of a model there."""

    def opened(self, folder: Path, /) -> Scene:
        """At work in an empty folder. The same answers to it give the same scene."""


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
    """The history; its last message is what the model answers, at first."""
    truth: Truth
    agenda: Agenda
    placebo: Agenda
    """As many tokens when it is recited, and irrelevant: other facts of the history, or its neutral text."""
    tools: tuple[Message, ...] = ()
    world: Place | None = None
    """Where many calls are made before there is an answer, which is its state; None: one call is answered."""
