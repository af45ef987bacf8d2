"""How long a model is left alone before it is asked again."""

from random import Random

FIRST, MOST = 0.5, 60.0
"""Seconds before the second try, and the most before any; each wait is twice the one before it."""
PATIENCE = 600.0
"""A provider that asks to wait longer than this is not waited for: that is a quota of a day."""


def backoff(attempt: int, dice: Random, wait: float | None = None, first: float = FIRST) -> float:
    """Seconds: twice as long each time, between half and all of it by dice, and never less than was asked for.

    attempt -- tries before, from 0. wait -- seconds that the provider asks for. first -- before the second try.
    """
    longest = min(MOST, first * 2.0 ** min(attempt, 30))
    return max(wait or 0.0, longest * dice.uniform(0.5, 1.0))
