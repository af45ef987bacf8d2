"""litany's own tools as an MCP server on standard input and output, for the conversations of a store."""

import asyncio
import importlib
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from types import ModuleType
from typing import Any

from litany.errors import LitanyError, PolicyError, RecallError
from litany.middleware import Litany
from litany.middleware.tools import schemas
from litany.stores import SqliteStore
from litany.stores.sqlite import Entry

NAME = "litany"
INSTRUCTIONS = (
    "The conversation may have been compacted. recall gives back what left it; update_todos and note keep what is to "
    "be done and known in sight: they are recited at the end of it."
)
SHARED = re.compile(r"~~[0-9a-f]{16}\Z")
"""How the key ends under which requests stand that are not told from others yet: first calls, titles."""
RECENT = 3_600.0
"""Seconds before the last write of a conversation; what was written within them is under way, too."""
SHOWN = 8
"""Conversations that a refusal names."""
CHOOSE = "start `litany mcp` with --conversation and the one that is meant"
FIELDS = ("name", "description", "inputSchema")
"""Of a tool as MCP lists it."""


class Tools:
    """The tools of one conversation of a store."""

    def __init__(self, path: Path, key: str | None) -> None:
        """`path`: the store's file, which may come later. `key`: its name; None: the only one that is under way."""
        self._path, self._key = path, key

    def called(self, name: str, arguments: object) -> str:
        """What the tool answers. Raises: RecallError without a conversation, AgendaError, StateError."""
        store = self._store
        litany = Litany(store=store, key=self._held(store))
        return litany.answer({"id": token_hex(8), "name": name, "input": arguments})

    @cached_property
    def _store(self) -> SqliteStore:
        return SqliteStore(self._path, create=False)

    def _held(self, store: SqliteStore) -> str:
        path = store.path
        if self._key is not None:
            if store.load(self._key) is None:
                raise RecallError(f"{path} holds no conversation {self._key!r}; `litany store ls {path}` lists them")
            return self._key
        return _only(store.entries(), path)


def _only(entries: Sequence[Entry], path: Path) -> str:
    """The one conversation that is under way. Raises: RecallError where none is, or it is not told from others."""
    own = [entry for entry in entries if not SHARED.search(entry.key)]
    newest = max(own, key=lambda entry: entry.updated, default=None)
    if newest is None:
        when = "after the first call through `litany serve` that names it, after the second of any other"
        raise RecallError(f"{path} holds no conversation of its own yet; it does {when}")
    recent = sorted(entry.key for entry in own if entry.updated >= newest.updated - RECENT)
    if recent[1:]:
        more = f" and {len(recent) - SHOWN} more" if recent[SHOWN:] else ""
        told = ", ".join(map(repr, recent[:SHOWN]))
        raise RecallError(f"{path} holds several conversations under way: {told}{more}; {CHOOSE}")
    if any(entry.updated > newest.updated and not _within(entry.key, newest.key) for entry in entries):
        raise RecallError(f"{path} holds {newest.key!r} and one that began since and has no name yet; {CHOOSE}")
    return newest.key


def _within(key: str, name: str) -> bool:
    """Whether a request that shares its place with others came under that name: a title of that conversation."""
    return SHARED.sub("", key) == name


def serve(path: Path, key: str | None) -> None:
    """Serves until standard input ends; a store that comes later is found at the next call.

    Raises: PolicyError when the SDK is not installed.
    """
    package()
    asyncio.run(_served(Tools(path, key)))


def package() -> ModuleType:
    """The SDK, imported when it is first needed."""
    try:
        return importlib.import_module("mcp.server.lowlevel")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        raise PolicyError("the MCP SDK is not installed; install litany[mcp]") from None


async def _served(tools: Tools) -> None:
    types, stdio = importlib.import_module("mcp_types"), importlib.import_module("mcp.server.stdio")
    listed = types.ListToolsResult(tools=_listed(types))

    async def on_list_tools(_context: Any, _params: Any) -> Any:
        return listed

    async def on_call_tool(_context: Any, params: Any) -> Any:
        text, failed = await asyncio.to_thread(_answered, tools, params.name, params.arguments or {})
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=failed)

    handlers = {"on_list_tools": on_list_tools, "on_call_tool": on_call_tool}
    server = package().Server(NAME, instructions=INSTRUCTIONS, **handlers)
    async with stdio.stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def _listed(types: Any) -> Sequence[Any]:
    plain = [{**tool, "inputSchema": tool["input_schema"]} for tool in schemas("anthropic", True)]
    return [types.Tool.model_validate({name: tool[name] for name in FIELDS}) for tool in plain]


def _answered(tools: Tools, name: str, arguments: object) -> tuple[str, bool]:
    """The answer, and whether it tells of an error."""
    try:
        text = tools.called(name, arguments)
    except LitanyError as error:
        return f"error: {error}", True
    return text, text.startswith("error: ")
