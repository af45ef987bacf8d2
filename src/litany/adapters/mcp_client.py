"""Tools of an MCP server, asked for by the SDK's client: one connection, over standard input and output or HTTP."""

import asyncio
import importlib
import logging
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Self

from litany.errors import LitanyError, PolicyError

KEY = "litany/idempotency-key"
"""Where a server finds the key of a call, in the call's `_meta`."""
SAID = 4_000
"""Bytes of a server's standard error that are kept for an error's text."""
PAGES = 100
"""Of a server's list of tools, at most: one that never ends is an error."""


class Unserved(LitanyError):
    """An MCP server answered with an error of its protocol, or was not there to answer."""

    def __init__(self, text: str, *, gone: bool = False, sent: bool = True) -> None:
        """`gone`: whether the connection is of no more use. `sent`: whether the server may have seen the call."""
        super().__init__(text)
        self.gone, self.sent = gone, sent


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is found."""

    command: tuple[str, ...] = ()
    """What starts it; empty: it runs already, at `url`."""
    environment: Mapping[str, str] | None = None
    """Variables for the command, beside the few that the SDK passes on (PATH, HOME, USER, ...)."""
    folder: str | None = None
    """Where the command is started; None: here."""
    url: str = ""
    headers: Mapping[str, str] | None = None
    """Sent with every request to `url`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A tool as its server lists it."""

    name: str
    description: str
    parameters: Mapping[str, object]
    idempotent: bool
    """It says that running it again changes nothing, or that it only reads."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a call."""

    text: str
    failed: bool


class Connection:
    """An open connection to a server. Made by `connected`."""

    def __init__(self, client: Any, gone: asyncio.Event) -> None:
        self._client, self.gone = client, gone

    async def tools(self) -> Sequence[Listed]:
        """Every tool of the server, as it lists them. Raises: Unserved."""
        found: list[Listed] = []
        cursor = None
        for _ in range(PAGES):
            page = await self._asked(self._client.list_tools(cursor=cursor, cache_mode="refresh"))
            found += map(_listed, page.tools)
            cursor = page.next_cursor
            if cursor is None:
                return found
        raise Unserved(f"its list of tools has more than {PAGES} pages")

    async def call(self, name: str, arguments: Mapping[str, object], key: str) -> Answered:
        """What the tool answers. Raises: Unserved."""
        if self.gone.is_set():
            raise Unserved("its process has ended", gone=True, sent=False)
        result = await self._asked(self._client.call_tool(name, dict(arguments), meta={KEY: key}))
        return Answered("\n".join(_text(part) for part in result.content) or _structured(result), result.is_error)

    async def _asked(self, work: Any) -> Any:
        mcp, types = package(), importlib.import_module("mcp_types")
        try:
            return await work
        except mcp.MCPError as error:
            ended = error.code == types.INVALID_REQUEST and error.message == "Session terminated"
            closed = error.code == types.CONNECTION_CLOSED
            raise Unserved(error.message, gone=ended or closed, sent=not ended) from None
        except mcp.client.InputRequiredRoundsExceededError as error:
            raise Unserved(f"it asks for more than a tool may ask ({error})") from None


@asynccontextmanager
async def connected(address: Address) -> AsyncIterator[Connection]:
    """A connection, for as long as the task that opens it stays in it; `gone` is set when the server's process ends.

    Raises: PolicyError without the SDK, OSError when the command cannot be started, whatever the SDK raises when the
    server does not speak MCP; `Unserved` with the last words of a command that ended at once.
    """
    mcp, gone = package(), asyncio.Event()
    async with _Heard() as heard:
        transport = _started(mcp, address, heard, gone) if address.command else _reached(mcp, address)
        try:
            async with mcp.Client(transport, cache=None) as client:
                yield Connection(client, gone)
        except mcp.MCPError as error:
            raise Unserved(f"{error.message}{heard.words()}", gone=True) from None
        except ExceptionGroup as group:
            raise _ended(group, heard.words()) from None


