"""The shape of the curve over depth: primacy, recency, the gap in the middle, and what they make it.

All are differences within a question, averaged over questions, with the percentile interval of whole questions drawn
again. A gap alone makes no U: it may be all primacy or all recency, so both are tested.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from litany.errors import EvalError
from litany.evals.stats.bootstrap import RESAMPLES, between, column_means
from litany.evals.stats.clusters import Floats, Places, numbered, numbers
from litany.evals.stats.interval import Interval

LEAST = 6
"""Questions for a verdict: fewer coins than six fall all alike more often than one time in twenty."""
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
    verdict: Verdict | None
    """None of fewer than LEAST questions."""
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
) -> Curve | None:
    """What the scores make of the depths; the three run side by side. None where one question only has all bands.

    Without `bands` the shallowest and the deepest depth are the ends, and all between them is the middle.

    Raises: EvalError where a value is missing or is no number, or no question has an outcome in each band.
    """
    values, deep = numbers(scores, "score"), numbers(depths, "depth")
    if len(values) != len(deep):
        raise EvalError(f"there are {len(values)} scores and {len(deep)} depths; give each score its depth")
    places, count = numbered(questions, len(values))
    contrasts = _contrasts(values, deep, places, count, bands or ends(deep))
    n = len(contrasts)
    if n == 1:
        return None
    drawn = column_means(contrasts, rng, resamples)
    primacy, recency, gap = (between(float(contrasts[:, i].mean()), drawn[:, i], level, n) for i in range(3))
    return Curve(primacy, recency, gap, verdict(primacy, recency), count - n)


def ends(depths: Iterable[float]) -> Bands:
    """The shallowest and the deepest depth as beginning and end, all between them as the middle.

    Raises: EvalError where there are fewer than three depths.
    """
    different = sorted({float(depth) for depth in depths})
    if len(different) < 3:
        raise EvalError(f"{len(different)} depths have no middle; ask at three or more, such as 0, 0.5 and 1")
    return Bands(different[0], different[-1])


def verdict(primacy: Interval, recency: Interval) -> Verdict | None:
    """A U where both intervals lie above zero, else the part that does. None of fewer than LEAST questions."""
    if min(primacy.n, recency.n) < LEAST:
        return None
    if primacy.above():
        return Verdict.U if recency.above() else Verdict.PRIMACY
    return Verdict.RECENCY if recency.above() else Verdict.FLAT


def _contrasts(values: Floats, depths: Floats, places: Places, count: int, bands: Bands) -> Floats:
    """Primacy, recency and gap of each question that has all bands, a row each."""
    first, last = depths <= bands.first, depths >= bands.last
    middle = ~first & ~last & (depths >= bands.middle[0]) & (depths <= bands.middle[1])
    columns = [_means(values, places, count, band) for band in (first, last, first | last, middle)]
    table = np.column_stack(columns)
    whole = table[~np.isnan(table).any(axis=1)]
    if not len(whole):
        raise EvalError(
            "no question has a score at the beginning, in the middle and at the end; ask each at all depths"
        )
    contrasts: Floats = whole[:, :3] - whole[:, 3:]
    return contrasts


def _means(values: Floats, places: Places, count: int, band: Mask) -> Floats:
    """Each question's mean inside the band; no number where it has no score there."""
    sizes = np.bincount(places[band], minlength=count)
    sums = np.bincount(places[band], values[band], count)
    out: Floats = np.divide(sums, sizes, out=np.full(count, np.nan), where=sizes > 0)
    return out
