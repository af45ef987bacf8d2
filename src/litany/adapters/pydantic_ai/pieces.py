"""Pieces: what one speaker says once in Pydantic AI's messages, and those messages again.

A request of Pydantic AI may hold system text, a user's prompt and tool results at once. Each part of it is a piece of
its own here, so that each is kept, cut or clipped by itself; a response is one piece. Pieces that stand together again,
whole and unchanged, leave as the very message that came; whatever else stands between two responses leaves as one
request, tool results first, as Pydantic AI itself sends it.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import is_
from threading import Lock
from typing import Any

from pydantic_ai.messages import ModelRequest, ModelResponse, UserPromptPart

from litany.errors import MessageError

HELD = 8_192
"""Messages whose pieces are remembered, so that they are the same objects on the next call."""
RESULTS = ("tool-return", "retry-prompt")
"""Kinds of parts that answer a call; providers want them before all else in a request."""
ROLES = {
    "user-prompt": "user",
    "retry-feedback": "user",
    "speech": "user",
    "compaction": "user",
    "tool-return": "tool",
    "retry-prompt": "tool",
}
"""Who speaks in a part of a request. All other kinds are the host's own, and stay where they stand."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A part of a request, or a whole response."""

    part: Any
    role: str
    message: Any = None
    """The request that it came in; None: litany wrote it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Piece) and (self.part is other.part or bool(self.part == other.part))

    __hash__ = None  # type: ignore[assignment]  # parts have none

    def reading(self, **fields: Any) -> "Piece":
        """A copy whose part has other fields."""
        return replace(self, part=replace(self.part, **fields))


class Pieces:
    """Takes messages apart; a message that came before gives the very pieces that it gave then."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, tuple[Any, Sequence[object], Sequence[Piece]]] = OrderedDict()
        self._lock = Lock()

    def of(self, messages: Sequence[Any]) -> list[Piece]:
        """The pieces of these messages. Raises: MessageError for what is no message of Pydantic AI."""
        with self._lock:
            found = [piece for message in messages for piece in self._of(message)]
            while len(self._known) > HELD:
                self._known.popitem(last=False)
        return found

    def _of(self, message: Any) -> Sequence[Piece]:
        held = tuple(_held(message))
        known = self._known.get(id(message))
        if known is not None and len(known[1]) == len(held) and all(map(is_, known[1], held)):
            self._known.move_to_end(id(message))
            return known[2]
        pieces = tuple(taken(message))
        self._known[id(message)] = (message, held, pieces)
        return pieces


def taken(message: Any) -> Iterator[Piece]:
    """The pieces of one message."""
    if isinstance(message, ModelResponse):
        yield Piece(message, "assistant", message)
        return
    for part in message.parts:
        yield alone(part, message)


def alone(part: Any, message: Any = None) -> Piece:
    """The piece of one part of a request."""
    tells = part.part_kind == "retry-prompt" and part.tool_name is None
    return Piece(part, "user" if tells else ROLES.get(part.part_kind, "system"), message)


def joined(view: Sequence[Piece]) -> list[Any]:
    """The messages of these pieces."""
    out: list[Any] = []
    run: list[Piece] = []
    for piece in view:
        if piece.role != "assistant":
            run.append(piece)
            continue
        out += [*_request(run), piece.part]
        run = []
    return [*out, *_request(run)]


def told(text: str) -> Piece:
    """A user's piece that litany writes."""
    return Piece(UserPromptPart(text), "user")


def _request(run: Sequence[Piece]) -> list[Any]:
    """What stands between two responses, as one request."""
    if not run:
        return []
    parts = [piece.part for piece in run]
    hosts = [piece.message for piece in reversed(run) if piece.message is not None]
    if not hosts:
        return [ModelRequest(parts=parts)]
    if len(hosts[0].parts) == len(parts) and all(map(is_, hosts[0].parts, parts)):
        return [hosts[0]]
    parts.sort(key=lambda part: part.part_kind not in RESULTS)
    instructions = next((host.instructions for host in hosts if host.instructions), None)
    return [replace(hosts[0], parts=parts, instructions=instructions)]


def _held(message: Any) -> Iterator[object]:
    """What a message holds at its first level: the very objects. An edit in place is told by it."""
    if not isinstance(message, ModelRequest | ModelResponse):
        raise MessageError(
            f"a message is {type(message).__name__}; give Pydantic AI's messages (ModelRequest, ModelResponse)"
        )
    yield message
    for part in message.parts:
        yield part
        yield getattr(part, "content", None)
        yield getattr(part, "args", None)
