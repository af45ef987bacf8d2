"""Anthropic's clients, wrapped: messages and their streams, the beta ones with the tool runner among them."""

from functools import wraps
from typing import Any, TypeVar

from litany.adapters.clients.body import MESSAGES
from litany.adapters.clients.elsewhere import Elsewhere
from litany.adapters.clients.stainless import Api, StreamTap, Ties, tied
from litany.adapters.clients.wrapped import Wrapped
from litany.middleware import Conversations

Client = TypeVar("Client")


def wrapped(client: Client, conversations: Conversations, key: str | None, cache: bool) -> Client:
    """The client, its requests with litany's view."""
    return tied(client, Ties(Wrapped(conversations, Elsewhere(conversations), StreamTap(), key, cache), API))


def _dressed(client: Any) -> None:
    """A tool runner sends all messages on every call; of its own accord it would let the provider hold them."""
    messages: Any = getattr(getattr(client, "beta", None), "messages", None)
    if not hasattr(messages, "thread"):
        return
    own = messages.tool_runner

    @wraps(own)
    def tool_runner(**given: Any) -> Any:
        return own(**{"thread": False, **given})

    messages.tool_runner = tool_runner


API = Api({"/v1/messages": MESSAGES}, _dressed)
