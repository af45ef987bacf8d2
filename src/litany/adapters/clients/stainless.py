"""Stainless: what OpenAI's and Anthropic's clients have in common, since one generator wrote both.

Every call of such a client, plain, parsed, streamed or raw, ends in its method `request`. A wrapped client is a copy of
the client, of a class of its own below the client's, in which that method carries litany's view.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from litany.adapters.clients.body import Body, Route, body_of
from litany.adapters.clients.wrapped import Wrapped
from litany.errors import PolicyError
from litany.middleware import Conversations

Client = TypeVar("Client")


@dataclass(frozen=True, slots=True)
class Api:
    """One provider's interface."""

    routes: Mapping[str, Route]
    """What kind of request goes to which path."""
    dressed: Callable[[Any], None] = lambda client: None
    """What else is changed in a wrapped client."""
    written: Callable[[Route, Sequence[Any]], list[Any]] = lambda route, messages: list(messages)
    """The messages of a view as the client sends them."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What a wrapped client keeps of litany."""

    wrapped: Wrapped
    api: Api


class StreamTap:
    """Streams that hold their events in `_iterator` and the connection in `response`."""

    def events(self, answer: Any, /) -> Any:
        return getattr(answer, "_iterator", None)

    def tapped(self, answer: Any, events: Any, /) -> Any:
        answer._iterator = events
        return answer

    def replaced(self, answer: Any, other: Any, /) -> Any:
        answer.response = other.response
        return other._iterator


def tied(client: Client, ties: Ties) -> Client:
    """A client like the given one, on the same connections, whose requests carry litany's view.

    Raises: PolicyError when it is wrapped already.
    """
    if isinstance(client, _Tied):
        raise PolicyError("this client is wrapped already; wrap the one that it was made of")
    awaits = inspect.iscoroutinefunction(getattr(client, "request", None))
    kind = _kind(type(client), awaits)  # type: ignore[arg-type]  # a class is hashable
    other: Client = object.__new__(kind)
    own = {name: value for name, value in vars(client).items() if getattr(value, "_client", None) is not client}
    vars(other).update(own)
    _tie(other, ties)
    return other


def _tie(client: Any, ties: Ties) -> None:
    client._ties = ties
    ties.api.dressed(client)


class _Tied:
    """What is laid over a client's class."""

    _ties: Ties

    @property
    def litany(self) -> Conversations:
        """The conversations of this client."""
        return self._ties.wrapped.conversations

    def copy(self, *given: Any, **named: Any) -> Any:
        """The client's own `copy`, wrapped as this one is."""
        other = super().copy(*given, **named)  # type: ignore[misc]  # the client's class lies below
        _tie(other, self._ties)
        return other

    with_options = copy

    def _body(self, options: Any) -> Body | None:
        route = self._ties.api.routes.get(str(options.url).partition("?")[0].rstrip("/"))
        given = options.json_data
        if route is None or str(options.method).lower() != "post" or not isinstance(given, Mapping):
            return None
        return body_of(route, {**given, **(options.extra_json or {})})

    def _changed(self, options: Any, body: Body, fields: Mapping[str, Any]) -> Any:
        name = body.route.messages
        changed = options.model_copy()
        view = fields[name]
        written = view if isinstance(view, str) else self._ties.api.written(body.route, view)
        changed.json_data = {**fields, name: written}
        changed.extra_json = None
        return changed


class _Waits(_Tied):
    """Over a client that waits."""

    def request(self, cast_to: Any, options: Any, **given: Any) -> Any:
        """The client's own `request`, with litany's view."""
        send, body = super().request, self._body(options)  # type: ignore[misc]  # the client's class lies below
        if body is None:
            return send(cast_to, options, **given)
        return self._ties.wrapped.called(
            body, lambda fields: send(cast_to, self._changed(options, body, fields), **given)
        )


class _Awaits(_Tied):
    """Over a client that is awaited."""

    async def request(self, cast_to: Any, options: Any, **given: Any) -> Any:
        """The client's own `request`, with litany's view."""
        send, body = super().request, self._body(options)  # type: ignore[misc]  # the client's class lies below
        if body is None:
            return await send(cast_to, options, **given)
        return await self._ties.wrapped.called_async(
            body, lambda fields: send(cast_to, self._changed(options, body, fields), **given)
        )


@cache
def _kind(client: type, awaits: bool) -> type:
    """The class of a wrapped client: below the client's own, so that `isinstance` holds."""
    over = _Awaits if awaits else _Waits
    return type(client.__name__, (over, client), {"__module__": client.__module__})
