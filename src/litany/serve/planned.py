"""Planned: what is sent on for a request with messages, and the conversation that it is part of."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from litany.adapters.clients.body import ELSEWHERE
from litany.errors import LitanyError, MessageError, StateError, WindowTooSmall
from litany.middleware.shared import Conversations, Exchange
from litany.serve.asked import GOAL, Asked
from litany.serve.bodies import Bodies
from litany.serve.body import Body
from litany.serve.conversation import continues, named, steady
from litany.serve.held import Holds
from litany.serve.refusal import WINDOW, Refusal
from litany.serve.route import Route

MEMBERS = 100
"""Pieces of a gzip body that are unpacked; one of more goes on as it came."""
SYSTEM = {"anthropic": "system", "responses": "instructions"}
"""Where the system text stands beside the messages."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A request as it is sent on."""

    content: bytes
    packed: bool = False
    """Whether the content is in the encoding in which it came."""
    body: Body | None = None
    exchange: Exchange | None = None
    """Its conversation; None: it goes on as it came."""
    why: str = ""
    """Why it goes on as it came, where somebody should know."""
    sent: int = 0
    """Messages that the content holds."""
    shrinks: bool = True
    """Whether a smaller body may be sent after an overflow: not where the provider holds what takes the room."""
    heard: Callable[[object], None] | None = None
    """Takes the answer, where later requests may go on from it by its id."""

    @property
    def may_shrink(self) -> bool:
        """Whether a smaller body may be sent after an overflow."""
        return self.exchange is not None and self.shrinks

    def smaller(self) -> bytes | None:
        """The one smaller body after an overflow; None when there is none."""
        if self.exchange is None or self.body is None or not self.shrinks:
            return None
        try:
            content = self.body.sent(self.exchange.shrink())
        except LitanyError:
            return None  # nothing smaller can be sent: the client is told what the upstream said
        return None if content in (self.content, self.body.raw) else content


class Planner:
    """Plans requests. For threads: planning reads and writes the store."""

    def __init__(self, door: Conversations, most: int) -> None:
        """`most`: bytes of a request when it is unpacked."""
        self._door, self._most = door, most
        self._bodies = Bodies()
        self._holds = Holds(door)

    def planned(self, asked: Asked, route: Route, raw: bytes) -> Planned | Refusal:
        """What is sent on; a refusal when litany has no view of it that may be sent."""
        plain = unpacked(raw, asked.header(b"content-encoding").lower(), self._most)
        if isinstance(plain, Refusal):
            return plain
        if plain is None:
            return Planned(raw, True, why="its content-encoding is not read here")
        body = self._bodies.read(plain, route.name)
        if body is None:
            return Planned(raw, True, why=f"its body is no JSON with messages in `{route.name}`")
        elsewhere = any(body.get(name) for name in ELSEWHERE)
        if elsewhere and route.dialect != "responses":
            return Planned(raw, True, why="the provider holds its conversation")
        if not body.messages and not elsewhere:
            return Planned(raw, True)
        try:
            return (self._appended if elsewhere else self._viewed)(asked, route, body, raw, plain)
        except MessageError as error:
            return Planned(raw, True, why=str(error))
        except WindowTooSmall as error:
            return Refusal(400, str(error), WINDOW)
        except StateError as error:
            return Refusal(500, str(error))
        except LitanyError as error:
            return Refusal(400, str(error))

    def _viewed(self, asked: Asked, route: Route, body: Body, raw: bytes, plain: bytes) -> Planned:
        """A request that holds all that was said."""
        exchange = self._opened(asked, route, body)
        content = body.sent(exchange.view)
        same = content == plain
        heard = partial(self._holds.keep, body, None, True) if route.dialect == "responses" else None
        return Planned(raw if same else content, same, body, exchange, sent=len(exchange.view), heard=heard)

    def _appended(self, asked: Asked, route: Route, body: Body, raw: bytes, plain: bytes) -> Planned:
        """A request that goes on from what the provider holds."""
        key = named(asked, body)
        exchange = self._holds.opened(body, key, asked.header(GOAL) or None)
        view = self._holds.view(body, exchange)
        content = body.sent(view)
        same = content == plain
        heard = partial(self._holds.keep, body, key, exchange is not None)
        why = "" if exchange is not None else "the provider holds its conversation, which did not come through here"
        return Planned(raw if same else content, same, body, exchange, why, len(view), False, heard)

    def _opened(self, asked: Asked, route: Route, body: Body) -> Exchange:
        key, goal = named(asked, body), asked.header(GOAL) or None
        tools: Any = body.get("tools")
        tools = tools if isinstance(tools, list) else ()
        beside = SYSTEM.get(route.dialect)
        system = None if beside is None else steady(body.get(beside))
        exact = key is not None and continues(body)
        return self._door.open(body.messages, system, tools, key, goal, dialect=route.dialect, exact=exact)


def unpacked(raw: bytes, encoding: str, most: int) -> bytes | Refusal | None:
    """The body as it reads; None when it is packed in a way that is not read."""
    if encoding in ("", "identity"):
        return raw
    if encoding != "gzip":
        return None
    plain = bytearray()
    rest, members = raw, 0
    while rest or not members:
        members += 1
        if members > MEMBERS:
            return None
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            plain += unpack.decompress(rest, most + 1 - len(plain))
        except zlib.error as error:
            return Refusal(400, f"the body is said to be gzip and is not ({error}); send it as it is said to be")
        if len(plain) > most:
            text = f"the request unpacks to more than the {most:,} bytes that this proxy takes; see --max-body"
            return Refusal(413, text)
        if not unpack.eof:
            return Refusal(400, "the body is gzip and breaks off; send all of it")
        rest = unpack.unused_data
    return bytes(plain)
