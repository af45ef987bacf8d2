"""A loop beside the caller's thread, on which a synchronous caller can have asynchronous work done."""

import asyncio
import atexit
import os
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import cache
from threading import Lock, Thread
from typing import Any, TypeVar

T = TypeVar("T")
ONE = Lock()
"""Held while a loop is looked up or begun, and across a fork: a child would find it locked for ever."""


def waited(work: Coroutine[Any, Any, T]) -> T:
    """What the work gives; it is cancelled when the caller is interrupted."""
    with ONE:  # the cache itself lets all that ask first begin a loop each
        loop = _loop(os.getpid())
    waiting = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return waiting.result()
    finally:
        waiting.cancel()


@cache
def _loop(pid: int) -> asyncio.AbstractEventLoop:
    """The loop of this process; a forked one begins its own, for threads do not follow a fork."""
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def until_stopped() -> None:
        stopped = asyncio.Event()
        ready.set_result((asyncio.get_running_loop(), stopped))
        await stopped.wait()

    thread = Thread(target=lambda: asyncio.run(until_stopped()), name=f"litany-{pid}", daemon=True)
    thread.start()
    loop, stopped = ready.result()
    atexit.register(_ended, loop, stopped, thread, pid)
    return loop


def _ended(loop: asyncio.AbstractEventLoop, stopped: asyncio.Event, thread: Thread, pid: int) -> None:
    """Lets the loop end its tasks, so that none is torn off with the interpreter."""
    if os.getpid() == pid and loop.is_running():
        loop.call_soon_threadsafe(stopped.set)
        thread.join(1.0)


if hasattr(os, "register_at_fork"):  # not on Windows
    os.register_at_fork(before=ONE.acquire, after_in_parent=ONE.release, after_in_child=ONE.release)
