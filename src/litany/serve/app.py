"""App: the proxy as an ASGI application."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, MutableMapping
from time import monotonic
from typing import Any

from litany.adapters.httpx import Unreached, Upstream
from litany.archive import Store
from litany.middleware.shared import Conversations
from litany.serve.aside import Aside
from litany.serve.asked import Asked
from litany.serve.guard import admitted, large, misnamed
from litany.serve.options import Options
from litany.serve.planned import Planned, Planner
from litany.serve.refusal import Refusal
from litany.serve.relay import Relay, Send
from litany.serve.route import Route, worded
from litany.stores import SqliteStore
from litany.tokens import counter
from litany.trace import TraceFile

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Told = Callable[[Mapping[str, object]], None]
JSON, TEXT = b"application/json", b"text/plain; charset=utf-8"
ALIVE = b"litany serve\n"
"""What GET / answers, key or no key."""


class Out:
    """The way to the client."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.whole = False
        """Whether the answer was sent to its end."""

    async def send(self, event: Mapping[str, Any]) -> None:
        """Sends one part of an answer."""
        self.whole = event["type"] == "http.response.body" and not event.get("more_body", False)
        await self._send(event)


class App:
    """The proxy of one process."""

    def __init__(self, options: Options, told: Told) -> None:
        """`told` takes an event for each request. Raises: StateError, PolicyError."""
        self._options, self._told = options, told
        store: Store | None = None if options.store is None else SqliteStore(options.store)
        trace = None if options.trace is None else TraceFile(options.trace)
        door = Conversations(options.goal, options.constraints, options.policy, store, trace=trace)
        self._planner, self._aside = Planner(door, options.most), Aside()
        self._upstream: Upstream | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or lives as long as the server does."""
        if scope["type"] == "lifespan":
            await self._lived(receive, send)
        elif scope["type"] == "http":
            await self._served(_asked(scope), receive, send)

    async def _lived(self, receive: Receive, send: Send) -> None:
        await receive()
        self._upstream = Upstream()
        await send({"type": "lifespan.startup.complete"})
        await asyncio.to_thread(counter(self._options.policy.encoding), "the first request finds its table loaded")
        await receive()
        await self._upstream.close()
        self._aside.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _served(self, asked: Asked, receive: Receive, send: Send) -> None:
        """Answers a request, whoever sent it."""
        begun = monotonic()
        if asked.path == "/" and asked.method in ("GET", "HEAD") and misnamed(asked, self._options) is None:
            await _said(send, 200, TEXT, ALIVE)
            return
        route = admitted(asked, self._options)
        raw = route if isinstance(route, Refusal) else await _read(asked, receive, self._options)
        if isinstance(raw, Refusal):
            await self._refused(asked, raw, send, begun)
        elif isinstance(route, Route) and raw is not None:
            out = Out(send)
            await _watched(self._relayed(asked, route, raw, out, begun), out, receive)

    async def _relayed(self, asked: Asked, route: Route, raw: bytes, out: Out, begun: float) -> None:
        """Sends it on and gives back the answer."""
        planned: Planned | Refusal = Planned(raw, True)
        if route.dialect:
            planned = await self._aside.done(self._planner.planned, asked, route, raw)
        if isinstance(planned, Refusal):
            await self._refused(asked, planned, out.send, begun)
            return
        assert self._upstream is not None  # the server begins its life before it serves
        relay = Relay(asked, route, planned, self._options, self._upstream, out.send)
        ended: dict[str, object] = {}
        try:
            await relay.run()
        except asyncio.CancelledError:
            ended = {"hung_up": True}
            raise
        except Unreached as error:
            ended = {"broken": str(error)}
            if relay.status:
                raise  # the client sees that the answer broke off, as it did
            relay.status = 502
            refusal = Refusal(502, f"{error}; is its address right, and is it up?")
            await _said(out.send, 502, JSON, refusal.body(route.side))
        finally:
            self._tell(asked, begun, relay.status, **_story(relay), **ended)

    async def _refused(self, asked: Asked, refusal: Refusal, send: Send, begun: float) -> None:
        body = refusal.body(worded(asked.path, asked.named))
        await _said(send, refusal.status, JSON, body)
        self._tell(asked, begun, refusal.status, refused=refusal.text)

    def _tell(self, asked: Asked, begun: float, status: int, **more: object) -> None:
        seconds = round(monotonic() - begun, 3)
        self._told(
            {
                "event": "request",
                "method": asked.method,
                "path": asked.path,
                "status": status,
                "seconds": seconds,
                **more,
            }
        )


def _asked(scope: Scope) -> Asked:
    path = scope.get("raw_path") or str(scope["path"]).encode()
    return Asked(scope["method"], path.decode("latin-1"), scope["query_string"], list(scope["headers"]))


def _story(relay: Relay) -> dict[str, object]:
    """What became of the request, for who watches."""
    planned = relay.planned
    told: dict[str, object] = {"untouched": planned.why} if planned.why else {}
    if planned.exchange is not None and planned.body is not None:
        told |= {"conversation": planned.exchange.key, "messages": len(planned.body.messages), "sent": planned.sent}
    return {**told, **({"retried": True} if relay.retried else {})}


async def _said(send: Send, status: int, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def _read(asked: Asked, receive: Receive, options: Options) -> bytes | Refusal | None:
    """The body; a refusal when it is too large, None when the client hung up."""
    parts: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        parts.append(event.get("body", b""))
        size += len(parts[-1])
        refusal = large(asked, size, options)
        if refusal is not None:
            return refusal
        if not event.get("more_body", False):
            return b"".join(parts)


async def _watched(work: Coroutine[Any, Any, None], out: Out, receive: Receive) -> None:
    """Does the work; when the client hangs up before its end it is cancelled, and the upstream with it."""
    working, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait((working, gone), return_when=asyncio.FIRST_COMPLETED)
        if out.whole:
            await working
    finally:
        gone.cancel()
        working.cancel()
        await asyncio.wait((working, gone))
    if not working.cancelled():
        working.result()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
