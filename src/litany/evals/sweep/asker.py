"""Asker: one model of a sweep; what it answered before comes from the cache, all else through gate and purse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from litany.evals.outcome import Failure
from litany.evals.sweep.asking import asked
from litany.evals.sweep.cache import Answer, Cache, request_key
from litany.evals.sweep.clock import Clock
from litany.evals.sweep.gate import Gate
from litany.evals.sweep.purse import Broke, Purse, most
from litany.evals.sweep.suite import Option, Pace, telling
from litany.evals.waiting import completed
from litany.models.model import Model


@dataclass(frozen=True, slots=True)
class Means:
    """What all calls of a sweep share, whoever is asked."""

    cache: Cache
    gate: Gate
    clock: Clock
    purse: Purse
    retries: int
    """Tries after the first, where an error may pass."""


def means(cache: Cache, pace: Pace, clock: Clock, limit: float | None) -> Means:
    """The means of a sweep at that pace. `limit`: dollars, what the answers in the cache cost among them."""
    return Means(cache, Gate(pace, clock), clock, Purse(limit, cache.spent), pace.retries)


class Asker:
    """Asks one model."""

    def __init__(self, model: Model, options: Mapping[str, Option], means: Means) -> None:
        """`options`: how the model is asked; other ones, but for the route, make another request of the
        same messages."""
        self.model = model
        self._options, self._means = telling(options), means

    def key(self, messages: Sequence[object], tools: Sequence[object] = (), trial: int = 0) -> bytes:
        """What the request is known by. Raises: TypeError when a message is no plain JSON."""
        return request_key(self.model.name, self._options, messages, tools, trial)

    def __call__(
        self, key: bytes, messages: Sequence[object], tools: Sequence[object], tokens: int
    ) -> Answer | Failure:
        """The answer, or why there is none. `tokens`: what the request takes at most.

        Raises: Broke when the purse does not hold as much, Stopped when the sweep is; nothing was asked then.
        """
        with self._means.cache.asking(key):
            return self._means.cache.get(key) or self._paid(key, messages, tools, tokens)

    def _paid(self, key: bytes, messages: Sequence[object], tools: Sequence[object], tokens: int) -> Answer | Failure:
        """The model's answer, kept as soon as it is there."""
        means, cost = self._means, None
        held = most(self.model, tokens)
        if not means.purse.hold(held):
            raise Broke
        try:
            heard = asked(
                lambda: completed(self.model, messages, tools),
                tokens,
                means.retries,
                means.gate,
                means.clock,
                Random(key),
            )
            if isinstance(heard, Failure):
                return heard
            cost = self.model.price(heard.completion.usage)
        finally:
            means.purse.pay(held, cost or 0.0)
        answer = Answer(heard.completion, heard.latency, cost, self.model.name)
        means.cache.put(key, answer)
        return answer
