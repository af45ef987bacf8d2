"""The relay: an answer without content is held back for a moment, and not for as long as the upstream thinks."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from litany.adapters.httpx import Unreached, Upstream
from litany.middleware.shared import Conversations
from litany.serve.asked import Asked
from litany.serve.body import read
from litany.serve.options import Options
from litany.serve.planned import Planned
from litany.serve.relay import Relay
from litany.serve.route import LISTS

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
ALIVE = b": still thinking\n\n"
WORD = b'data: {"choices": [{"index": 0, "delta": {"content": "hi"}, "finish_reason": null}]}\n\n'
RAW = json.dumps({"model": "fake", "stream": True, "messages": [{"role": "user", "content": "hi"}]}).encode()


async def relayed(begins: bytes, ends: bytes) -> list[Mapping[str, Any]]:
    """What the client is sent by an upstream that goes on once the client has had the beginning of its answer."""
    seen, told = asyncio.Event(), list[Mapping[str, Any]]()

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + begins)
        await seen.wait()
        writer.write(ends)
        await writer.drain()
        writer.close()

    async def send(event: Mapping[str, Any]) -> None:
        told.append(event)
        seen.set()

    async with await asyncio.start_server(answered, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        upstream = Upstream()
        try:
            await asyncio.wait_for(_relay(f"http://{host}:{port}", upstream, send).run(), 10)
        finally:
            seen.set()
            await upstream.close()
    return told


def _relay(base: str, upstream: Upstream, send: Any) -> Relay:
    route = LISTS["/chat/completions"]
    body = read(RAW, "messages")
    assert body is not None
    exchange = Conversations().open(body.messages, dialect="openai")
    planned = Planned(RAW, False, body, exchange)
    asked = Asked("POST", "/v1/chat/completions", b"", [(b"content-type", b"application/json")])
    return Relay(asked, route, planned, Options(openai=base), upstream, send)


@pytest.mark.parametrize("begins", [b"", ALIVE, ALIVE * 2])
def test_a_client_hears_of_an_answer_that_lets_its_content_wait(begins: bytes) -> None:
    told = asyncio.run(relayed(begins, WORD))

    assert told[0]["status"] == 200
    assert b"".join(event.get("body", b"") for event in told) == begins + WORD
    assert told[-1]["more_body"] is False


def test_an_answer_that_ends_without_content_after_that_is_whole() -> None:
    told = asyncio.run(relayed(ALIVE, b""))

    assert b"".join(event.get("body", b"") for event in told) == ALIVE
    assert told[-1]["more_body"] is False


def test_an_upstream_that_is_not_there_is_told() -> None:
    async def tried() -> None:
        upstream = Upstream()
        try:
            await _relay("http://127.0.0.1:1", upstream, None).run()
        finally:
            await upstream.close()

    with pytest.raises(Unreached, match="was not reached"):
        asyncio.run(tried())
