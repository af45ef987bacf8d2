"""Toolboxes over real files, and what a call of them gives."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

from litany.loop.tools import Ran, Toolbox, toolbox

KEY = "run/1/call_1"


def written(folder: Path, name: str, text: str) -> str:
    """The path of a file of Python that holds the text."""
    path = folder / name
    path.write_text(dedent(text), encoding="utf-8")
    return str(path)


def within(box: Toolbox, work: Callable[[Toolbox], Awaitable[Any]]) -> Any:
    """What the work gives with the toolbox open."""

    async def opened() -> Any:
        async with box:
            return await work(box)

    return asyncio.run(opened())


def called(box: Toolbox, name: str, arguments: object = None, *, key: str = KEY) -> Ran:
    """What the model is told; `arguments`: a text as it is, all else as JSON."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments or {})

    async def once(box: Toolbox) -> Ran:
        return await box.call(name, text, key)

    ran = within(box, once)
    assert isinstance(ran, Ran)
    return ran


def of_file(folder: Path, text: str, **options: Any) -> Toolbox:
    """A toolbox of the functions in that text."""
    return toolbox([written(folder, "tools.py", text)], folder, **options)


def ended(written: Path) -> bool:
    """Whether the process whose number stands there ends soon: it is gone, or only waits to be reaped."""
    status, until = Path(f"/proc/{written.read_text().strip()}/stat"), time.monotonic() + 30
    while time.monotonic() < until:
        try:
            state = status.read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):  # it may go between two looks, and between open and read
            return True
        if state == "Z":
            return True
        os.sched_yield()
    return False
