"""The cluster bootstrap: whole questions are drawn again, with replacement; percentiles of what comes are the ends."""

from collections.abc import Hashable, Iterable

import numpy as np

from litany.errors import EvalError
from litany.evals.stats.clusters import Clusters, Floats, clusters
from litany.evals.stats.interval import Interval, share
from litany.evals.stats.wilson import unseen

RESAMPLES = 10_000
ROOM = 2_000_000
"""Draws held at once."""


def bootstrapped(
    scores: Iterable[float],
    questions: Iterable[Hashable],
    rng: np.random.Generator,
    *,
    resamples: int = RESAMPLES,
    level: float = 0.95,
) -> Interval | None:
    """The mean of all scores with its percentile interval. None where there is one question only.

    Raises: EvalError where there are no scores, or one is no number.
    """
    found = clusters(scores, questions)
    if found.n == 1:
        return None
    return between(found.mean, means(found, rng, resamples), level, found.n)


def means(found: Clusters, rng: np.random.Generator, resamples: int) -> Floats:
    """The mean of all scores in each resample."""
    totals = resampled(np.column_stack([found.sums, found.sizes]), rng, resamples)
    return _settled(totals[:, 0] / totals[:, 1])


def column_means(columns: Floats, rng: np.random.Generator, resamples: int) -> Floats:
    """The mean of each column in each resample; a question is a row, and one draw serves all columns."""
    return _settled(resampled(columns, rng, resamples) / len(columns))


def between(middle: float, drawn: Floats, level: float, n: int) -> Interval:
    """The estimate between the percentiles of what was drawn."""
    tail = (1 - share(level, "level")) / 2
    low, high = np.quantile(drawn, (tail, 1 - tail))
    return Interval(middle, float(low), float(high), n)


def difference(middle: float, drawn: Floats, level: float, n: int) -> Interval:
    """The same of a difference between -1 and 1. Percentiles of questions that agree have no width: it is `unseen`."""
    return unseen(middle, n, level) if drawn.min() == drawn.max() else between(middle, drawn, level, n)


def resampled(columns: Floats, rng: np.random.Generator, resamples: int) -> Floats:
    """The total of each column in each resample, as many rows drawn as there are."""
    if resamples < 1:
        raise EvalError(f"`resamples` is {resamples}; draw at least once, better {RESAMPLES:,} times")
    rows = max(1, ROOM // len(columns))
    return np.concatenate([_totals(columns, rng, min(rows, resamples - done)) for done in range(0, resamples, rows)])


def _totals(columns: Floats, rng: np.random.Generator, resamples: int) -> Floats:
    count = len(columns)
    drawn = rng.integers(count, size=(resamples, count)) + np.arange(resamples)[:, None] * count
    times = np.bincount(drawn.ravel(), minlength=resamples * count).reshape(resamples, count)
    totals: Floats = times @ columns
    return totals


def _settled(values: Floats) -> Floats:
    """Thirds that cancel come out as 1e-17: zero must be zero, or an interval would exclude it."""
    rounded: Floats = np.round(values, 12)
    return rounded
