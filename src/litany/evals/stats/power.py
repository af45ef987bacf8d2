"""Power, before anything is paid: which difference so many questions can show.

For right and wrong answers, paired, one each a question, by the normal curve. `discordance` is the guessed share of
questions that exactly one of the two arms gets right; a difference cannot be larger than it. Asking the same question
at more depths does not count as more questions.
"""

from math import sqrt
from statistics import NormalDist

from litany.errors import EvalError
from litany.evals.stats.interval import share, z


def detectable(questions: int, discordance: float, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """The smallest difference between two arms that so many questions show, a share from 0 to 1.

    Where it comes out above the guessed discordance, that guess is raised to it: every pair that differs, one way.

    Raises: EvalError where nothing is asked, or a share lies outside 0 and 1.
    """
    if questions < 1:
        raise EvalError(f"{questions} questions show nothing; ask at least one")
    squared = _squared(power, alpha)
    guessed = sqrt(squared * _guess(discordance) / (questions + squared))
    return guessed if guessed <= discordance else squared / (questions + squared)


def _squared(power: float, alpha: float) -> float:
    """The square of how many standard errors the difference must measure."""
    return (z(1 - share(alpha, "alpha")) + NormalDist().inv_cdf(share(power, "power"))) ** 2


def _guess(discordance: float) -> float:
    if not 0 < discordance <= 1:
        raise EvalError(f"`discordance` is {discordance}; give a share above 0, up to 1, such as 0.25")
    return discordance
