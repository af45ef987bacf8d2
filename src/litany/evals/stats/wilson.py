"""Wilson's interval of a share: for one cell, where none or all of the answers may be right."""

from math import sqrt

from litany.errors import EvalError
from litany.evals.stats.interval import Interval, z


def wilson(right: int, asked: int, level: float = 0.95) -> Interval:
    """The share of right answers. Each answer counts as independent: one per question.

    Raises: EvalError where nothing was asked, or more was right than asked.
    """
    if asked < 1 or not 0 <= right <= asked:
        raise EvalError(
            f"{right} right of {asked} asked is no share; ask at least once, and count right ones up to that"
        )
    middle, squared = right / asked, z(level) ** 2 / asked
    centre = (middle + squared / 2) / (1 + squared)
    half = sqrt(squared * (middle * (1 - middle) + squared / 4)) / (1 + squared)
    low = 0.0 if right == 0 else max(0.0, centre - half)
    high = 1.0 if right == asked else min(1.0, centre + half)
    return Interval(middle, low, high, asked)


def unseen(mean: float, n: int, level: float = 0.95) -> Interval:
    """The interval of a difference between -1 and 1 on which n questions all agree.

    It leaves room for what so many questions would not have shown: by Wilson, for others that differ as far as can be.
    """
    share = wilson(0, n, level).high
    return Interval(mean, mean - share * (1 + mean), mean + share * (1 - mean), n)
