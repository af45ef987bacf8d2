"""Wrapped: one request of a client, with litany's view in it, sent again once, smaller, when it was too long."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from litany.adapters.clients.body import Body
from litany.adapters.clients.elsewhere import Elsewhere
from litany.adapters.clients.marks import marked
from litany.adapters.clients.stream import listened, listened_async, reported
from litany.adapters.refused import Refused, smaller, smaller_async
from litany.errors import MessageError
from litany.middleware import Conversations, Exchange
from litany.middleware.shared.named import named

Send = Callable[[Mapping[str, Any]], Any]
"""Sends a request of these fields and gives the client's answer."""
SendAsync = Callable[[Mapping[str, Any]], Awaitable[Any]]


class Tap(Protocol):
    """How the events of one client's streams are reached."""

    def events(self, answer: Any, /) -> Any:
        """The iterator within a stream; None when the answer is no stream of parsed events."""

    def tapped(self, answer: Any, events: Any, /) -> Any:
        """The stream with other events."""

    def replaced(self, answer: Any, other: Any, /) -> Any:
        """Puts another stream in the place of one that was refused; the events of the other."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What a wrapped client does with each request."""

    conversations: Conversations
    elsewhere: Elsewhere
    tap: Tap
    key: str | None = None
    """The name of the conversation that calls belong to outside of any `with litany.conversation(…)`."""
    cache: bool = True
    """Whether cache marks are placed for Anthropic."""

    def called(self, body: Body, send: Send) -> Any:
        """The client's answer to the view. Raises: what the client raises; what a Litany does.

        What litany cannot read the provider may, and judges: it goes on as it came.
        """
        if body.elsewhere is not None:
            return self._appended(body, send)
        dialect = body.route.dialect
        try:
            exchange = self.conversations.open(body.messages, body.system, body.tools, self._key, dialect=dialect)
        except MessageError as error:
            self.conversations.untouched(error, self._key)
            return send(body.carrying(body.messages))
        refused = Refused(self._shadow)
        with refused:
            answer = send(self._fields(body, exchange))
            self._heard(body, refused, answer)
        if refused and smaller(exchange, refused) is not None:
            answer = send(self._fields(body, exchange))
        again = None if refused or self._shadow else partial(self._again, body, exchange, answer, send)
        return self._listened(body, exchange, answer, again)

    async def called_async(self, body: Body, send: SendAsync) -> Any:
        """The same, for a client that is awaited."""
        if body.elsewhere is not None:
            return await self._appended_async(body, send)
        dialect = body.route.dialect
        door = self.conversations
        try:
            exchange = await door.open_async(body.messages, body.system, body.tools, self._key, dialect=dialect)
        except MessageError as error:
            door.untouched(error, self._key)
            return await send(body.carrying(body.messages))
        refused = Refused(self._shadow)
        with refused:
            answer = await send(self._fields(body, exchange))
            self._heard(body, refused, answer)
        if refused and await smaller_async(exchange, refused) is not None:
            answer = await send(self._fields(body, exchange))
        again = None if refused or self._shadow else partial(self._again_async, body, exchange, answer, send)
        return self._listened_async(body, exchange, answer, again)

    def _appended(self, body: Body, send: Send) -> Any:
        exchange = self.elsewhere.opened(body, self.key)
        answer = send(self.elsewhere.carrying(body, exchange))
        return self._listened(body, exchange, answer, None)

    async def _appended_async(self, body: Body, send: SendAsync) -> Any:
        exchange = self.elsewhere.opened(body, self.key)
        answer = await send(self.elsewhere.carrying(body, exchange))
        return self._listened_async(body, exchange, answer, None)

    def _listened(self, body: Body, exchange: Exchange | None, answer: Any, again: Any) -> Any:
        """The answer, heard; of a stream each event as it goes."""
        hears = partial(self._hears, body, self.elsewhere.record(body, self.key), exchange)
        events = self._streamed(body, answer)
        if events is not None:
            return self.tap.tapped(answer, listened(events, hears, again))
        hears(answer)
        return answer

    def _listened_async(self, body: Body, exchange: Exchange | None, answer: Any, again: Any) -> Any:
        hears = partial(self._hears, body, self.elsewhere.record(body, self.key), exchange)
        events = self._streamed(body, answer)
        if events is not None:
            return self.tap.tapped(answer, listened_async(events, hears, again))
        hears(answer)
        return answer

    def _hears(self, body: Body, record: Sequence[Any] | None, exchange: Exchange | None, answer: object) -> None:
        if exchange is not None:
            exchange.used(reported(answer))
        self.elsewhere.keep(body, record, answer, exchange is not None)

    @property
    def _key(self) -> str | None:
        return self.key if named() is None else None

    @property
    def _shadow(self) -> bool:
        return self.conversations.policy.shadow

    def _fields(self, body: Body, exchange: Exchange) -> dict[str, Any]:
        if body.route.dialect == "anthropic" and self.cache and not self._shadow:
            return marked(body, exchange.view, exchange.stable)
        return body.carrying(exchange.view)

    def _heard(self, body: Body, refused: Refused, answer: Any) -> None:
        if not body.fields.get("stream"):
            refused.heard(answer)

    def _streamed(self, body: Body, answer: Any) -> Any:
        return self.tap.events(answer) if body.fields.get("stream") else None

    def _again(self, body: Body, exchange: Exchange, answer: Any, send: Send, refused: Refused) -> Iterator[Any] | None:
        """The events of the smaller request; None when what came must stand. Raises: what the provider said."""
        if smaller(exchange, refused) is None:
            return None
        events: Iterator[Any] = self.tap.replaced(answer, send(self._fields(body, exchange)))
        return events

    async def _again_async(
        self, body: Body, exchange: Exchange, answer: Any, send: SendAsync, refused: Refused
    ) -> AsyncIterator[Any] | None:
        if await smaller_async(exchange, refused) is None:
            return None
        events: AsyncIterator[Any] = self.tap.replaced(answer, await send(self._fields(body, exchange)))
        return events
