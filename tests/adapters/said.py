"""What the tests of single hosts share: what an agent is to do, scripts for a provider, and what a request tells."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from litany.testing import Received

GOAL, RULES = "Watch the sea until it is still.", ("Never shout.", "Ask before you swim.")
LONG = "the tide comes in and the tide goes out again; " * 30
MARK = "<litany mark="
ADD = [{"op": "add", "content": "mend the net"}, {"op": "add", "content": "count the boats"}]


def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: {LONG}"


def calling(name: str, id: str, **arguments: Any) -> dict[str, Any]:
    """A call of a tool as OpenAI chat writes it, which the fake writes in every dialect."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"role": "assistant", "content": None, "tool_calls": [{"id": id, "type": "function", "function": function}]}


def watching(turns: int, *first: Any) -> Callable[[Received], Any]:
    """A script: what is given first, then so many calls of `look`, one a request, then an end."""
    said: Iterator[Any] = iter([*first, *(calling("look", f"c{turn}", at=turn) for turn in range(turns))])
    return lambda received: next(said, "It is still.")


def texts(value: object) -> list[str]:
    """Every text that a model reads in a request's messages, in its order."""
    if isinstance(value, Mapping):
        held = [
            value[key] for key in ("text", "content", "output", "parts", "functionResponse", "response") if key in value
        ]
        rest = [] if held or "role" in value or "type" in value else list(value.values())
        return [text for part in (*held, *rest) for text in texts(part)]
    if isinstance(value, str):
        return [value]
    return [text for part in value for text in texts(part)] if isinstance(value, Sequence) else []


def messages(received: Received) -> list[Any]:
    """The messages of a request in any dialect."""
    held: list[Any] = next(received.body[key] for key in ("contents", "input", "messages") if key in received.body)
    return held


def checked(requests: Sequence[Received], lines: Sequence[dict[str, Any]]) -> None:
    """What holds of every request: it was accepted, holds goal and constraints, and ends with a due recitation."""
    assert len(requests) == len(lines)
    for request, line in zip(requests, lines, strict=True):
        told = texts(messages(request))
        assert request.violations == ()
        assert all(any(text in part for part in told) for text in (GOAL, *RULES))
        assert (MARK in told[-1]) == line["due"]
        assert line["due"] or not line["compacted"]


def retried(requests: Sequence[Received]) -> int:
    """How many requests were sent again, each much smaller, with all that must stand in it and the recital last."""
    sizes = [len(json.dumps(messages(request))) for request in requests]
    places = [place for place in range(1, len(sizes)) if sizes[place] < sizes[place - 1]]
    for place in places:
        told = texts(messages(requests[place]))
        assert sizes[place] < 0.8 * sizes[place - 1]
        assert MARK in told[-1]
        assert all(any(text in part for part in told) for text in (GOAL, *RULES))
    assert all(request.violations == () for request in requests)
    return len(places)
