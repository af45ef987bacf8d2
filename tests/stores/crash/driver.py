"""Runs the script once a job, in a process of its own that is armed to be killed or to fail. Jobs come on stdin."""

import ctypes
import json
import os
import signal
import sys
from pathlib import Path
from time import sleep

from litany import LitanyError, SqliteStore
from tests.stores.crash.script import STEPS, path

MODES = ("count", "kill", "torn", "enospc", "eio", "short", "full", "broken")
ONCE = ("enospc", "eio", "short")
"""After these the disk is well again: the step is tried once more, and goes through."""


def run(mode: str, n: int, folder: str, log: int) -> None:
    """The whole script; a letter a step into the log: d done, e a clear error, r done when repeated."""
    if mode != "timer":
        shim = ctypes.CDLL(None)
        shim.crash_arm(f"{folder}/".encode(), MODES.index(mode), ctypes.c_long(n))
    store = None
    for step in STEPS:
        for letter in "dr":
            try:
                store = store or SqliteStore(path(Path(folder)))
                step(store)
                os.write(log, letter.encode())
                break
            except LitanyError:
                os.write(log, b"e")
                if mode not in ONCE:
                    return
    if mode == "count":
        os.write(log, str(shim.crash_seen()).encode())


def job(mode: str, n: int, folder: str) -> str:
    """What the run left in its log."""
    os.mkdir(folder)
    log = os.open(f"{folder}.log", os.O_CREAT | os.O_RDWR | os.O_APPEND)
    child = os.fork()
    if not child:
        try:
            run(mode, n, folder, log)
        except BaseException as error:
            os.write(log, f"!{type(error).__name__}: {error}".encode())
            raise
        finally:
            os._exit(0)
    if mode == "timer":
        sleep(n / 1e6)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.lseek(log, 0, os.SEEK_SET)
    told = os.read(log, 4_096).decode()
    os.close(log)
    return told


if __name__ == "__main__":
    json.dump([job(*each) for each in json.load(sys.stdin)], sys.stdout)
