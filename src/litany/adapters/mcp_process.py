"""An MCP server as a process: the SDK's streams over its pipes, with a bound on what one line of it may take.

The SDK's own reader joins a line anew with every piece of it: an answer of 50 MB takes minutes, in which nothing else
moves, and no answer is ever too long. Here a line beyond a bound is dropped while it comes, and the request that it
answers is told so.
"""

import asyncio
import contextlib
import importlib
import os
import re
import signal
from collections.abc import Iterator, Mapping
from typing import Any

LONGEST = 8_000_000
"""Bytes of one line of a server: one answer."""
SAID = 4_000
"""Bytes of a server's standard error that are kept for an error's text."""
PATIENCE = 2.0
"""Seconds that a server gets to end once its input is closed, and again once it is asked to by SIGTERM."""
PIECE = 65_536
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
"""Windows has none, and ends a process hard by any."""
ENDS = 1_000
"""Bytes at the beginning and the end of a line that is too long: one of them names the request."""
HEAD = re.compile(rb'^\s*\{[^{]*?"id"\s*:\s*(\d+)')
TAIL = re.compile(rb'"id"\s*:\s*(\d+)[^{}]*\}\s*$')


class Lines:
    """Bytes into lines, none of which is longer than a bound."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._longest, self._pieces, self._length = longest, list[bytes](), 0

    def fed(self, piece: bytes) -> Iterator[bytes | tuple[int, int]]:
        """The lines that end in this piece; of one that was too long the id that it answers, and its length."""
        *ended, rest = piece.split(b"\n")
        for line in ended:
            self._take(line)
            yield from self._line()
            self._pieces, self._length = [], 0
        self._take(rest)

    def _take(self, piece: bytes) -> None:
        self._length += len(piece)
        self._pieces.append(piece)
        if self._length > self._longest:
            held = b"".join(self._pieces)
            self._pieces = [held[:ENDS], held[ENDS:][-ENDS:]]

    def _line(self) -> Iterator[bytes | tuple[int, int]]:
        line = b"".join(self._pieces)
        if self._length <= self._longest:
            yield line
        elif found := HEAD.search(line[:ENDS]) or TAIL.search(line[-ENDS:]):
            yield int(found[1]), self._length


class Child:
    """A server's process. An async context manager that gives the SDK's two streams."""

    def __init__(self, command: tuple[str, ...], environment: Mapping[str, str], folder: str | None) -> None:
        self._command, self._environment, self._folder = command, environment, folder
        self._last, self.gone = b"", asyncio.Event()
        self._anyio, self._types = importlib.import_module("anyio"), importlib.import_module("mcp_types")
        self._message = importlib.import_module("mcp.shared.message").SessionMessage

    async def __aenter__(self) -> tuple[Any, Any]:
        """Starts it. Raises: OSError, ValueError when the command cannot be started."""
        passed_on = importlib.import_module("mcp.client.stdio").get_default_environment()
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=self._folder,
            env=passed_on | dict(self._environment),
            start_new_session=True,
        )
        self._incoming, incoming = self._anyio.create_memory_object_stream(0)
        outgoing, self._outgoing = self._anyio.create_memory_object_stream(0)
        self._hearing = asyncio.create_task(self._hear())
        self._tasks = [asyncio.create_task(self._receive()), asyncio.create_task(self._send()), self._hearing]
        return incoming, outgoing

    async def __aexit__(self, *_error: object) -> None:
        """Ends it: by closing its input, else by SIGTERM, else by SIGKILL, with all that it started."""
        stdin = self._process.stdin
        assert stdin is not None
        stdin.close()
        for number in (None, signal.SIGTERM, KILL):
            if number is not None:
                self._signalled(number)
            if await self._ended():
                break
        self._signalled(KILL)  # what it left behind in its group
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        for stream in (self._incoming, self._outgoing):
            stream.close()
        transport = getattr(self._process, "_transport", None)  # else it is warned of while a grandchild holds a pipe
        if transport is not None:
            transport.close()

    async def words(self) -> str:
        """What the server said last on its standard error, to be put behind an error."""
        await asyncio.wait({self._hearing}, timeout=0.5)
        text = self._last.decode("utf-8", "replace").strip()
        return f"; it said: {text}" if text else ""

    async def _receive(self) -> None:
        lines, closed = Lines(), False
        assert self._process.stdout is not None
        while piece := await self._process.stdout.read(PIECE):
            for line in lines.fed(piece):
                item = None if closed else self._read(line)
                try:
                    if item is not None:
                        await self._incoming.send(item)
                except (self._anyio.BrokenResourceError, self._anyio.ClosedResourceError):
                    closed = True  # the session is over; what still comes is drained, so that the server can end
        self.gone.set()
        self._incoming.close()

    async def _send(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, self._anyio.ClosedResourceError):
            async for item in self._outgoing:
                text = item.message.model_dump_json(by_alias=True, exclude_unset=True)
                self._process.stdin.write(text.encode("utf-8") + b"\n")
                await self._process.stdin.drain()
            return
        self.gone.set()
        self._incoming.close()

    async def _hear(self) -> None:
        assert self._process.stderr is not None
        while piece := await self._process.stderr.read(PIECE):
            self._last = (self._last + piece)[-SAID:]

    def _read(self, line: bytes | tuple[int, int]) -> Any:
        """A line as the SDK takes it; None for one that is no message, such as what a server logs to its output."""
        if isinstance(line, tuple):
            text = f"its answer has {line[1]:,} bytes, more than {LONGEST:,}, and was not read; ask for less"
            error = self._types.ErrorData(code=self._types.INTERNAL_ERROR, message=text)
            return self._message(self._types.JSONRPCError(jsonrpc="2.0", id=line[0], error=error))
        try:
            text = line.decode("utf-8", "replace")
            return self._message(self._types.jsonrpc_message_adapter.validate_json(text, by_name=False))
        except ValueError:
            return None

    def _signalled(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self._process.pid, number)
            else:
                self._process.kill()

    async def _ended(self) -> bool:
        """Whether it ends within PATIENCE. Its `wait` would also wait for whoever inherited its pipes."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while self._process.returncode is None and loop.time() < until:
            await asyncio.sleep(0.01)
        return self._process.returncode is not None
