"""Running what may never return: on daemon threads, which can be given up and never hold up the end of the process.

A tool runs in a thread of this process, not in a process of its own: what its module holds (a client, a cache, an open
file) is there at the next call, and an effect of one call is seen by the next. The price: a call that is given up can
only be asked to stop. Python code stops at its next step; a call that waits inside C code (a socket without a limit)
stays until the process ends, and code that holds the interpreter's lock for ever (a regular expression that explodes)
holds up everything. A tool that may do so belongs in an MCP server, whose process litany can end.
"""

import asyncio
import contextvars
import ctypes
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeVar

T = TypeVar("T")
PATIENCE = 0.5
"""Seconds that a loop gets to show, after a call was given up, that it still turns."""


class Abandoned(SystemExit):
    """Raised inside a call that was given up, wherever its Python code stands."""


class Work(Generic[T]):
    """Synchronous work on a thread of its own."""

    def __init__(self, work: Callable[[], T], name: str, stop: Callable[[], None] | None = None) -> None:
        """`name`: of the thread. `stop`: asks it to end; None: `interrupt`."""
        self._work, self._stop, self._lock, self.ended = work, stop, threading.Lock(), False
        self.given_up = False
        self._context = contextvars.copy_context()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    async def done(self) -> T:
        """What the work gives, or raises; when the caller is cancelled, it is given up."""
        self._loop = asyncio.get_running_loop()
        self._result: asyncio.Future[T] = self._loop.create_future()
        self._thread.start()
        try:
            return await self._result
        finally:
            self._give_up()

    def _run(self) -> None:
        settle: Callable[[], None]
        try:
            settle = partial(self._result.set_result, self._context.run(self._work))
        except Abandoned:
            return
        except BaseException as error:  # whatever it is, somebody waits
            kept = isinstance(error, Exception) and not isinstance(error, StopIteration)  # no future takes that one
            failed = error if kept else RuntimeError(repr(error))
            settle = partial(self._result.set_exception, failed)
        finally:
            with self._lock:
                self.ended = True
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(lambda: None if self._result.done() else settle())

    def _give_up(self) -> None:
        with self._lock:
            if self.ended:
                return
            self.given_up = True
            if self._stop is None:
                interrupt(self._thread)
            else:
                self._stop()


class Beside:
    """A loop on a thread of its own for users' async functions: one that blocks holds up no run.

    It lasts as long as the toolbox, so that what is bound to a loop (a client, a lock) serves from call to call; only
    a loop that no longer turns is replaced.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._turns: threading.Event | None = None

    async def done(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What the work gives; when the caller is cancelled, it is cancelled. `work` answers every exception itself."""
        loop = await self._started()
        try:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), loop))
        except asyncio.CancelledError:
            self._turns = threading.Event()
            if loop.is_running():
                loop.call_soon_threadsafe(self._turns.set)
            raise

    async def close(self) -> None:
        """Ends the loop and cancels what still runs on it; a loop that does not turn is left behind."""
        loop, thread = self._loop, self._thread
        self._loop = self._thread = self._turns = None
        if loop is None or thread is None or not loop.is_running():
            return
        loop.call_soon_threadsafe(loop.stop)
        await _until(lambda: not thread.is_alive())
        interrupt(thread)

    async def _started(self) -> asyncio.AbstractEventLoop:
        turns, thread = self._turns, self._thread
        if turns is not None and thread is not None:
            await _until(turns.is_set)
            if not turns.is_set():
                interrupt(thread)
                self._loop = None
            self._turns = None
        if self._loop is None or not self._loop.is_running():
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_turn, args=(self._loop,), name="litany-tools", daemon=True)
            self._thread.start()
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop))
        return self._loop


def interrupt(thread: threading.Thread) -> None:
    """Asks a thread to stop at its next step of Python code."""
    if thread.is_alive() and thread.ident is not None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(Abandoned))


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.wait_for(asyncio.gather(*left, return_exceptions=True), PATIENCE / 2))
    except (Abandoned, TimeoutError, asyncio.CancelledError, RuntimeError):
        return  # what did not stop is left behind with its loop
    finally:
        asyncio.set_event_loop(None)
        if not loop.is_running():
            loop.close()


async def _until(met: Callable[[], bool]) -> None:
    """Waits until it is met, at most PATIENCE."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE
    while not met() and loop.time() < until:
        await asyncio.sleep(0.02)
