"""litany's own tools as an MCP server on standard input and output, for the conversations of a store."""

import asyncio
import importlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from time import time
from types import ModuleType
from typing import Any

from litany.errors import LitanyError, PolicyError, RecallError
from litany.middleware import Litany
from litany.middleware.shared.keys import owned, root_of, shared
from litany.middleware.tools import schemas
from litany.stores import SqliteStore
from litany.stores.sqlite import Entry

NAME = "litany"
CONVERSATION = "conversation"
"""What a call may name its conversation with, where the server was given none."""
INSTRUCTIONS = (
    "The conversation may have been compacted. recall gives back what left it; update_todos and note keep what is to "
    "be done and known in sight: they are recited at the end of it."
)
RECENT = 3_600.0
"""Seconds before the last write of a conversation; what was written within them is under way, too."""
SHOWN = 8
"""Conversations that a refusal names."""
GOAL = 60
"""Characters of a goal in a refusal."""
CHOOSE = f"say which one in {CONVERSATION!r} of the call, or start `litany mcp` with --conversation and its name"
SCHEMA = {"type": "string", "description": "which one is meant, where an answer says that several are under way"}
FIELDS = ("name", "description", "inputSchema")
"""Of a tool as MCP lists it."""


class Tools:
    """The tools of one conversation of a store."""

    def __init__(self, path: Path, key: str | None, since: float | None = None) -> None:
        """`path`: the store's file, which may come later. `key`: its name; None: the one that is under way.

        `since`: when the client began, in seconds since 1970: what it works on was written later. None: now.
        """
        self._path, self._key = path, key
        self._since = time() if since is None else since

    @property
    def chooses(self) -> bool:
        """Whether a call may name its conversation."""
        return self._key is None

    def called(self, name: str, arguments: Mapping[str, object]) -> str:
        """What the tool answers. Raises: RecallError without a conversation, AgendaError, StateError."""
        store = self._store
        given = {field: value for field, value in arguments.items() if field != CONVERSATION or not self.chooses}
        key = self._key if self._key is not None else arguments.get(CONVERSATION)
        litany = Litany(store=store, key=self._held(store, key))
        return litany.answer({"id": token_hex(8), "name": name, "input": given})

    @cached_property
    def _store(self) -> SqliteStore:
        return SqliteStore(self._path, create=False)

    def _held(self, store: SqliteStore, key: object) -> str:
        if not key:
            return _only(store, self._since)
        if not isinstance(key, str) or not owned(key) or store.load(key) is None:
            raise RecallError(f"{store.path} holds no conversation {key!r}; `litany store ls {store.path}` lists them")
        return key


def _only(store: SqliteStore, since: float) -> str:
    """The one conversation that is under way. Raises: RecallError where none is, or it is not told from others."""
    entries, path = store.entries(), store.path
    own = _own(entries)
    newest = max(own, key=own.__getitem__, default=None)
    if newest is None:
        when = "after the first call through `litany serve` that names it, after the second of any other"
        raise RecallError(f"{path} holds no conversation of its own yet; it does {when}")
    recent = sorted(key for key, updated in own.items() if updated >= own[newest] - RECENT)
    if recent[1:] and sum(own[key] >= since for key in recent) != 1:
        more = f" and {len(recent) - SHOWN} more" if recent[SHOWN:] else ""
        told = ", ".join(_told(store, key) for key in recent[:SHOWN])
        raise RecallError(f"{path} holds several conversations under way: {told}{more}; {CHOOSE}")
    begun = (entry for entry in entries if shared(entry.key) and root_of(entry.key) != newest)
    if any(entry.updated > own[newest] for entry in begun):
        raise RecallError(f"{path} holds {_told(store, newest)} and one that began since and has no name yet; {CHOOSE}")
    return newest


def _own(entries: Sequence[Entry]) -> Mapping[str, float]:
    """When each conversation was written last: its sub-agents, which came under its name, are of it."""
    keys, own = {entry.key for entry in entries if owned(entry.key)}, dict[str, float]()
    for entry in entries:
        root = root_of(entry.key)
        key = root if root in keys else entry.key
        if entry.key in keys:
            own[key] = max(own.get(key, entry.updated), entry.updated)
    return own


def _told(store: SqliteStore, key: str) -> str:
    """A conversation by its name, and by the beginning of its goal."""
    held = store.load(key)
    goal = None if held is None else held[1].agenda.goal
    text = "" if goal is None else " ".join(goal.text.split())
    return repr(key) + (f" ({text[:GOAL]}{'…' if text[GOAL:] else ''})" if text else "")


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
    listed = types.ListToolsResult(tools=_listed(types, tools.chooses))

    async def on_list_tools(_context: Any, _params: Any) -> Any:
        return listed

    async def on_call_tool(_context: Any, params: Any) -> Any:
        text, failed = await asyncio.to_thread(_answered, tools, params.name, params.arguments or {})
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=failed)

    handlers = {"on_list_tools": on_list_tools, "on_call_tool": on_call_tool}
    server = package().Server(NAME, instructions=INSTRUCTIONS, **handlers)
    async with stdio.stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def _listed(types: Any, chooses: bool) -> Sequence[Any]:
    plain = [{**tool, "inputSchema": _schema(tool["input_schema"], chooses)} for tool in schemas("anthropic", True)]
    return [types.Tool.model_validate({name: tool[name] for name in FIELDS}) for tool in plain]


def _schema(schema: Mapping[str, Any], chooses: bool) -> Mapping[str, Any]:
    """The arguments of a tool, and among them, where a call may say it, which conversation is meant."""
    more = {CONVERSATION: SCHEMA} if chooses else {}
    return {**schema, "properties": {**schema["properties"], **more}}


def _answered(tools: Tools, name: str, arguments: Mapping[str, object]) -> tuple[str, bool]:
    """The answer, and whether it tells of an error."""
    try:
        text = tools.called(name, arguments)
    except LitanyError as error:
        return f"error: {error}", True
    return text, text.startswith("error: ")
