"""Purse: what was spent, and whether the next call can be paid for."""

from collections.abc import Callable
from threading import Lock

from litany.core.completion import Usage
from litany.errors import EvalError

ANSWER = 256
"""Tokens that an answer is taken for before any has come."""


class Purse:
    """One for all workers."""

    def __init__(self, most: float | None, spent: float, price: Callable[[Usage], float | None]) -> None:
        """`most`: dollars, all that was `spent` before among them; None: no limit.

        Raises: EvalError when there is a limit and no price.
        """
        self._most, self._spent, self._price = most, spent, price
        self._held, self._answer, self._lock = 0.0, ANSWER, Lock()
        if most is not None and not most >= 0:
            raise EvalError(f"the most to be spent is {most:g} dollars; give 0 or more")
        if most is not None and price(Usage(1_000, 1_000)) is None:
            raise EvalError("no price is known for this model, so no cost can be kept; give its prices, or no limit")

    @property
    def spent(self) -> float:
        """Dollars so far."""
        return self._spent

    def hold(self, tokens: int) -> float | None:
        """Sets dollars aside for a call of so many tokens; None when that would be more than there is."""
        with self._lock:
            dollars = self._price(Usage(tokens, self._answer)) or 0.0
            if self._most is not None and self._spent + self._held + dollars > self._most:
                return None
            self._held += dollars
            return dollars

    def pay(self, held: float, usage: Usage | None) -> float | None:
        """Takes the price of a call that was held for; None where no price is known, or nothing came."""
        with self._lock:
            self._held -= held
            if usage is None:
                return None
            self._answer = max(self._answer, usage.completion)
            cost = self._price(usage)
            self._spent += cost or 0.0
            return cost
