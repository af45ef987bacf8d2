"""Power of McNemar's exact test: what a table will show, which is a little less than the normal curve promises.

The number of questions that only one arm gets right is drawn first, then how many of them fall to which arm: Connor,
Biometrics 43 (1987), gives the sums; nothing is approximated up to `MOST` questions.
"""

from functools import lru_cache
from math import lgamma, log

import numpy as np

from litany.errors import EvalError
from litany.evals.stats.clusters import Floats
from litany.evals.stats.interval import share
from litany.evals.stats.power import detectable

MOST = 1_000
"""Questions above which the normal curve serves as well, and takes no time."""


def shown(questions: int, discordance: float, power: float = 0.8, alpha: float = 0.05) -> float | None:
    """The smallest difference between two arms that the exact test shows so often. None: not even the largest one.

    discordance -- the guessed share of questions that exactly one arm gets right; raised where it leaves no room.

    Raises: EvalError where nothing is asked, or a share lies outside 0 and 1.
    """
    guess = detectable(questions, discordance, power=power, alpha=alpha)
    if questions > MOST:
        return guess
    low, high = 0.0, 1.0
    if chance(questions, 1.0, 1.0, alpha) < power:
        return None
    while high - low > 1e-4:
        middle = (low + high) / 2
        enough = chance(questions, middle, max(discordance, middle), alpha) >= power
        low, high = (low, middle) if enough else (middle, high)
    return high


def chance(questions: int, difference: float, discordance: float, alpha: float = 0.05) -> float:
    """How likely the exact test is below alpha when the arms differ so.

    Raises: EvalError where a share lies outside 0 and 1, or the difference is above the discordance.
    """
    share(alpha, "alpha")
    if not 0 <= difference <= discordance <= 1:
        raise EvalError(f"a difference of {difference} needs a discordance between it and 1, not {discordance}")
    split = binomial(questions, discordance)
    first = (1 + difference / discordance) / 2 if discordance else 0.5
    total = 0.0
    for differing in np.flatnonzero(split > 1e-9):
        most = critical(int(differing), alpha)
        if most >= 0:
            falls = binomial(int(differing), first)
            total += split[differing] * (falls[: most + 1].sum() + falls[differing - most :].sum())
    return float(total)


@lru_cache(maxsize=4 * MOST)
def critical(differing: int, alpha: float) -> int:
    """The most that the lesser arm may have of so many for the test to be below alpha; -1: none is."""
    below = 2 * np.cumsum(binomial(differing, 0.5)) < alpha
    return int(below[: differing // 2 + 1].sum()) - 1


def binomial(n: int, p: float) -> Floats:
    """How likely 0 to n of n are."""
    if p in (0.0, 1.0):
        sure = np.zeros(n + 1)
        sure[n if p else 0] = 1.0
        return sure
    k = np.arange(n + 1)
    ways = lgamma(n + 1) - np.array([lgamma(i + 1) + lgamma(n - i + 1) for i in range(n + 1)])
    found: Floats = np.exp(ways + k * log(p) + (n - k) * log(1 - p))
    return found
