"""An interval around an estimate, and how sure it is asked to be."""

from dataclasses import dataclass
from statistics import NormalDist

from litany.errors import EvalError


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the ends between which the truth is thought to lie."""

    middle: float
    """The estimate itself; it need not be half-way."""
    low: float
    high: float
    n: int
    """What was drawn independently: trials of a Wilson interval, questions of all others."""

    def above(self, value: float = 0.0) -> bool:
        """Whether all of it lies above the value."""
        return self.low > value

    def below(self, value: float = 0.0) -> bool:
        """Whether all of it lies below the value."""
        return self.high < value


def z(level: float) -> float:
    """How many standard errors reach to either side, by the normal curve: 1.96 at .95."""
    return NormalDist().inv_cdf((1 + share(level, "level")) / 2)


def share(value: float, name: str) -> float:
    """The value, once it is known to lie between 0 and 1."""
    if not 0 < value < 1:
        raise EvalError(f"`{name}` is {value}; give a number between 0 and 1, such as 0.95")
    return value
