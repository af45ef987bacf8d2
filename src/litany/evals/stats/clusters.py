"""Scores clustered by question: the same one asked again, at another depth or in another trial, is no new evidence."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from litany.errors import EvalError
from litany.evals.stats.interval import Interval, share
from litany.evals.stats.student import reach

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


def clustered(scores: Iterable[float], questions: Iterable[Hashable], level: float = 0.95) -> Interval | None:
    """The mean of all scores with Student's interval from its clustered error; it has C - 1 degrees of freedom.

    None where C, the number of questions, is one. It may leave [0, 1], and where all questions agree it has no width:
    for a single cell of right and wrong take `wilson`.

    Raises: EvalError where there are no scores, or one is no number.
    """
    share(level, "level")
    found = clusters(scores, questions)
    error = found.error
    if error is None:
        return None
    half = reach(level, found.n - 1) * error
    return Interval(found.mean, found.mean - half, found.mean + half, found.n)


def clustered_error(scores: Iterable[float], questions: Iterable[Hashable]) -> float | None:
    """The standard error of the mean of all scores, clustered by question. None where there is one question only.

    C questions, N scores: sqrt(C / (C - 1) * sum over questions of (sum of its scores' distances from the mean)^2) / N.

    Raises: EvalError where there are no scores, or one is no number.
    """
    return clusters(scores, questions).error


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """What the mean and its error need to know of each question."""

    sums: Floats
    """Of the question's scores."""
    sizes: Floats
    """How many scores it has."""

    @property
    def n(self) -> int:
        """Questions."""
        return len(self.sums)

    @property
    def mean(self) -> float:
        """Of all scores: a question that was asked more often weighs more."""
        return float(self.sums.sum() / self.sizes.sum())

    @property
    def error(self) -> float | None:
        """The clustered standard error of the mean; None of one question."""
        if self.n == 1:
            return None
        apart = np.round(self.sums - self.sizes * self.mean, 12)  # thirds that cancel would leave 1e-17
        return sqrt(self.n / (self.n - 1) * float(apart @ apart)) / float(self.sizes.sum())


def clusters(scores: Iterable[float], questions: Iterable[Hashable]) -> Clusters:
    """The scores by question."""
    values = numbers(scores, "score")
    places, count = numbered(questions, len(values))
    sums, sizes = np.bincount(places, values, count), np.bincount(places, minlength=count)
    return Clusters(sums.astype(np.float64), sizes.astype(np.float64))


def numbers(values: Iterable[float], name: str) -> Floats:
    """The values as an array, once all are known to be numbers and there are some."""
    array = np.fromiter(values, np.float64)
    if not len(array):
        raise EvalError(f"there is no {name} to reckon with; give at least one (an error is no score: leave it out)")
    if not np.isfinite(array).all():
        place = int(np.flatnonzero(~np.isfinite(array))[0])
        raise EvalError(f"{name} {place} is {array[place]}; leave out what has no {name}")
    return array


def numbered(questions: Iterable[Hashable], expected: int) -> tuple[Places, int]:
    """Each score's question by its number, in the order of first coming, and how many questions there are."""
    numbers: dict[Hashable, int] = {}
    places = np.array([numbers.setdefault(question, len(numbers)) for question in questions], np.intp)
    if len(places) != expected:
        raise EvalError(f"there are {expected} scores and {len(places)} questions; give each score its question")
    return places, len(numbers)
