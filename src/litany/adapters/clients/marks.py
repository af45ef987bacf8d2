"""Cache marks for Anthropic's way of caching: where a request will stay unchanged, and before what changes each time.

At most four: at the end of the system text, or of the tools where there is none, and three within the messages.

A mark on a recitation that the next view leaves out costs 6 to 12 times as much as one before it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from litany.adapters.asking import MARK, ending
from litany.adapters.clients.body import Body
from litany.dialects.canonical import CACHE_MARK, mapping, modelled


def marked(body: Body, view: Sequence[Any], stable: int) -> dict[str, Any]:
    """The fields with the view and its marks; without any where the host has its own, or nothing will come after it.

    `stable`: messages of the view that the next one begins with.
    """
    fields = body.carrying(view)
    if body.marked or not (body.tools or any(_role(message) == "assistant" for message in view)):
        return fields
    messages = list(view)
    for place in _places(messages[:stable]):
        messages[place] = _ending(messages[place])
    return {**fields, **_beside(body), "messages": messages}


def _places(messages: Sequence[Any]) -> Sequence[int]:
    """Where marks stand: on the first message, which outlives a cut, where the request before ended, and at the end.

    Only what the user's side wrote bears one: an SDK writes the model's answers in its own way.
    """
    users = [place for place, message in enumerate(messages) if _role(message) == "user" and _bears(message)]
    if not users:
        return ()
    answers = [place for place in range(users[-1]) if _role(messages[place]) == "assistant"]
    before = [place for place in users if answers and place < answers[-1]]
    return sorted({users[0], *before[-1:], users[-1]})


def _beside(body: Body) -> dict[str, Any]:
    """The system text, else the tools, with a mark at its end."""
    if body.system:
        blocks = [{"type": "text", "text": body.system}] if isinstance(body.system, str) else list(body.system)  # type: ignore[call-overload]  # a text or blocks, as Anthropic takes it
        return {"system": [*blocks[:-1], {**mapping(blocks[-1]), CACHE_MARK: MARK}]}
    tools = body.tools
    if tools and isinstance(tools[-1], Mapping):
        return {"tools": [*tools[:-1], {**tools[-1], CACHE_MARK: MARK}]}
    return {}


def _ending(message: Any) -> Any:
    """The message with a mark on its last block; the very message where none can stand."""
    fields = message if isinstance(message, Mapping) else modelled(message)
    if not isinstance(fields, Mapping):
        return message
    content = fields.get("content")
    blocks = [content] if isinstance(content, str) else [_fields(block) for block in content or ()]
    plain = {**fields, "content": content if isinstance(content, str) else blocks}
    after = ending(plain)
    return message if after is plain else after


def _fields(block: object) -> object:
    return block if isinstance(block, Mapping | str) else modelled(block)


def _bears(message: Any) -> bool:
    return _ending(message) is not message


def _role(message: Any) -> object:
    return message.get("role") if isinstance(message, Mapping) else getattr(message, "role", None)
