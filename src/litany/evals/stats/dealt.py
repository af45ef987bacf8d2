"""Depths dealt anew: how often chance alone sets an end of the curve as far apart from its middle.

Within each question the scores at the end's and the middle's depths change places at random. Nothing is assumed but
that they might as well have: few questions, or nearly all of them right, make the test shy and not wrong.
"""

import numpy as np

from litany.evals.stats.bootstrap import ROOM
from litany.evals.stats.clusters import Floats

HAIR = 1e-9
"""Two sums of the same shares, added up in another order, differ by less."""


def dealt(end: Floats, middle: Floats, rng: np.random.Generator, resamples: int) -> tuple[float, float]:
    """How likely the end is as far above the middle, and how likely as far below, were its depths like the middle's.

    A row a question and a column a depth, each its mean score there, no number where it has none. Each question has a
    score on both sides.
    """
    scores, size = np.hstack([end, middle]), end.shape[1]
    scores = scores[np.nanmin(scores, axis=1) < np.nanmax(scores, axis=1)]  # dealing changes nothing in the others
    if not len(scores):
        return 1.0, 1.0
    here = ~np.isnan(scores)
    few, every = here[:, :size].sum(axis=1), here.sum(axis=1)
    values = np.nan_to_num(scores) * (1 / few + 1 / (every - few))[:, None]  # sums of these follow the differences
    found, sums = values[:, :size].sum(), np.zeros(resamples)
    for dealt_to, depths in sorted({*zip(few.tolist(), every.tolist(), strict=True)}):
        alike = (few == dealt_to) & (every == depths)
        sums += _dealings(values[alike][here[alike]].reshape(-1, depths), dealt_to, rng, resamples)
    above, below = np.count_nonzero(sums >= found - HAIR), np.count_nonzero(sums <= found + HAIR)
    return (above + 1) / (resamples + 1), (below + 1) / (resamples + 1)


def _dealings(values: Floats, few: int, rng: np.random.Generator, resamples: int) -> Floats:
    """The sum of what falls to the end in each dealing, so many of every row."""
    rows = max(1, ROOM // values.size)
    return np.concatenate([_sums(values, few, rng, min(rows, resamples - done)) for done in range(0, resamples, rows)])


def _sums(values: Floats, few: int, rng: np.random.Generator, times: int) -> Floats:
    mixed = np.tile(values, (times, 1))
    rng.permuted(mixed, axis=1, out=mixed)
    sums: Floats = mixed[:, :few].reshape(times, -1).sum(axis=1)
    return sums
