"""Parts: the tasks and arms that a sweep puts together, found by the names in its suite."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from litany.errors import EvalError
from litany.evals.case import Case, Message

if TYPE_CHECKING:
    from litany.evals.sweep.suite import Suite

Count = Callable[[Sequence[Message], Sequence[Message]], int]
"""Tokens of messages with tools, by the model's own counting."""


class Prompt(Protocol):
    """What an arm makes of a case."""

    @property
    def messages(self) -> Sequence[Message]: ...

    @property
    def tools(self) -> Sequence[Message]: ...


class Arm(Protocol):
    """A treatment."""

    @property
    def name(self) -> str: ...

    @property
    def policy_hash(self) -> str: ...

    @property
    def usual(self) -> bool:
        """Whether it adds no more than every case has room for, so that cases are the same without it."""

    def view(self, case: Case, count: Count, /) -> Prompt:
        """What is sent."""


class Draw(Protocol):
    """Makes the case of a task at one place; `spare` tokens of the length stay free for what arms add."""

    def __call__(self, task: Any, seed: int, length: int, depth: float, count: Count, spare: int, /) -> Case: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What the names of a suite stand for."""

    tasks: Mapping[str, Any]
    """By name; what `case` takes."""
    arms: Sequence[Arm]
    case: Draw
    spare: Callable[[Sequence[Any], Any, int, Count, Callable[[int], Case]], int]
    """Tokens that the largest recital of the arms adds to a task's question; the last argument makes its case, of a
    length, with so many tokens to spare."""

    def digests(self) -> Mapping[str, str]:
        """Of tasks that are read from files, by name."""
        found = {name: getattr(task, "digest", "") for name, task in self.tasks.items()}
        return {name: digest for name, digest in found.items() if digest}


def parts_of(suite: "Suite") -> Parts:
    """The tasks and arms that litany has. Raises: EvalError for a name that is none, or a task of one length."""
    from litany.evals import arm, tasks  # here, not above: a suite is read without them
    from litany.evals.errand.parts import errands

    long = errands(suite.tasks, suite.arms, suite.depths)
    if long is not None:
        return long
    known = {name: tasks.task_named(name) for name in suite.tasks}
    for name, task in known.items():
        if len(suite.lengths) > 1 and task.draft(suite.seeds[0]).whole:
            raise EvalError(f"{name} is the same prompt at every length; give one length, or `kv`, which fills any")
    return Parts(known, [arm.arm_named(name) for name in suite.arms], _drawing(tasks.fitted), arm.spare)


def _drawing(fitted: Callable[..., Any]) -> Draw:
    """Draws a case; the depths of one text follow one another, and share the work of fitting it."""
    last: list[Any] = [None, None]

    def drawn(task: Any, seed: int, length: int, depth: float, count: Count, spare: int) -> Case:
        key = (task, seed, length, spare, count)
        if last[0] != key:
            last[:] = key, fitted(task, seed, length, count, spare)
        made: Case = last[1].at(depth)
        return made

    return drawn
