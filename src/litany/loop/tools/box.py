"""The tools of a run under their names, and the one place where a call becomes what the model is told."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from litany.errors import LitanyError, ToolError
from litany.loop.tools.servers import Server
from litany.loop.tools.telling import capped, crash, whole
from litany.loop.tools.threads import Beside
from litany.loop.tools.tool import Asked, Ran, Told, Tool, schema


class Toolbox:
    """The tools of a run. An async context manager: MCP servers run, and their tools are there, while it is open."""

    def __init__(
        self,
        sources: Sequence[tuple[Tool, ...] | Server],
        whose: Mapping[str, str],
        beside: Beside,
        *,
        seconds: float,
        longest: int,
    ) -> None:
        """`toolbox` makes one. `sources`: in the order of the specs. `whose`: the name of each tool and who has it."""
        self._sources, self._whose, self._beside = tuple(sources), dict(whose), beside
        self._seconds, self._longest = seconds, longest
        self._named: dict[str, Tool] = {}
        self._collect()

    async def __aenter__(self) -> Self:
        """Starts the servers, all at once. Raises: ToolError when one cannot be had, or two tools bear one name."""
        try:
            await self._start()
            self._collect()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the servers, and the loop of the async functions."""
        await self._close()

    @property
    def tools(self) -> tuple[Tool, ...]:
        """In the order of the specs; of a file as it defines them, of a server by name."""
        return tuple(self._named.values())

    def schemas(self) -> list[dict[str, Any]]:
        """The tools as OpenAI's chat API takes them."""
        return [schema(tool) for tool in self.tools]

    def idempotent(self, name: str) -> bool:
        """Whether the tool may be run again when its outcome is unknown; a tool that is not there may not."""
        tool = self._named.get(name)
        return tool is not None and tool.idempotent

    async def call(self, name: str, arguments: str, key: str) -> Ran:
        """What the model is told of a call; whatever it or the tool did wrong is told, never raised.

        arguments -- the JSON text that the model wrote.
        key       -- the same for the same call of the same run.
        """
        try:
            text, failed = await self._run(name, arguments, key), False
        except Told as error:
            text, failed = str(error), True
        except Exception as error:  # a tool may raise anything: the model is told, and the run goes on
            text, failed = crash(error), True
        return Ran(capped(whole(text), self._longest), failed)

    async def _run(self, name: str, arguments: str, key: str) -> str:
        tool = self._named.get(name)
        if tool is None:
            raise Told(f"there is no tool {name!r}; there are {', '.join(self._named) or 'none'}")
        given, limit = read(name, arguments), tool.seconds or self._seconds
        try:
            async with asyncio.timeout(limit) as clock:
                return await tool.run(given, Asked(key))
        except TimeoutError:
            if not clock.expired():
                raise
            raise Told(
                f"{name} was given up after {limit:g} s. What it did until then stands, and it may still be at work: "
                "look before you call it again, and ask for less at once"
            ) from None

    async def _start(self) -> None:
        started = await asyncio.gather(*(server.start() for server in self._servers), return_exceptions=True)
        if failed := [outcome for outcome in started if isinstance(outcome, BaseException)]:
            raise next((error for error in failed if not isinstance(error, LitanyError)), failed[0])

    @property
    def _servers(self) -> tuple[Server, ...]:
        return tuple(source for source in self._sources if isinstance(source, Server))

    def _collect(self) -> None:
        named: dict[str, Tool] = {}
        whose = dict(self._whose)
        for source in self._sources:
            for tool in source.tools if isinstance(source, Server) else source:
                if isinstance(source, Server):
                    claim(whose, tool.name, source.spec)
                named[tool.name] = tool
        self._named = named

    async def _close(self) -> None:
        await asyncio.gather(*(server.stop() for server in self._servers), self._beside.close())


def claim(whose: dict[str, str], name: str, owner: str) -> None:
    """Notes whose the name is. Raises: ToolError when another has it."""
    if name in whose:
        other = whose[name]
        raise ToolError(
            f"two tools are called {name}: one of {other}, one of {owner}; rename one, or give a server's tools a "
            "prefix: mcp+PREFIX:COMMAND"
            if other != owner
            else f"{owner} gives two tools called {name}; name it once"
        )
    whose[name] = owner


def read(name: str, arguments: str) -> Mapping[str, object]:
    """The arguments that a model wrote. Raises: Told when they are no JSON object."""
    try:
        given = json.loads(arguments) if arguments.strip() else {}
    except (ValueError, RecursionError) as error:
        raise Told(f"the arguments of {name} are no JSON ({error}); send one JSON object") from None
    if not isinstance(given, dict):
        raise Told(f"the arguments of {name} are {_kind(given)}; send one JSON object")
    return given


def _kind(value: object) -> str:
    kinds = {str: "a string", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return kinds.get(type(value), "null")
