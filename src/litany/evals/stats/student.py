"""Student's t with whole degrees of freedom, by its finite series: what few questions cost an interval."""

from functools import lru_cache
from math import atan, cos, pi, sin, sqrt, tan

import numpy as np

from litany.evals.stats.interval import share


def within(t: float, freedom: int) -> float:
    """How likely a value lies between -t and t."""
    return _within(atan(t / sqrt(freedom)), freedom)


@lru_cache
def reach(level: float, freedom: int) -> float:
    """The t between whose two signs a share `level` of the values lies: 2.262 at .95 and 9 degrees."""
    low, high = 0.0, pi / 2
    share(level, "level")
    for _ in range(64):
        angle = (low + high) / 2
        low, high = (angle, high) if _within(angle, freedom) < level else (low, angle)
    return sqrt(freedom) * tan((low + high) / 2)


def _within(angle: float, freedom: int) -> float:
    """Abramowitz and Stegun 26.7.3 and 26.7.4; the angle's tangent is t over the root of the degrees."""
    odd = freedom % 2
    steps = np.arange(1, (freedom - odd) // 2, dtype=np.float64)
    ratios = (2 * steps - 1 + odd) / (2 * steps + odd) * cos(angle) ** 2
    series = sin(angle) * (1 + float(np.cumprod(ratios).sum()))
    if not odd:
        return series
    return 2 / pi * (angle + (cos(angle) * series if freedom > 1 else 0))
