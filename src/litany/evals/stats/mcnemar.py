"""McNemar's exact test: of the questions that only one arm got right, is it too often the same arm?"""

from collections.abc import Iterable
from dataclasses import dataclass

from litany.errors import EvalError


@dataclass(frozen=True, slots=True)
class Pairs:
    """Questions by which of two arms got them right."""

    both: int
    first: int
    """Only the first arm."""
    second: int
    """Only the second."""
    neither: int

    @property
    def p(self) -> float:
        """Of McNemar's exact test."""
        return mcnemar(self.first, self.second)


def pairs(outcomes: Iterable[tuple[bool, bool]]) -> Pairs:
    """The pairs counted: right in the first arm, right in the second; one pair a question."""
    counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    for first, second in outcomes:
        counts[bool(first), bool(second)] += 1
    return Pairs(*counts.values())


def mcnemar(first: int, second: int) -> float:
    """Two-sided p of so many that only the first arm got right and so many that only the second did; 1 of none.

    Exact: a fair coin for each. For one outcome a question; where a question was asked more than once, take `paired`.

    Raises: EvalError where a count is negative.
    """
    if first < 0 or second < 0:
        raise EvalError(f"{first} and {second} are no counts; give how many questions only one arm got right")
    n, fewer = first + second, min(first, second)
    ways = total = 1
    for k in range(fewer):
        ways = ways * (n - k) // (k + 1)
        total += ways
    return min(1.0, 2 * total / (1 << n))
