"""Body: a request as a client is about to send it, and where its messages stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.dialects.canonical import CACHE_MARK

UNSET = ("Omit", "NotGiven")
"""Names of the values by which SDKs say that nothing was given."""


@dataclass(frozen=True, slots=True)
class Route:
    """One kind of request: the dialect of its messages, and the fields that hold them."""

    dialect: str
    messages: str = "messages"
    system: str | None = None
    """The field of the system text beside the messages, where the dialect has one."""


CHAT = Route("openai")
MESSAGES = Route("anthropic", system="system")
RESPONSES = Route("responses", "input", "instructions")
ELSEWHERE = ("previous_response_id", "conversation", "thread")
"""Fields that say that the provider holds what was said before: OpenAI's Responses, Anthropic's threads."""


@dataclass(frozen=True, slots=True)
class Body:
    """The fields of one request, its messages and tools as lists."""

    route: Route
    fields: Mapping[str, Any]
    short: str | None = None
    """The text of the one user message, where the host gave but that: Responses takes it for a message."""

    @property
    def messages(self) -> Sequence[Any]:
        """What was said so far."""
        messages: Sequence[Any] = self.fields[self.route.messages]
        return messages

    @property
    def elsewhere(self) -> str | None:
        """The name under which the provider holds what was said before; None when the request holds it all."""
        value = next((found for name in ELSEWHERE if (found := self.fields.get(name))), None)
        if not isinstance(value, Mapping):
            return None if value is None else str(value)
        return str(value.get("id") or value.get("previous_message_id") or value)

    @property
    def system(self) -> object:
        """The system text beside the messages; None when there is none."""
        return None if self.route.system is None else self.fields.get(self.route.system)

    @property
    def tools(self) -> Sequence[Any]:
        """The schemas that are sent with them."""
        tools: Sequence[Any] = self.fields.get("tools") or ()
        return tools

    def carrying(self, view: Sequence[Any]) -> dict[str, Any]:
        """The fields with the view in the messages' place."""
        short = self.short is not None and len(view) == 1 and view[0] is self.messages[0]
        return {**self.fields, self.route.messages: self.short if short else list(view)}

    @property
    def marked(self) -> bool:
        """Whether the host placed cache marks of its own."""
        if CACHE_MARK in self.fields:
            return True
        blocks = [*self.tools, *_blocks(self.system)]
        return any(map(_marked, blocks)) or any(any(map(_marked, _content(message))) for message in self.messages)


def body_of(route: Route, fields: Mapping[str, Any]) -> Body | None:
    """The request; None when it carries no list of messages, so that litany has nothing to say to it."""
    given = {name: value for name, value in fields.items() if type(value).__name__ not in UNSET}
    messages = given.get(route.messages)
    short = messages if isinstance(messages, str) and route is RESPONSES else None
    messages = messages if short is None else [{"role": "user", "content": short}]
    if messages is None or isinstance(messages, str | bytes | Mapping):
        return None
    tools = given.get("tools")
    beside = {} if tools is None else {"tools": list(tools)}
    return Body(route, {**given, route.messages: list(messages), **beside}, short)


def _content(message: object) -> Sequence[object]:
    return _blocks(message.get("content") if isinstance(message, Mapping) else getattr(message, "content", None))


def _blocks(content: object) -> Sequence[object]:
    return content if isinstance(content, list | tuple) else ()


def _marked(block: object) -> bool:
    if not isinstance(block, Mapping):
        return False
    return CACHE_MARK in block or any(map(_marked, _blocks(block.get("content"))))
