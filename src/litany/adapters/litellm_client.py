"""LiteLLM's `completion`, `acompletion` and `Router`, wrapped."""

import copy
import inspect
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any, TypeVar

from litellm import Chat, CustomStreamWrapper
from litellm.router import Router

from litany.adapters.clients.body import CHAT, Body, body_of
from litany.adapters.clients.elsewhere import Elsewhere
from litany.adapters.clients.wrapped import Wrapped
from litany.errors import PolicyError
from litany.middleware import Conversations

Client = TypeVar("Client")
_WITHIN: ContextVar[bool] = ContextVar("litany_within_litellm", default=False)
"""Whether a wrapped call is under way: what it calls in its turn, a router its completions, has the view already."""


def wrapped(client: Client, conversations: Conversations, key: str | None, marks: bool) -> Client:
    """The function or the router, its requests with litany's view. Raises: PolicyError for anything else.

    `marks`: no matter here; LiteLLM places cache marks where the host asks it to, by `cache_control_injection_points`.
    """
    if hasattr(client, "litany"):
        raise PolicyError("this is wrapped already; wrap the one that it was made of")
    if isinstance(client, Router):
        router: Client = _router(client, conversations, key)
        return router
    if callable(client) and getattr(client, "__name__", "") in ("completion", "acompletion"):
        function: Client = _function(client, conversations, key)
        return function
    raise PolicyError(f"litany cannot wrap {client!r} of litellm; it wraps completion, acompletion, and a Router")


def _router(own: Any, conversations: Conversations, key: str | None) -> Any:
    """A router like `own`, with its deployments, cooldowns and caches."""
    router = copy.copy(own)
    router.litany = conversations
    router.completion = _function(own.completion, conversations, key)
    router.acompletion = _function(own.acompletion, conversations, key)
    router.chat = Chat(params=own.default_litellm_params, router_obj=router)
    return router


def _function(own: Any, conversations: Conversations, key: str | None) -> Any:
    """A function like `own`."""
    made = _awaited if inspect.iscoroutinefunction(own) else _called
    function = made(own, inspect.signature(own), conversations, key)
    function.litany = conversations
    return function


def _called(own: Any, signature: inspect.Signature, conversations: Conversations, key: str | None) -> Any:
    asks = Wrapped(conversations, Elsewhere(conversations), _Tap(), key)

    @wraps(own)
    def called(*given: Any, **named: Any) -> Any:
        call = _Call.of(signature, given, named)
        if call is None:
            return own(*given, **named)

        def send(fields: Mapping[str, Any]) -> Any:
            with _within():
                return own(*call.places(fields), **call.names(fields))

        return asks.called(call.body, send)

    return called


def _awaited(own: Any, signature: inspect.Signature, conversations: Conversations, key: str | None) -> Any:
    asks = Wrapped(conversations, Elsewhere(conversations), _AsyncTap(), key)

    @wraps(own)
    async def called(*given: Any, **named: Any) -> Any:
        call = _Call.of(signature, given, named)
        if call is None:
            return await own(*given, **named)

        async def send(fields: Mapping[str, Any]) -> Any:
            with _within():
                return await own(*call.places(fields), **call.names(fields))

        return await asks.called_async(call.body, send)

    return called


class _Call:
    """The arguments of one call."""

    def __init__(self, body: Body, given: tuple[Any, ...], named: Mapping[str, Any]) -> None:
        self.body, self._given, self._named = body, given, named

    @classmethod
    def of(cls, signature: inspect.Signature, given: tuple[Any, ...], named: Mapping[str, Any]) -> "_Call | None":
        """The call; None when it carries no messages, or a view already."""
        try:
            bound = signature.bind_partial(*given, **named).arguments
        except TypeError:
            return None  # the function says itself what is wrong with them
        said = {**bound, **bound.get("kwargs", {})}
        body = body_of(CHAT, {name: said.get(name) for name in ("messages", "tools", "stream")})
        return None if body is None or _WITHIN.get() else cls(body, given, named)

    def places(self, fields: Mapping[str, Any]) -> tuple[Any, ...]:
        """What is given by place: the model, the messages, and more."""
        if "messages" in self._named:
            return self._given
        return (self._given[0], fields["messages"], *self._given[2:])

    def names(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is given by name."""
        return {**self._named, "messages": fields["messages"]} if "messages" in self._named else self._named


class _Tap:
    """Streams of `completion`: they stay what they are, and give other events."""

    def events(self, answer: Any, /) -> Iterator[Any] | None:
        return _own(answer, type(answer)) if isinstance(answer, CustomStreamWrapper) else None

    def tapped(self, answer: Any, events: Any, /) -> Any:
        answer.__class__ = _kind(type(answer))  # type: ignore[arg-type]  # a class is hashable
        answer.litany_events = events
        return answer

    def replaced(self, answer: Any, other: Any, /) -> Any:
        return self.events(other)


class _AsyncTap(_Tap):
    """Streams of `acompletion`."""

    def events(self, answer: Any, /) -> Any:
        return _own_async(answer, type(answer)) if isinstance(answer, CustomStreamWrapper) else None


class _Tapped:
    """What is laid over a stream's class."""

    litany_events: Any

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return next(self.litany_events)

    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> Any:
        return await anext(self.litany_events)


@cache
def _kind(stream: type) -> type:
    return type(stream.__name__, (_Tapped, stream), {"__module__": stream.__module__})


def _own(stream: Any, kind: Any) -> Iterator[Any]:
    """The events of a stream by its own class, whatever is laid over it meanwhile."""
    while True:
        try:
            event = kind.__next__(stream)
        except StopIteration:
            return
        yield event


async def _own_async(stream: Any, kind: Any) -> AsyncIterator[Any]:
    while True:
        try:
            event = await kind.__anext__(stream)
        except StopAsyncIteration:
            return
        yield event


@contextmanager
def _within() -> Iterator[None]:
    token = _WITHIN.set(True)
    try:
        yield
    finally:
        _WITHIN.reset(token)
