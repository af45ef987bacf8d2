"""Runs the script once a job, in a process of its own that is armed to be killed or to fail. Jobs come on stdin."""

import json
import os
import sys
from pathlib import Path

from litany import LitanyError, SqliteStore
from tests.crashing import armed, forked, seen
from tests.stores.crash.script import STEPS, path

ONCE = ("enospc", "eio", "short")
"""After these the disk is well again: the step is tried once more, and goes through."""


def run(mode: str, n: int, folder: str, log: int) -> None:
    """The whole script; a letter a step into the log: d done, e a clear error, r done when repeated."""
    if mode != "timer":
        armed(mode, n, folder)
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
        os.write(log, str(seen()).encode())


def job(mode: str, n: int, folder: str) -> str:
    """What the run left in its log."""
    os.mkdir(folder)

    def told(log: int) -> None:
        try:
            run(mode, n, folder, log)
        except BaseException as error:
            os.write(log, f"!{type(error).__name__}: {error}".encode())
            raise

    return forked(f"{folder}.log", told, n / 1e6 if mode == "timer" else None)


if __name__ == "__main__":
    json.dump([job(*each) for each in json.load(sys.stdin)], sys.stdout)
