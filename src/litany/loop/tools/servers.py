"""An MCP server as a source of tools: started once, started again when it died, ended with the toolbox."""

import asyncio
import re
from collections.abc import Mapping
from typing import Self

from litany.adapters.mcp_client import Address, Answered, Connection, Listed, Unserved, connected
from litany.errors import LitanyError, ToolError
from litany.loop.tools.telling import crash
from litany.loop.tools.tool import NAME, Asked, Told, Tool

DOUBT = 5.0
"""Seconds that a server gets to show, after a call of it was given up, that it still answers."""
LEAVE = 10.0
"""Seconds that a server gets to end; the SDK kills it after about five."""


class Server:
    """A server and its tools, in the order of their names: the same whatever order it lists them in."""

    def __init__(self, spec: str, address: Address, prefix: str, seconds: float) -> None:
        """`prefix`: put before the names of its tools. `seconds`: for starting it."""
        self.spec, self.tools = spec, tuple[Tool, ...]()
        self._address, self._prefix, self._seconds = address, prefix, seconds
        self._held: _Held | None = None
        self._lock = asyncio.Lock()
        self._at_work, self._doubted, self._closed = 0, False, False

    async def start(self) -> None:
        """Starts it and asks for its tools. Raises: ToolError when that cannot be done."""
        self._closed = False
        try:
            held = await self._live()
            async with asyncio.timeout(self._seconds):
                listed = sorted(await held.connection.result().tools(), key=lambda tool: tool.name)
        except (Told, Unserved, TimeoutError) as error:
            raise ToolError(f"{self.spec}: {str(error) or 'it did not list its tools in time'}") from None
        self.tools = tuple(map(self._tool, listed))

    async def stop(self) -> None:
        """Ends it, until `start`."""
        self._closed = True
        await self._drop()

    async def _drop(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            await held.leave()

    def _tool(self, listed: Listed) -> Tool:
        async def run(given: Mapping[str, object], asked: Asked) -> str:
            return await self._called(listed, given, asked)

        name = re.sub(r"[^a-zA-Z0-9_-]", "_", f"{self._prefix}{listed.name}")[:64]
        if not NAME.fullmatch(name):
            raise ToolError(f"{self.spec}: it lists a tool without a name")
        shape = {"type": "object", "properties": {}} | dict(listed.parameters)
        shape.pop("$schema", None)
        return Tool(name, listed.description or name, shape, run, listed.idempotent)

    async def _called(self, listed: Listed, given: Mapping[str, object], asked: Asked) -> str:
        """The answer; a call that surely did not reach the server, or may be run again, is sent a second time."""
        for last in (False, True):
            held = await self._live()
            try:
                answered = await self._sent(held.connection.result(), listed, given, asked)
            except Unserved as error:
                if not error.gone:
                    raise Told(f"the MCP server answered with an error: {error}") from None
                seen = await self._seen(held, error)
                if last or (seen and not listed.idempotent):
                    raise Told(_lost(listed.name, error, seen)) from None
                continue
            if answered.failed:
                raise Told(answered.text or "it failed and did not say why")
            return answered.text or "done; it gave nothing back"
        raise AssertionError("the second try returns or raises")

    async def _sent(
        self, connection: Connection, listed: Listed, given: Mapping[str, object], asked: Asked
    ) -> Answered:
        self._at_work += 1
        try:
            return await connection.call(listed.name, given, asked.key)
        except asyncio.CancelledError:
            self._doubted = True
            raise
        finally:
            self._at_work -= 1

    async def _seen(self, held: "_Held", error: Unserved) -> bool:
        """Whether the server may have seen the call; the connection's own end may tell that it was never reached."""
        if self._held is held:  # else another call that it failed has left it already
            self._held = None
        ended = await held.leave()
        return error.sent and not (isinstance(ended, Unserved) and not ended.sent)

    async def _live(self) -> "_Held":
        """The connection, opened anew when it is gone. Raises: Told when that fails."""
        async with self._lock:
            if self._closed:
                raise Told("the run is over, and its MCP servers are ended")
            if self._doubted and not self._at_work:
                await self._doubt()
            if self._held is not None and not self._held.gone:
                return await self._held.opened()
            again = self._held is not None or bool(self.tools)
            await self._drop()
            self._held = _Held(self._address)
            try:
                async with asyncio.timeout(self._seconds):
                    return await self._held.opened()
            except TimeoutError:
                said = f"it did not answer in {self._seconds:g} s"
            except (LitanyError, OSError, ValueError, ExceptionGroup) as error:
                said = _first(error)
            await self._drop()
            told = f"the MCP server is gone and could not be started again: {said}; do without its tools"
            raise Told(told if again else f"it did not start: {said}")

    async def _doubt(self) -> None:
        """After a call was given up: a server that does not answer any more is ended."""
        self._doubted = False
        if self._held is None or self._held.gone:
            return
        try:
            async with asyncio.timeout(min(DOUBT, self._seconds / 4)):
                await (await self._held.opened()).connection.result().tools()
        except (TimeoutError, Unserved):
            await self._drop()


class _Held:
    """A connection, in a task of its own: the SDK wants it closed by the task that opened it."""

    def __init__(self, address: Address) -> None:
        loop = asyncio.get_running_loop()
        self.connection: asyncio.Future[Connection] = loop.create_future()
        self._leave = asyncio.Event()
        self._ended: BaseException | None = None
        self._task = loop.create_task(self._hold(address))

    @property
    def gone(self) -> bool:
        """Whether it is of no more use."""
        opened = self.connection
        return self._task.done() or (opened.done() and not opened.exception() and opened.result().gone.is_set())

    async def opened(self) -> Self:
        """Itself, once the connection is there. Raises: why it cannot be opened."""
        await asyncio.shield(self.connection)
        return self

    async def leave(self) -> BaseException | None:
        """Closes it; gives why it had ended before, if it had."""
        self._leave.set()
        await asyncio.wait({self._task}, timeout=LEAVE if self.connection.done() else 0)
        if not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=LEAVE)
        return self._ended

    async def _hold(self, address: Address) -> None:
        try:
            async with connected(address) as connection:
                self.connection.set_result(connection)
                await self._leave.wait()
        except BaseException as error:
            self._ended = error
            if not self.connection.done():
                self.connection.set_exception(error if isinstance(error, Exception) else Unserved("it was ended"))
                self.connection.exception()  # it may be that nobody asks any more


def _lost(name: str, error: Unserved, seen: bool) -> str:
    if seen:
        return (
            f"the MCP server ended while it was at work on {name} ({error}). Whether it was done is not known: look "
            "before you call it again; the server is started again when it is called"
        )
    return f"the MCP server was not there to be asked ({error}); do without its tools"


def _first(error: BaseException) -> str:
    """The first error in a group of them, in its own words."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror.lower()}: {error.filename}" if error.filename else error.strerror.lower()
    return str(error) if isinstance(error, LitanyError) and str(error) else crash(error)
