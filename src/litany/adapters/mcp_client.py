"""Tools of an MCP server, asked for by the SDK's client: one connection, over standard input and output or HTTP."""

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from litany.adapters.mcp_process import LONGEST, Child
from litany.errors import LitanyError, PolicyError

KEY = "litany/idempotency-key"
"""Where a server finds the key of a call, in the call's `_meta`."""
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

    def __init__(self, client: Any, gone: asyncio.Event, refused: list[int]) -> None:
        """`refused`: where the last status of HTTP that tells of an error is found."""
        self._client, self.gone, self._refused = client, gone, refused

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
        self._refused.clear()
        try:
            return await work
        except mcp.MCPError as error:
            ended = error.code == types.INVALID_REQUEST and error.message == "Session terminated"
            closed = error.code == types.CONNECTION_CLOSED
            raise Unserved(error.message + _status(self._refused), gone=ended or closed, sent=not ended) from None
        except mcp.client.InputRequiredRoundsExceededError as error:
            raise Unserved(f"it asks for more than a tool may ask ({error})") from None


@asynccontextmanager
async def connected(address: Address) -> AsyncIterator[Connection]:
    """A connection, for as long as the task that opens it stays in it; `gone` is set when the server's process ends.

    Raises: PolicyError without the SDK; OSError, ValueError when the command cannot be started; Unserved, with the last
    words of a command, when the server is not there, does not speak MCP, or ends.
    """
    mcp, httpx = package(), importlib.import_module("httpx2")
    child = Child(address.command, address.environment or {}, address.folder) if address.command else None
    refused: list[int] = []
    transport = _reached(address, refused) if child is None else child
    try:
        async with transport as streams, mcp.Client(_open(streams), cache=None) as client:
            yield Connection(client, asyncio.Event() if child is None else child.gone, refused)
    except (mcp.MCPError, httpx.HTTPError, ExceptionGroup) as error:
        raise _ended(error, _status(refused) if child is None else await child.words()) from None


@asynccontextmanager
async def _open(streams: Any) -> AsyncIterator[Any]:
    """Streams that are open, as the transport that the SDK asks for."""
    yield streams


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
async def _reached(address: Address, refused: list[int]) -> AsyncIterator[Any]:
    http = importlib.import_module("mcp.client.streamable_http")

    async def noted(response: Any) -> None:
        if response.status_code >= 400:
            refused[:] = [response.status_code]

    async with http.create_mcp_http_client(headers=dict(address.headers or {})) as client:
        client.event_hooks = {"response": [noted]}
        streams = http.streamable_http_client(address.url, http_client=client, max_sse_event_size=LONGEST)
        async with streams as (incoming, outgoing):
            yield incoming, outgoing


def _status(refused: list[int]) -> str:
    """What the SDK leaves out of its errors."""
    return f" (HTTP status {refused[-1]})" if refused else ""


def _ended(error: Exception, words: str) -> Unserved:
    """Why a connection ended, by the first error of those that the SDK's tasks raised."""
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    unreached = isinstance(error, importlib.import_module("httpx2").ConnectError)
    said = str(error) or type(error).__name__
    return Unserved(f"it was not reached ({said})" if unreached else said + words, gone=True, sent=not unreached)


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
