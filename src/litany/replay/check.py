"""Checks of a view: what a strict provider says to it, and whether the goal stands in it."""

from collections.abc import Sequence

from litany.replay.goal import Goal
from litany.replay.parts import Part, Parts
from litany.replay.run import Run
from litany.testing import Violation, validate


def violations(run: Run, view: Sequence[object]) -> list[Violation]:
    """What a strict provider would say to the view."""
    beside = {} if run.system is None else {"system": run.system}
    return validate(run.dialect, {"messages": view, **beside})


def verbatim(goal: Goal, sent: Sequence[Part], parts: Parts) -> bool:
    """Whether the goal, if there is one, stands in the view or beside it, byte for byte."""
    return bool(goal.text) and (goal.within(parts.system) or any(goal.stands(part) for part in sent))
