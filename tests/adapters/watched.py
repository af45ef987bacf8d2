"""What agents of several hosts watch in these tests, the scripts by which a provider leads them, and what must hold."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litany.testing import Received

GOAL, RULES = "Watch the sea until it is still.", ("Never shout.", "Ask before you swim.")
LONG = "the tide comes in and the tide goes out again; " * 30
MARK = "<litany mark="


def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: {LONG}"


def watching(turns: int, name: str = "look", number: int = 1) -> Callable[[Received], Any]:
    """A script in each dialect: so many answers that call `look`, `number` calls at once, then an end."""
    made = 0

    def reply(received: Received) -> Any:
        nonlocal made
        made += 1
        calls = [(name, f"c{made}-{place}", {"at": made}) for place in range(number)]
        return called(received, *calls) if made <= turns else "It is still."

    return reply


def called(received: Received, *calls: tuple[str, str, Mapping[str, Any]]) -> dict[str, Any]:
    """An assistant message that makes these calls, in the dialect of the request."""
    if received.path == "/v1/messages":
        uses = [{"type": "tool_use", "id": id, "name": name, "input": given} for name, id, given in calls]
        return {"role": "assistant", "content": uses}
    made = [
        {"id": id, "type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
        for name, id, given in calls
    ]
    return {"role": "assistant", "content": None, "tool_calls": made}


def texts(received: Received) -> list[str]:
    """Every text that a model reads in the messages of a request, in its order."""
    body = received.body
    found: list[str] = []
    for message in body.get("messages") or body["input"]:
        found += _texts(message.get("content", message.get("output")))
    return found


def checked(requests: Sequence[Received], lines: Sequence[Mapping[str, Any]]) -> None:
    """What holds of every request: it was accepted, holds goal and constraints, and ends with a due recitation."""
    assert len(requests) == len(lines)
    for request, line in zip(requests, lines, strict=True):
        held = texts(request)
        assert request.violations == ()
        assert all(any(text in part for part in held) for text in (GOAL, *RULES))
        assert (MARK in held[-1]) == line["due"]
        assert line["due"] or not line["compacted"]


def _texts(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    listed = content if isinstance(content, list) else ()
    return [text for block in listed for text in _texts(block.get("text", block.get("content")))]
