"""Purse: what was spent, and whether the next call can be paid for."""

from collections.abc import Iterable
from threading import Condition
from typing import TYPE_CHECKING

from litany.core.completion import Usage
from litany.core.money import money
from litany.errors import EvalError
from litany.models.model import Model

if TYPE_CHECKING:
    from litany.evals.sweep.suite import Suite

ANSWER = 256
"""Tokens that a plan takes an answer for before any has come, where the model can give as many."""
VERDICT = 4
"""Tokens that a plan takes a judge's answer for: one word, and what ends it."""


class Broke(Exception):
    """The next call would cost more than there is to spend."""


def guess(longest: int | None) -> int:
    """What a plan takes an answer for before any has come; `longest`: the longest one that the model can give."""
    return ANSWER if longest is None else min(ANSWER, longest)


def longest(model: Model, tokens: int) -> int:
    """Tokens that a request of so many may be answered with."""
    room = max(0, model.window - tokens)
    return room if model.longest is None else min(room, model.longest)


def most(model: Model, tokens: int) -> float:
    """Dollars that a request of so many tokens can cost: it may be answered with all that the model can give."""
    return model.price(Usage(tokens, longest(model, tokens))) or 0.0


def affordable(limit: float | None, suite: "Suite", models: Iterable[Model]) -> None:
    """`models`: who is asked, and then who judges. Raises: EvalError where the limit is less than one call may cost."""
    for model, tokens in zip(models, (min(suite.lengths), 0), strict=False):
        dollars = most(model, tokens)
        if limit is not None and dollars > limit:
            shorter = ", or shorter answers: --set max_tokens=256" if model.name == suite.model else ""
            raise EvalError(
                f"one call of {model.name} may cost {money(dollars)}, for it may answer {longest(model, tokens):,} "
                f"tokens, and {money(limit)} is all that may be spent; give more{shorter}"
            )


def limited(most: float | None, models: Iterable[Model]) -> None:
    """Raises: EvalError when there is a limit that cannot be, or a model whose price nobody knows."""
    if most is None:
        return
    if not most >= 0:
        raise EvalError(f"the most to be spent is {most:g} dollars; give 0 or more")
    for model in models:
        if model.price(Usage(1_000, 1_000)) is None:
            raise EvalError(
                f"no price is known for {model.name}, so that no cost can be kept; leave out the limit of the cost, or "
                "ask a model whose price is known"
            )


class Purse:
    """One for all workers, and for all models that they ask."""

    def __init__(self, most: float | None, spent: float) -> None:
        """`most`: dollars, all that was `spent` before among them; None: no limit."""
        self._most, self._spent, self._held, self._under_way = most, spent, 0.0, 0
        self._paid = Condition()

    @property
    def spent(self) -> float:
        """Dollars so far."""
        return self._spent

    def hold(self, dollars: float) -> bool:
        """Sets dollars aside for a call; False when that would be more than there is.

        Calls under way hold more than most of them will cost: where only that stands in the way, it waits for them.
        """
        with self._paid:
            while self._most is not None and self._spent + self._held + dollars > self._most:
                if not self._under_way or self._spent + dollars > self._most:
                    return False
                self._paid.wait()
            self._held += dollars
            self._under_way += 1
            return True

    def pay(self, held: float, cost: float) -> None:
        """Takes what a call cost that was held for."""
        with self._paid:
            self._under_way -= 1
            self._held = self._held - held if self._under_way else 0.0
            self._spent += cost
            self._paid.notify_all()
