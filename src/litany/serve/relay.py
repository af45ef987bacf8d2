"""Relay: a request goes on, its answer comes back byte by byte; one that was too long goes on once more, smaller."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from litany.adapters.httpx import Answer, Upstream
from litany.middleware.usage import prompt_tokens
from litany.serve.asked import Asked, back
from litany.serve.options import Options
from litany.serve.planned import Planned
from litany.serve.reader import Reader
from litany.serve.route import Route

PATIENCE = 1.0
"""Seconds for which an answer that began without content is held back, so that an overflow can be answered here."""
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


@dataclass(slots=True)
class Came:
    """An answer under way."""

    answer: Answer
    reader: Reader
    chunks: AsyncIterator[bytes]
    held: list[bytes] = field(default_factory=list)
    """What came before content did: the whole answer when none came."""
    coming: asyncio.Future[bytes | None] | None = None
    """The next chunk, where it was waited for in vain."""

    async def next(self, seconds: float | None) -> bytes | None:
        """The next chunk; None at the end. Raises: TimeoutError when none came by then: it is the next one still."""
        self.coming = asyncio.ensure_future(anext(self.chunks, None))
        done, _ = await asyncio.wait((self.coming,), timeout=seconds)
        if not done:
            raise TimeoutError
        coming, self.coming = self.coming, None
        return coming.result()

    async def rest(self) -> AsyncIterator[bytes]:
        """The chunks that are not held."""
        if self.coming is not None:
            chunk = await self.coming
            self.coming = None
            if chunk is None:
                return
            yield chunk
        async for chunk in self.chunks:
            yield chunk

    async def chunked(self) -> AsyncIterator[bytes]:
        """All chunks, read."""
        for chunk in self.held:
            yield chunk
        async for chunk in self.rest():
            self.reader.feed(chunk)
            yield chunk

    async def close(self) -> None:
        """Reads no more."""
        if self.coming is not None:
            self.coming.cancel()
            await asyncio.gather(self.coming, return_exceptions=True)
        await self.answer.close()


@dataclass(slots=True)
class Relay:
    """One request on its way."""

    asked: Asked
    route: Route
    planned: Planned
    options: Options
    upstream: Upstream
    send: Send
    status: int = 0
    """What the client was told; 0: nothing yet."""
    retried: bool = False
    _came: Came | None = None
    _heard: bool = False

    async def run(self) -> None:
        """Carries it there and back. Raises: Unreached; the client was told nothing while `status` is 0."""
        try:
            came = await self._sent(self.planned.content, self.planned.packed)
            if came.reader.overflowed:
                came = await self._again(came)
            await self._told(came)
        finally:
            if self._came is not None:
                await self._came.close()
                await self._used(self._came.reader.usage)

    async def _sent(self, content: bytes, packed: bool) -> Came:
        """The answer, read as far as it must be to know whether the client is to see it."""
        side, planned = self.route.side, self.planned
        secret = None if self.options.key is None else self.options.secret(side)
        headers = self.asked.onward(side, secret, packed, bool(self.route.dialect))
        url = self.asked.target(self.options.base(side), self.route)
        answer = await self.upstream.send(self.asked.method, url, headers, content)
        reader = Reader(answer.status, answer.headers, planned.may_shrink and not self.options.policy.shadow)
        came = self._came = Came(answer, reader, answer.chunks())
        await _begun(came)
        return came

    async def _again(self, came: Came) -> Came:
        """The answer to the one smaller request; the one that came when there is none."""
        smaller = await asyncio.to_thread(self.planned.smaller)
        if smaller is None:
            return came
        self.retried = True
        await came.close()
        return await self._sent(smaller, False)

    async def _told(self, came: Came) -> None:
        """Gives the client the answer as it comes."""
        self.status = came.answer.status
        headers = back(came.answer.headers)
        await self.send({"type": "http.response.start", "status": self.status, "headers": headers})
        await self._hears(came)
        last = b""
        async for chunk in came.chunked():
            await self._hears(came)
            if came.reader.streams:
                await self._chunk(chunk)
            else:
                await self._chunk(last)
                last = chunk
        came.reader.end()
        await self._hears(came)
        await self._chunk(last)
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _chunk(self, chunk: bytes) -> None:
        if chunk:
            await self.send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def _hears(self, came: Came) -> None:
        """Remembers the whole answer before the client has the end of it, and may go on from its id."""
        heard, answer = self.planned.heard, came.reader.answer
        if heard is not None and answer is not None and not self._heard:
            self._heard = True
            await asyncio.to_thread(heard, answer)

    async def _used(self, usage: object) -> None:
        exchange = self.planned.exchange
        if exchange is not None and prompt_tokens(usage):
            await asyncio.to_thread(exchange.used, usage)


async def _begun(came: Came) -> None:
    """Reads until content comes, or the answer ends, or says that the window overflowed; a stream for a while only."""
    end = monotonic() + PATIENCE if came.reader.streams else None
    while not (came.reader.began or came.reader.overflowed):
        try:
            chunk = await came.next(None if end is None else end - monotonic())
        except TimeoutError:
            came.reader.began = True
            return
        if chunk is None:
            came.reader.end()
            return
        came.reader.feed(chunk)
        came.held.append(chunk)
