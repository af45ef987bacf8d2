"""Kills runs: each job is forked from this one process, which has imported all there is. Jobs come on stdin."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.crashing import MODES, armed, forked, seen
from tests.loop.crash import script

SECONDS = 60
"""After which a run that hangs is killed."""
Kill = tuple[str, int]


def prepared(mode: str, n: int, folder: Path) -> None:
    """This process dies, or its disk fails, at the n-th point or the n-th write."""
    if mode == "point":
        script.WANTED[:], script.ENDS[:] = [0, n], []
    elif mode in MODES:
        armed(mode, n, f"{folder}/run")


def child(folder: Path, mode: str, n: int) -> str:
    """One process at work on the run; what it told before it ended: how the run ended, or an error."""

    def walked(log: int) -> None:
        try:
            signal.alarm(SECONDS)
            prepared(mode, n, folder)
            ended = script.walk(folder)
            count = script.WANTED[0] if mode == "point" else seen() if mode == "count" else 0
            os.write(
                log,
                json.dumps(
                    {"status": ended.status, "seen": count, "ends": script.ENDS if mode == "point" else []}
                ).encode(),
            )
        except BaseException as error:  # noqa: BLE001 -- a child that fails tells of it, whatever it is
            os.write(log, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())

    return forked(f"{folder}.log", walked, n / 1e6 if mode == "timer" else None)


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
