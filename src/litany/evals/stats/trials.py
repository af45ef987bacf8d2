"""Passing a task in several trials: pass^k, in all of k, and pass@k, in any of k, each without bias."""

from dataclasses import dataclass
from math import comb

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
