"""Holm's correction: what each p of a family is worth when all of them were looked at."""

from collections.abc import Sequence

from litany.errors import EvalError


def holm(family: Sequence[float]) -> tuple[float, ...]:
    """The adjusted p of each, in the order given: below .05 it holds at .05 over the whole family.

    Raises: EvalError where one is no p.
    """
    for place, p in enumerate(family):
        if not 0 <= p <= 1:
            raise EvalError(f"p {place} of the family is {p}; a p lies between 0 and 1")
    adjusted = [0.0] * len(family)
    worst = 0.0
    for rank, place in enumerate(sorted(range(len(family)), key=family.__getitem__)):
        worst = max(worst, min(1.0, family[place] * (len(family) - rank)))
        adjusted[place] = worst
    return tuple(adjusted)
