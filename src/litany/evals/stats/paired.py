"""The paired difference of two arms that were asked the same questions: how large, how sure."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np

from litany.errors import EvalError
from litany.evals.stats.bootstrap import RESAMPLES, difference, means
from litany.evals.stats.clusters import Floats, clusters, numbers
from litany.evals.stats.interval import Interval, share
from litany.evals.stats.student import reach, within
from litany.evals.stats.wilson import unseen


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more one arm scored than the other, on the same questions."""

    interval: Interval
    """Mean of first less second; n are the questions."""
    p: float
    """How likely a difference as large, either way, if there were none."""


def paired(
    first: Iterable[float], second: Iterable[float], questions: Iterable[Hashable], level: float = 0.95
) -> Difference | None:
    """First less second, with Student's interval and test from the error clustered by question.

    The three run side by side: what both arms scored on one asking, and the question asked. None where there is one
    question only. Scores lie between 0 and 1, so that the interval ends at -1 and 1. Where all questions agree on a
    difference it is that of `unseen`, and p that of as many coins falling alike.

    Raises: EvalError where there are no scores, one is no number, or one arm has more than the other.
    """
    share(level, "level")
    found = clusters(_less(first, second), questions)
    error = found.error
    if error is None:
        return None
    if not error:
        return Difference(unseen(found.mean, found.n, level), coins(found.n) if round(found.mean, 12) else 1.0)
    half = reach(level, found.n - 1) * error
    interval = Interval(found.mean, max(-1.0, found.mean - half), min(1.0, found.mean + half), found.n)
    return Difference(interval, max(0.0, 1 - within(abs(found.mean) / error, found.n - 1)))


def paired_bootstrap(
    first: Iterable[float],
    second: Iterable[float],
    questions: Iterable[Hashable],
    rng: np.random.Generator,
    *,
    resamples: int = RESAMPLES,
    level: float = 0.95,
) -> Difference | None:
    """First less second, with the percentile interval of whole questions drawn again. None of one question.

    Scores lie between 0 and 1. Where all questions agree on a difference the interval is that of `unseen`.
    p is twice the share of resamples on or beyond zero, and never less than as many coins falling alike.

    Raises: EvalError where there are no scores, one is no number, or one arm has more than the other.
    """
    found = clusters(_less(first, second), questions)
    if found.n == 1:
        return None
    drawn = means(found, rng, resamples)
    beyond = min(np.count_nonzero(drawn <= 0), np.count_nonzero(drawn >= 0))
    p = min(1.0, max(2 * (beyond + 1) / (resamples + 1), coins(found.n)))
    return Difference(difference(found.mean, drawn, level, found.n), p)


def coins(n: int) -> float:
    """How likely n fair coins all fall on one side: what n questions can say at most."""
    return 2.0 ** (1 - n)


def _less(first: Iterable[float], second: Iterable[float]) -> Floats:
    one, other = numbers(first, "score"), numbers(second, "score")
    if len(one) != len(other):
        raise EvalError(f"the arms have {len(one)} and {len(other)} scores; keep the askings that both answered")
    less: Floats = one - other
    return less
