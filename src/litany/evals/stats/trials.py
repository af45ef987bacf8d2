"""Passing a task in several trials: pass^k, in all of k, and pass@k, in any of k, each without bias."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from statistics import fmean

from litany.errors import EvalError


@dataclass(frozen=True, slots=True)
class Trials:
    """One task, tried several times."""

    tried: int
    passed: int

    def __post_init__(self) -> None:
        if self.tried < 1 or not 0 <= self.passed <= self.tried:
            raise EvalError(f"{self.passed} passed of {self.tried} tried are no trials; try at least once")

    def all_of(self, k: int) -> float:
        """How likely k of these trials, drawn without replacement, all passed."""
        return comb(self.passed, self._drawn(k)) / comb(self.tried, k)

    def any_of(self, k: int) -> float:
        """How likely one at least of k of these trials, drawn without replacement, passed."""
        return 1 - comb(self.tried - self.passed, self._drawn(k)) / comb(self.tried, k)

    def _drawn(self, k: int) -> int:
        if not 1 <= k <= self.tried:
            raise EvalError(
                f"k is {k} and a task was tried {self.tried} times; take k from 1 to that, or try more often"
            )
        return k


def pass_all(tasks: Sequence[Trials], k: int) -> float:
    """pass^k: how likely a task passes k times in a row, averaged over tasks.

    Raises: EvalError where there is no task, or one was tried less than k times.
    """
    return fmean(task.all_of(k) for task in _some(tasks))


def pass_any(tasks: Sequence[Trials], k: int) -> float:
    """pass@k: how likely a task passes at least once in k trials, averaged over tasks.

    Raises: EvalError where there is no task, or one was tried less than k times.
    """
    return fmean(task.any_of(k) for task in _some(tasks))


def _some(tasks: Sequence[Trials]) -> Sequence[Trials]:
    if not tasks:
        raise EvalError("there are no tasks to average over; give at least one")
    return tasks
