"""What the demo asks: one task of the pocket reader, at five depths of a history, in three arms."""

from collections.abc import Mapping

from litany.evals.sweep.suite import Pace, Suite

TASK = "todo"
"""An agent's: what it was told stands in a trajectory, and what counts is the call that it makes."""
LENGTH = 1_500
"""Tokens: three quarters of the reader's window."""
QUESTIONS = 18
"""Some eight seconds of two cores: within twenty on ones that are half as fast."""
WORKERS = 2
"""Threads; NumPy lets go of the interpreter while it multiplies."""
ARMS: Mapping[str, str] = {"bare": "bare", "placebo": "placebo", "recite": "litany"}
"""Arms, and how the demo calls them; the arms of one text follow one another, so that the reader knows its prefix."""
PLACES: Mapping[float, str] = {0.0: "start", 0.25: "1/4", 0.5: "half", 0.75: "3/4", 1.0: "end"}
"""Depths, and how the demo calls them."""


def suite(seed: int = 0, n: int = QUESTIONS) -> Suite:
    """The demo as an ordinary suite of n questions; another seed asks others. Raises: EvalError for what is none."""
    return Suite((TASK,), "pocket", tuple(ARMS), (LENGTH,), tuple(PLACES), n, seed=seed, pace=Pace(workers=WORKERS))
