"""Processes that are forked to be killed, or whose disk fails, at the n-th write: what both crash tests share."""

import ctypes
import os
import signal
from collections.abc import Callable
from time import sleep

MODES = ("count", "kill", "torn", "enospc", "eio", "short", "full", "broken")
"""As the shim numbers them."""


def armed(mode: str, n: int, folder: str) -> None:
    """This process dies, or its disk fails, at the n-th write below the folder."""
    ctypes.CDLL(None).crash_arm(f"{folder}/".encode(), MODES.index(mode), ctypes.c_long(n))


def seen() -> int:
    """Writes so far."""
    count: int = ctypes.CDLL(None).crash_seen()
    return count


def forked(path: str, work: Callable[[int], None], kill_after: float | None = None) -> str:
    """What the work, in a process of its own, wrote into its log before it ended.

    path -- of the log. work -- takes its descriptor. kill_after -- seconds; None: it is not killed from outside.
    """
    log = os.open(path, os.O_CREAT | os.O_RDWR | os.O_TRUNC | os.O_APPEND)
    child = os.fork()
    if not child:
        try:
            work(log)
        finally:
            os._exit(0)
    if kill_after is not None:
        sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.lseek(log, 0, os.SEEK_SET)
    told = os.read(log, 10_000).decode()
    os.close(log)
    return told
