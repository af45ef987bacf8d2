"""Kills runs: each job is forked from this one process, which has imported all there is. Jobs come on stdin."""

import ctypes
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any

from tests.loop.crash import script

MODES = ("count", "kill", "torn", "enospc", "eio", "short", "full", "broken")
"""As the shim numbers them."""
SECONDS = 60
"""After which a run that hangs is killed."""
Kill = tuple[str, int]


def armed(mode: str, n: int, folder: Path) -> None:
    """This process dies, or its disk fails, at the n-th point or the n-th write."""
    if mode == "point":
        script.WANTED[:] = [0, n]
    elif mode in MODES:
        shim = ctypes.CDLL(None)
        shim.crash_arm(f"{folder}/run/".encode(), MODES.index(mode), ctypes.c_long(n))


def child(folder: Path, mode: str, n: int) -> str:
    """One process at work on the run; what it told before it ended: how the run ended, or an error."""
    log = os.open(f"{folder}.log", os.O_CREAT | os.O_RDWR | os.O_TRUNC)
    pid = os.fork()
    if not pid:
        try:
            signal.alarm(SECONDS)
            armed(mode, n, folder)
            ended = script.walk(folder)
            seen = script.WANTED[0] if mode == "point" else ctypes.CDLL(None).crash_seen() if mode == "count" else 0
            os.write(log, json.dumps({"status": ended.status, "seen": seen}).encode())
        except BaseException as error:  # noqa: BLE001 -- a child that fails tells of it, whatever it is
            os.write(log, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
        finally:
            os._exit(0)
    if mode == "timer":
        sleep(n / 1e6)
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.lseek(log, 0, os.SEEK_SET)
    told = os.read(log, 10_000).decode()
    os.close(log)
    return told


def job(folder: Path, kills: Sequence[Kill]) -> list[Any]:
    """What each process told: those that were killed in their order, then the one that goes on to the end."""
    folder.mkdir()
    told = [child(folder, mode, n) for mode, n in kills]
    return [json.loads(each) if each else None for each in told]


def warmed() -> None:
    """A run in this process, so that what is loaded late is there in all that are forked."""
    with TemporaryDirectory() as folder:
        script.walk(Path(folder))


if __name__ == "__main__":
    warmed()
    json.dump([job(Path(folder), kills) for folder, kills in json.load(sys.stdin)], sys.stdout)
