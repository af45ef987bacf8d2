"""Asking: one answer of the model, after what passes again, else from the model that stands in for it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol, runtime_checkable

from litany.core.completion import Completion
from litany.loop.events import Kind
from litany.loop.tools.threads import Work
from litany.models import Model, Unanswered
from litany.models.backoff import FIRST, PATIENCE, backoff

RETRIES = 4
"""Tries after the first, of each model."""

Heard = Callable[[str], object]
"""Is told each piece of an answer."""
Say = Callable[..., object]
"""Tells an event: its kind, then its fields by name."""


@runtime_checkable
class Streams(Protocol):
    """A model whose answer comes in pieces."""

    async def streamed(self, messages: Sequence[object], tools: Sequence[object], heard: Heard, /) -> Completion:
        """The whole answer; each piece of it was told to `heard`. Raises: Unanswered."""


@runtime_checkable
class Seeks(Protocol):
    """A model that says what was written down for it."""

    def seek(self, place: int, /) -> None:
        """Goes on at this answer, from 0."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, and whose it is."""

    completion: Completion
    model: str
    cost: float | None
    """Dollars; None where no price is known."""


class Asking:
    """Asks models, the first that answers."""

    def __init__(self, models: Sequence[Model], say: Say, retries: int = RETRIES, first: float = FIRST) -> None:
        """`first`: seconds before the second try."""
        self.models, self._say, self._retries, self._first = tuple(models), say, retries, first
        self._dice = Random()

    async def __call__(self, messages: Sequence[object], tools: Sequence[object], place: int) -> Answer:
        """The answer. `place`: answers before it, of the whole run. Raises: Unanswered."""
        last = self.models[-1]
        for model in self.models:
            try:
                completion = await self._tried(model, messages, tools, place)
            except Unanswered as error:
                if model is last or error.failure.kind == "window":
                    raise
                self._said("fallback", model=model.name, why=str(error))
            else:
                return Answer(completion, model.name, model.price(completion.usage))
        raise AssertionError("the last model answers or raises")

    async def _tried(self, model: Model, messages: Sequence[object], tools: Sequence[object], place: int) -> Completion:
        for attempt in range(self._retries + 1):
            if isinstance(model, Seeks):
                model.seek(place)
            try:
                return await self._asked(model, messages, tools)
            except Unanswered as error:
                if attempt == self._retries or not error.passes or (error.wait or 0) > PATIENCE:
                    raise
                seconds = backoff(attempt, self._dice, error.wait, self._first)
                self._said("waiting", model=model.name, why=str(error), seconds=round(seconds, 3))
            await asyncio.sleep(seconds)
        raise AssertionError("the last try returns or raises")

    async def _asked(self, model: Model, messages: Sequence[object], tools: Sequence[object]) -> Completion:
        if isinstance(model, Streams):
            return await model.streamed(messages, tools, lambda text: self._said("heard", text=text))
        answer: Any = await Work(lambda: model(messages, tools), "litany-model").done()
        completion: Completion = await answer if isinstance(answer, Awaitable) else answer
        return completion

    def _said(self, kind: Kind, **fields: object) -> None:
        self._say(kind, **fields)
