"""What all dialects of the fake share: events as bytes, texts in pieces, and the end of an answer cut off."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

EVENTS = "text/event-stream; charset=utf-8"
PIECE = 16
"""Characters of one delta."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes
    events: tuple[bytes, ...] = ()
    """Server-sent events; none: the body is sent whole."""
    headers: tuple[tuple[str, str], ...] = ()
    kind: str = EVENTS
    """The content type of the events."""


def plain(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def data(body: object) -> bytes:
    """An event without a name."""
    return b"data: " + plain(body) + b"\n\n"


def named(body: Mapping[str, Any]) -> bytes:
    """An event under the name of its type."""
    return b"event: " + str(body["type"]).encode() + b"\n" + data(body)


def pieces(text: str) -> Sequence[str]:
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]


def halved(text: str) -> str:
    return text[: len(text) // 2]