def package() -> ModuleType:
    """The SDK, imported when it is first needed. Raises: PolicyError when it is not installed."""
    try:
        mcp = importlib.import_module("mcp")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        raise PolicyError("the MCP SDK is not installed; install litany[mcp]") from None
    logger = logging.getLogger("mcp")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())  # else what a server does wrong runs into the terminal
    return mcp


@asynccontextmanager
async def _started(mcp: Any, address: Address, heard: "_Heard", gone: asyncio.Event) -> AsyncIterator[Any]:
    """The SDK's streams to a command, with `gone` set when it ends its output."""
    command, *arguments = address.command
    parameters = mcp.StdioServerParameters(
        command=command,
        args=arguments,
        env=dict(address.environment or {}),
        cwd=address.folder,
        encoding_error_handler="replace",
    )
    async with mcp.stdio_client(parameters, errlog=heard.stream) as (incoming, outgoing):
        yield _Watched(incoming, gone), outgoing


@asynccontextmanager
async def _reached(_mcp: Any, address: Address) -> AsyncIterator[Any]:
    http = importlib.import_module("mcp.client.streamable_http")
    async with http.create_mcp_http_client(headers=dict(address.headers or {})) as client:
        streams = http.streamable_http_client(address.url, http_client=client, max_sse_event_size=None)
        async with streams as (incoming, outgoing):
            yield incoming, outgoing


class _Watched:
    """A stream of the SDK that tells when it ends."""

    def __init__(self, stream: Any, gone: asyncio.Event) -> None:
        self._stream, self._gone = stream, gone

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        try:
            return await self._stream.__anext__()
        except StopAsyncIteration:
            self._gone.set()
            raise

    async def __aenter__(self) -> Self:
        await self._stream.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> Any:
        return await self._stream.__aexit__(*error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Heard:
    """A pipe for a server's standard error, of which the last words are kept: it may write for a whole night."""

    async def __aenter__(self) -> Self:
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self._reading, self._last, self.stream = reading, b"", os.fdopen(writing, "wb", buffering=0)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(reading, self._read)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._loop.remove_reader(self._reading)
        os.close(self._reading)
        self.stream.close()

    def words(self) -> str:
        """What the server said last, to be put behind an error."""
        self._read()
        text = self._last.decode("utf-8", "replace").strip()
        return f"; it said: {text}" if text else ""

    def _read(self) -> None:
        try:
            while piece := os.read(self._reading, 65_536):
                self._last = (self._last + piece)[-SAID:]
        except BlockingIOError:
            return


def _ended(group: ExceptionGroup, words: str) -> Unserved:
    """Why the SDK's tasks ended, by the first error among them."""
    first: Exception = group
    while isinstance(first, ExceptionGroup):
        first = first.exceptions[0]
    unreached = isinstance(first, importlib.import_module("httpx2").ConnectError)
    text = "it was not reached" if unreached else getattr(first, "message", "") or type(first).__name__
    said = f" ({first})" if str(first) and str(first) != text else ""
    return Unserved(f"{text}{said}{words}", gone=True, sent=not unreached)


def _listed(tool: Any) -> Listed:
    hints = tool.annotations
    again = bool(hints and (hints.idempotent_hint or hints.read_only_hint))
    return Listed(tool.name, tool.description or "", dict(tool.input_schema), again)


def _text(part: Any) -> str:
    """A part of an answer as text; what is none is named."""
    if part.type == "text":
        return str(part.text)
    if part.type in ("image", "audio"):
        return f"[{part.type}, {part.mime_type}, {len(part.data) * 3 // 4:,} bytes: not shown]"
    if part.type == "resource_link":
        return f"[{part.name}: {part.uri}]"
    held = part.resource
    return str(held.text) if hasattr(held, "text") else f"[{held.uri}, {held.mime_type}: not shown]"


def _structured(result: Any) -> str:
    value = result.structured_content
    return "" if value is None else str(importlib.import_module("pydantic_core").to_json(value), "utf-8")
