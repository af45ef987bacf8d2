"""The process of a `python=` check: calls the function, writes down why it does not hold, and ends.

It is run as a file and imports nothing of litany's, so that it begins at once: called.py FILE MODULE:FUNCTION PLACES.
FILE takes a JSON string, "" where the function gave True; PLACES is the JSON of `sys.path`.
"""

import asyncio
import atexit
import importlib
import json
import os
import sys
from collections.abc import Awaitable
from pathlib import Path

LONGEST = 2_000
"""Characters that are told."""


def called(name: str) -> str:
    """Why the check does not hold; "" when it does."""
    module, _, function = name.partition(":")
    try:
        return _tried(module, function)
    except SystemExit as stop:
        status = "" if stop.code is None else repr(stop.code)
        return f"it called sys.exit({status}) and gave nothing; return True instead"
    except BaseException as error:  # noqa: BLE001 -- a user's function, as a tool is; what it raises is told
        return f"{type(error).__name__}: {error}"


def _tried(module: str, function: str) -> str:
    try:
        room = importlib.import_module(module)
    except ModuleNotFoundError as error:
        return f"there is no module {error.name!r}"
    if not hasattr(room, function):
        return f"{module} has no {function!r}"
    given = getattr(room, function)()
    true = asyncio.run(_whole(given)) if isinstance(given, Awaitable) else given
    return "" if true is True else f"it gave {true!r:.80}"


async def _whole(given: Awaitable[object]) -> object:
    return await given


def _main(file: str, name: str, places: str) -> None:
    sys.path[:] = json.loads(places)
    del sys.argv[1:]
    why = called(name)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    Path(file).write_text(json.dumps(why[:LONGEST]), "ascii")
    os._exit(0)  # a thread that the function left running holds up nobody


if __name__ == "__main__":
    _main(*sys.argv[1:])
