"""Asker: one model of a sweep; what it answered before comes from the cache, all else through gate and purse."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from litany.errors import EvalError
from litany.evals.outcome import Failure
from litany.evals.sweep.asking import asked
from litany.evals.sweep.cache import Answer, Cache, request_key
from litany.evals.sweep.clock import Clock
from litany.evals.sweep.gate import Gate
from litany.evals.sweep.purse import Broke, Purse, limited, most
from litany.evals.sweep.suite import Option, Pace, telling
from litany.evals.waiting import completed
from litany.models.model import Model
from litany.models.scripted import Scripted


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


def workers_for(models: Iterable[Model], pace: Pace) -> int:
    """Calls at once: one where a script is asked, whose lines go by the order of the calls."""
    return 1 if any(isinstance(model, Scripted) for model in models) else pace.workers


@dataclass(frozen=True, slots=True)
class Call:
    """One request."""

    key: bytes
    """What it is known by."""
    messages: Sequence[object]
    tools: Sequence[object]
    tokens: int
    """What it takes at most, its answer aside: by that the longest answer is set money aside for."""
    sample: str
    """The key of the sample that it is made for."""
    words: int = 0
    """Tokens of the answer that is expected: so many more are let through at the pace."""


def allowed(limit: float | None, shared: Path | None, models: Sequence[Model]) -> None:
    """Raises: EvalError for a limit of the cost that cannot be kept, or a script whose answers would be shared."""
    limited(limit, models)
    for model in models:
        if shared is not None and isinstance(model, Scripted):
            raise EvalError(f"{model.name} answers by the order of the calls, not by what is asked; leave out --cache")


class Asker:
    """Asks one model."""

    def __init__(self, model: Model, options: Mapping[str, Option], means: Means) -> None:
        """`options`: how the model is asked; other ones, but for the route, make another request of the
        same messages."""
        self.model = model
        if isinstance(model, Scripted):
            model.go_on(means.cache.answers(model.name))  # after the lines that earlier runs were given
        self._options, self._means = telling(options), means

    def key(self, messages: Sequence[object], tools: Sequence[object] = (), trial: int = 0) -> bytes:
        """What the request is known by. Raises: TypeError when a message is no plain JSON."""
        return request_key(self.model.name, self._options, messages, tools, trial)

    def __call__(self, call: Call) -> Answer | Failure:
        """The answer, or why there is none.

        Raises: Broke when the purse does not hold as much, Stopped when the sweep is; nothing was asked then.
        """
        with self._means.cache.asking(call.key):
            return self._means.cache.get(call.key) or self._paid(call)

    def _paid(self, call: Call) -> Answer | Failure:
        """The model's answer, kept as soon as it is there."""
        means, cost = self._means, None
        held = most(self.model, call.tokens)
        if not means.purse.hold(held):
            raise Broke
        try:
            heard = asked(
                lambda: completed(self.model, call.messages, call.tools),
                call.tokens + call.words,
                means.retries,
                means.gate,
                means.clock,
                Random(call.key),
            )
            if isinstance(heard, Failure):
                return heard
            cost = self.model.price(heard.completion.usage)
        finally:
            means.purse.pay(held, cost or 0.0)
        answer = Answer(heard.completion, heard.latency, cost, self.model.name, call.sample)
        means.cache.put(call.key, answer)
        return answer
