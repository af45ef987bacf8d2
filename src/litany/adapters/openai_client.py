"""OpenAI's clients, wrapped; their lists of messages are handed over without being typed anew on every call.

`chat.completions.create` and `responses.create` walk through every field of every message, in Python, to find what
needs another name on the wire. Nothing in a message does. At 1,000 messages that takes most of the call; `extra_body`,
which the client documents for fields that it does not know, is merged into the body as it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FunctionType, NoneType
from typing import Any, TypeVar

from openai._utils import maybe_transform
from openai.resources.chat.completions import AsyncCompletions, Completions
from openai.resources.responses import AsyncResponses, Responses
from openai.types.chat import ChatCompletionMessageParam
from openai.types.responses import ResponseInputParam

from litany.adapters.clients.body import CHAT, RESPONSES, Route
from litany.adapters.clients.elsewhere import Elsewhere
from litany.adapters.clients.stainless import Api, StreamTap, Ties, tied
from litany.adapters.clients.wrapped import Wrapped
from litany.middleware import Conversations

Client = TypeVar("Client")
PLAIN = (str, int, float, bool, NoneType)


def wrapped(client: Client, conversations: Conversations, key: str | None, cache: bool) -> Client:
    """The client, its requests with litany's view."""
    return tied(client, Ties(Wrapped(conversations, Elsewhere(conversations), StreamTap(), key, cache), API))


class _Completions(Completions):
    """Completions that hand their messages over as they are."""

    def create(self, **given: Any) -> Any:
        return super().create(**_handed("messages", Completions.create, given))

    def parse(self, **given: Any) -> Any:
        return super().parse(**_handed("messages", Completions.parse, given))


class _AsyncCompletions(AsyncCompletions):
    """The same, awaited."""

    async def create(self, **given: Any) -> Any:
        return await super().create(**_handed("messages", AsyncCompletions.create, given))

    async def parse(self, **given: Any) -> Any:
        return await super().parse(**_handed("messages", AsyncCompletions.parse, given))


class _Responses(Responses):
    """Responses that hand their input over as it is."""

    def create(self, **given: Any) -> Any:
        return super().create(**_handed("input", Responses.create, given))

    def parse(self, **given: Any) -> Any:
        return super().parse(**_handed("input", Responses.parse, given))


class _AsyncResponses(AsyncResponses):
    """The same, awaited."""

    async def create(self, **given: Any) -> Any:
        return await super().create(**_handed("input", AsyncResponses.create, given))

    async def parse(self, **given: Any) -> Any:
        return await super().parse(**_handed("input", AsyncResponses.parse, given))


def _dressed(client: Any) -> None:
    awaits = isinstance(client.chat.completions, AsyncCompletions)
    vars(client.chat)["completions"] = (_AsyncCompletions if awaits else _Completions)(client)
    vars(client)["responses"] = (_AsyncResponses if awaits else _Responses)(client)


def _handed(name: str, own: Callable[..., Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments with the messages in `extra_body`; as they are where somebody who reads them stands between."""
    messages, extra = given.get(name), given.get("extra_body") or {}
    if not isinstance(messages, Iterable) or isinstance(messages, str) or name in extra or not _pristine(own):
        return given
    return {**given, name: [], "extra_body": {**extra, name: list(messages)}}


def _pristine(own: Callable[..., Any]) -> bool:
    """Whether the client's method is OpenAI's: tools that trace a call put their own in its place."""
    return type(own) is FunctionType and str(own.__globals__.get("__name__")).startswith("openai.")


def _written(route: Route, messages: Sequence[Any]) -> list[Any]:
    """The messages as the client would write them: what is plain already as it is."""
    kind: Any = ResponseInputParam if route is RESPONSES else Iterable[ChatCompletionMessageParam]
    return [message if _plain(message) else _typed(message, kind) for message in messages]


def _typed(message: Any, kind: Any) -> Any:
    (typed,) = maybe_transform([message], kind)  # type: ignore[misc]  # a list
    return typed


def _plain(value: object) -> bool:
    kind = type(value)
    if kind is dict:
        return all(map(_plain, value.values()))  # type: ignore[attr-defined]  # a dict, as just asked
    return kind in PLAIN or (kind is list and all(map(_plain, value)))  # type: ignore[call-overload]  # a list


API = Api({"/chat/completions": CHAT, "/responses": RESPONSES}, _dressed, _written)
