"""Parts of a sweep that runs errands."""

from collections.abc import Mapping, Sequence

from litany.errors import EvalError
from litany.evals.errand.task import Errand, drawn, errand_named
from litany.evals.errand.treatment import treatment_named
from litany.evals.sweep.parts import Parts


def errands(tasks: Sequence[str], arms: Sequence[str], depths: Sequence[float]) -> Parts | None:
    """The parts where all tasks are errands, None where none is.

    Raises: EvalError where some are, or there are several depths, or an arm is none of an errand's.
    """
    found: Mapping[str, Errand] = {name: task for name in tasks if (task := errand_named(name)) is not None}
    if not found:
        return None
    if len(found) < len(tasks):
        raise EvalError(f"{next(iter(found))} is many calls and has arms of its own; ask it in a suite of its own")
    if len(depths) > 1:
        raise EvalError("an errand has no depths; give one, 0")
    return Parts(found, [treatment_named(name) for name in arms], drawn, lambda *_: 0)
