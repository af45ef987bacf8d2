"""A Python function as a tool: checked arguments in, text out, whatever the function does in between."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from litany.errors import ToolError
from litany.loop.tools.flood import Flood
from litany.loop.tools.printed import kept
from litany.loop.tools.signature import Function, Signature, signature
from litany.loop.tools.telling import crash, text_of
from litany.loop.tools.threads import Abandoned, Beside, Work
from litany.loop.tools.tool import Asked, Ran, Told, Tool

LINGERING = 3
"""Calls of one function that were given up and still run, at which no further one is begun."""
NOTHING = "done; it gave nothing back"


def tool(function: Function, name: str, where: str, beside: Beside, longest: int) -> Tool:
    """The function as a tool.

    function -- sync or async; `function.idempotent = True` says that it may be run again, `function.seconds = 300`
                that it has a limit of its own.
    where    -- how an error names it, such as "tools.py: lookup".
    longest  -- characters of what it prints that are kept.

    Raises: ToolError when the model cannot be shown it.
    """
    read = signature(function, name, where)
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise ToolError(f"{where}: it yields; return a list, or begin its name with _ to keep it from the agent")
    run = _Called(function, read, beside, longest, set())
    return Tool(name, read.description, read.parameters, run, _idempotent(function, where), _seconds(function, where))


@dataclass(frozen=True, slots=True)
class _Called:
    function: Function
    signature: Signature
    beside: Beside
    longest: int
    begun: set[Work[Ran]]

    async def __call__(self, given: Mapping[str, object], asked: Asked) -> str:
        positional, named = self.signature.bound(given, asked)

        def call() -> object:
            return self.function(*positional, **named)

        ran = await (self._awaited(call) if _is_async(self.function) else self._threaded(call))
        if ran.failed:
            raise Told(ran.text)
        return ran.text

    async def _threaded(self, call: Callable[[], object]) -> Ran:
        self.begun.difference_update({work for work in self.begun if work.ended})
        if (left := sum(work.given_up for work in self.begun)) >= LINGERING:
            raise Told(f"{left} calls of {self.signature.name} that were given up still run; do without it")
        work = Work(lambda: _outcome(call, self.longest), f"litany-{self.signature.name}")
        self.begun.add(work)
        return await work.done()

    async def _awaited(self, call: Callable[[], object]) -> Ran:
        return await self.beside.done(lambda: _awaited_outcome(call, self.longest))


def _outcome(call: Callable[[], object], longest: int) -> Ran:
    """What the model is told of a synchronous call; it is made here, so that no traceback keeps the call's values."""
    with kept(longest) as printed:
        try:
            value = call()
            if inspect.isawaitable(value):
                value = asyncio.run(_whole(value))
            return Ran(_said(value, printed))
        except Abandoned:
            raise
        except BaseException as error:
            return Ran(_failed(error, printed), failed=True)


async def _awaited_outcome(call: Callable[[], object], longest: int) -> Ran:
    with kept(longest) as printed:
        try:
            value = call()
            return Ran(_said(await value if inspect.isawaitable(value) else value, printed))
        except asyncio.CancelledError:
            return Ran("it was cancelled", failed=True)
        except Abandoned:
            asyncio.get_running_loop().stop()  # it was replaced while it did not turn
            return Ran("it was given up", failed=True)
        except BaseException as error:
            return Ran(_failed(error, printed), failed=True)


async def _whole(value: Awaitable[object]) -> object:
    return await value


def _said(value: object, printed: Flood) -> str:
    said, wrote = "" if value is None else text_of(value), printed.text()
    if value is None:
        return wrote or NOTHING
    return f"{said}\n\nIt printed:\n{wrote}" if wrote else said


def _failed(error: BaseException, printed: Flood) -> str:
    text = str(error) if isinstance(error, Told) else crash(error)
    wrote = printed.text()
    return f"{text}\n\nIt printed:\n{wrote}" if wrote else text


def _is_async(function: Function) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(type(function).__call__)


def _idempotent(function: Function, where: str) -> bool:
    declared = getattr(function, "idempotent", False)
    if not isinstance(declared, bool):
        raise ToolError(f"{where}: its `idempotent` is {declared!r}; it is True or False")
    return declared


def _seconds(function: Function, where: str) -> float | None:
    declared = getattr(function, "seconds", None)
    if declared is None:
        return None
    if isinstance(declared, bool) or not isinstance(declared, int | float) or not declared > 0:
        raise ToolError(f"{where}: its `seconds` is {declared!r}; it is a number above 0")
    return float(declared)
