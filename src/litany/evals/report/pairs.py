"""Two arms, or two runs, on the cases that both answered."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from litany.evals.outcome import Outcome
from litany.evals.stats import Difference, Interval, mcnemar, paired, paired_bootstrap

Name = Callable[[Outcome], Hashable]


@dataclass(frozen=True, slots=True)
class Paired:
    """How much more the first scored than the second."""

    interval: Interval | None
    """None of fewer than two questions."""
    p: float | None
    """Of the exact McNemar test where each question was asked once and is right or wrong, else of Student's."""
    cases: int
    """That both answered."""
    left_out: int
    """That at least one of them has no answer to, for an error or for not being asked."""

    @property
    def n(self) -> int:
        """Questions."""
        return self.interval.n if self.interval else min(1, self.cases)


def case(outcome: Outcome) -> Hashable:
    """What was asked, whoever was asked in whichever arm: seed, trial and place with it."""
    return (outcome.task, outcome.question, outcome.seed, outcome.trial, outcome.length, outcome.depth)


def in_model(outcome: Outcome) -> Hashable:
    """The same, of one model."""
    return (outcome.model, case(outcome))


def question(outcome: Outcome) -> Hashable:
    """What intervals are clustered by."""
    return (outcome.task, outcome.question)


def against(first: Iterable[Outcome], second: Iterable[Outcome], name: Name = in_model) -> Paired:
    """First less second on the cases that both answered, clustered by question."""
    told, left_out = _scored(first, second, name)
    if not told:
        return Paired(None, None, 0, left_out)
    ones, others, questions = zip(*told, strict=True)
    found = paired(ones, others, questions)
    if found is None:
        return Paired(None, None, len(told), left_out)
    return Paired(found.interval, _p(found, ones, others, questions), len(told), left_out)


def redrawn(
    first: Iterable[Outcome], second: Iterable[Outcome], rng: np.random.Generator, resamples: int
) -> Interval | None:
    """The same difference with the interval of the paired bootstrap. None of fewer than two questions."""
    told, _ = _scored(first, second, in_model)
    if not told:
        return None
    ones, others, questions = zip(*told, strict=True)
    found = paired_bootstrap(ones, others, questions, rng, resamples=resamples)
    return None if found is None else found.interval


def _scored(
    first: Iterable[Outcome], second: Iterable[Outcome], name: Name
) -> tuple[list[tuple[float, float, Hashable]], int]:
    """Both scores and the question of each case that both answered, and how many cases are left out."""
    one, other = {name(each): each for each in first}, {name(each): each for each in second}
    both = [(one[key], other[key]) for key in one if key in other]
    told = [(a.score, b.score, question(a)) for a, b in both if a.score is not None and b.score is not None]
    return told, len(one.keys() | other.keys()) - len(told)


def _p(found: Difference, ones: Sequence[float], others: Sequence[float], questions: Sequence[Hashable]) -> float:
    once = len(set(questions)) == len(questions)
    if not once or not {*ones, *others} <= {0.0, 1.0}:
        return found.p
    lead = sum(a > b for a, b in zip(ones, others, strict=True))
    return mcnemar(lead, sum(a < b for a, b in zip(ones, others, strict=True)))
