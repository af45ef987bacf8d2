"""The shape of the curve over depth: primacy, recency, the gap in the middle, and what they make it.

All are differences within a question, averaged over questions, with the percentile interval of whole questions drawn
again. A gap alone makes no U: it may be all primacy or all recency, so both are tested.

The interval alone would be no test: where nearly all answers are right, or questions are few, it is too narrow. Of
1,000 curves that are flat in truth (five depths, one chance of a right answer, .5 to .95) it calls 50 to 240 something
else at 18 to 100 questions. So a part must also be rarer than one time in forty when depths are dealt anew: that calls
0 to 45 something else. Flipping the signs of the questions' differences instead still calls up to 120.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from litany.errors import EvalError
from litany.evals.stats.bootstrap import RESAMPLES, column_means, difference
from litany.evals.stats.clusters import Floats, Places, numbered, numbers
from litany.evals.stats.dealt import dealt
from litany.evals.stats.interval import Interval

LEAST = 18
"""Questions for a verdict, and for the parts to be worth telling: of fewer the interval is far too narrow."""
Mask = npt.NDArray[np.bool_]


class Verdict(StrEnum):
    """What a curve over depth is."""

    U = "U"
    """The beginning and the end both do better than the middle."""
    PRIMACY = "primacy only"
    RECENCY = "recency only"
    FLAT = "flat"
    """Neither is shown to do better."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Which depths are the beginning, the middle and the end; what lies in none of them does not count."""

    first: float
    """The beginning reaches from 0 to here."""
    last: float
    """The end reaches from here to 1."""
    middle: tuple[float, float] = (0.0, 1.0)
    """The middle reaches from here to there, as far as neither end does."""

    def __post_init__(self) -> None:
        if not (0 <= self.first < self.last <= 1 and 0 <= self.middle[0] <= self.middle[1] <= 1):
            raise EvalError(
                f"{self} are no bands; depths rise from 0 to 1, and the beginning ends before the end begins"
            )


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve over depth, summed up."""

    primacy: Interval
    """Beginning less middle."""
    recency: Interval
    """End less middle."""
    gap: Interval
    """Beginning and end together less middle."""
    beginning: int
    """1 where the beginning is shown to do better than the middle, -1 where worse, 0 where neither."""
    end: int
    """The same of the end."""
    verdict: Verdict | None
    """None of too few questions, where neither end is shown to do anything."""
    left_out: int
    """Questions without an outcome in all three bands."""


def curve(
    scores: Iterable[float],
    depths: Iterable[float],
    questions: Iterable[Hashable],
    rng: np.random.Generator,
    *,
    bands: Bands | None = None,
    resamples: int = RESAMPLES,
    level: float = 0.95,
    least: int = LEAST,
) -> Curve | None:
    """What the scores make of the depths; the three run side by side. None where one question only has all bands.

    Scores lie between 0 and 1. Without `bands` the shallowest and the deepest depth are the ends, and all between them
    is the middle. `least`: of fewer questions there is no verdict.

    Raises: EvalError where a value is missing or is no number, or no question has an outcome in each band.
    """
    values, deep = numbers(scores, "score"), numbers(depths, "depth")
    if len(values) != len(deep):
        raise EvalError(f"there are {len(values)} scores and {len(deep)} depths; give each score its depth")
    places, count = numbered(questions, len(values))
    split = _split(values, deep, places, count, bands or ends(deep))
    n = len(split.contrasts)
    if n == 1:
        return None
    drawn = column_means(split.contrasts, rng, resamples)
    middles = split.contrasts.mean(axis=0)
    primacy, recency, gap = (difference(float(middles[i]), drawn[:, i], level, n) for i in range(3))
    if n < least:
        return Curve(primacy, recency, gap, 0, 0, None, count - n)
    beginning = _shown(primacy, split.first, split.middle, rng, resamples, level)
    end = _shown(recency, split.last, split.middle, rng, resamples, level)
    return Curve(primacy, recency, gap, beginning, end, verdict(beginning, end), count - n)


def ends(depths: Iterable[float]) -> Bands:
    """The shallowest and the deepest depth as beginning and end, all between them as the middle.

    Raises: EvalError where there are fewer than three depths.
    """
    different = sorted({float(depth) for depth in depths})
    if len(different) < 3:
        raise EvalError(f"{len(different)} depths have no middle; ask at three or more, such as 0, 0.5 and 1")
    return Bands(different[0], different[-1])


def verdict(beginning: int, end: int) -> Verdict:
    """A U where both do better than the middle, else the one that does; 1 is better, 0 not shown, -1 worse."""
    if beginning > 0:
        return Verdict.U if end > 0 else Verdict.PRIMACY
    return Verdict.RECENCY if end > 0 else Verdict.FLAT


def _shown(
    interval: Interval, end: Floats, middle: Floats, rng: np.random.Generator, resamples: int, level: float
) -> int:
    """1 where the end is above the middle by its interval and by depths dealt anew, -1 where it is below, else 0."""
    if not interval.above() and not interval.below():
        return 0
    above, below = dealt(end, middle, rng, resamples)
    tail = (1 - level) / 2
    return int(interval.above() and above < tail) - int(interval.below() and below < tail)


@dataclass(frozen=True, slots=True, eq=False)
class _Split:
    """The scores of each question that has all bands, a row each."""

    contrasts: Floats
    """Primacy, recency and gap."""
    first: Floats
    """The mean score at each depth of the beginning; no number where there is none."""
    last: Floats
    middle: Floats


def _split(values: Floats, depths: Floats, places: Places, count: int, bands: Bands) -> _Split:
    first, last = depths <= bands.first, depths >= bands.last
    middle = ~first & ~last & (depths >= bands.middle[0]) & (depths <= bands.middle[1])
    table = np.column_stack([_means(values, places, count, band) for band in (first, last, first | last, middle)])
    whole = ~np.isnan(table).any(axis=1)
    if not whole.any():
        raise EvalError(
            "no question has a score at the beginning, in the middle and at the end; ask each at all depths"
        )
    by_depth = (
        np.column_stack([_means(values, places, count, depths == depth)[whole] for depth in np.unique(depths[band])])
        for band in (first, last, middle)
    )
    return _Split(table[whole, :3] - table[whole, 3:], *by_depth)


def _means(values: Floats, places: Places, count: int, band: Mask) -> Floats:
    """Each question's mean inside the band; no number where it has no score there."""
    sizes = np.bincount(places[band], minlength=count)
    sums = np.bincount(places[band], values[band], count)
    out: Floats = np.divide(sums, sizes, out=np.full(count, np.nan), where=sizes > 0)
    return out
