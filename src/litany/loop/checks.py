"""Checks: whether what a task names as its end holds."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO

from litany.loop.task import Check
from litany.loop.tools.lifeline import end, how, lifeline, tied
from litany.loop.tools.telling import whole

CALLED = Path(__file__).with_name("called.py")
"""What a `python=` check runs in."""
SECONDS = 120.0
"""What a check may take."""
SAID = 300
"""Characters of a command's output that are told."""


async def unmet(checks: Sequence[Check], folder: Path, seconds: float = SECONDS) -> list[str]:
    """The checks that do not hold, each with why."""
    found = [(check, await _wrong(check, folder, seconds)) for check in checks]
    return [f"{check}: {why}" for check, why in found if why]


async def _wrong(check: Check, folder: Path, seconds: float) -> str:
    """Why it does not hold; "" when it does."""
    try:
        if check.shell is not None:
            return await _shell(check.shell, folder, seconds)
        if check.python is not None:
            return await _python(check.python, folder, seconds)
    except (OSError, ValueError) as error:
        return f"it could not be started: {error}"
    return _file(folder / (check.file or ""))


async def _shell(command: str, folder: Path, seconds: float) -> str:
    ran = await _ran(("/bin/sh", "-c", command), folder, seconds)
    return f"{ran.how}{ran.said}" if ran.status else ""


async def _python(name: str, folder: Path, seconds: float) -> str:
    """In a process of its own: it sees the code as it now is, and whatever it does, litany goes on."""
    with TemporaryDirectory() as beside:
        written = Path(beside) / "why"
        command = (sys.executable, "-P", "-B", "-u", str(CALLED), str(written), name, json.dumps(_places(folder)))
        ran = await _ran(command, folder, seconds)
        if ran.status:
            return f"{ran.how}{ran.said}"
        if not written.exists():
            return f"it ended its own process and gave nothing; return True instead{ran.said}"
        why = whole(str(json.loads(written.read_text("ascii"))))
        return why and f"{why}{ran.said}"


def _places(folder: Path) -> list[str]:
    """Where modules are looked for: in the work folder, and wherever this process would look."""
    here = [os.path.abspath(place) if not place or Path(place).exists() else place for place in sys.path]
    return here if str(folder) in here else [str(folder), *here]


@dataclass(frozen=True, slots=True)
class _Ran:
    status: int
    how: str
    """How it ended, in words."""
    said: str
    """The end of what it said, as it is told."""


async def _ran(command: Sequence[str], folder: Path, seconds: float) -> _Ran:
    """A command, ended with all that it began: when it is done, late, or nobody waits; what it says goes into a file.

    Raises: OSError, ValueError when it cannot be started.
    """
    with TemporaryFile() as said, lifeline() as given:
        ran = await asyncio.create_subprocess_exec(
            *tied(*command), cwd=folder, stdin=given, stdout=said, stderr=said, start_new_session=True
        )
        late = ""
        try:
            async with asyncio.timeout(seconds):
                await ran.wait()
        except TimeoutError:
            late = f"not done within {seconds:g} seconds"
        finally:
            end(ran.pid)
            status = await ran.wait()
        return _Ran(status, late or how(status), _end(said))


def _end(said: IO[bytes]) -> str:
    """The end of what a command said."""
    said.seek(max(0, said.seek(0, os.SEEK_END) - 4 * SAID))
    text = " ".join(said.read().decode(errors="replace").split())[-SAID:]
    return f", it said: {text}" if text else ""


def _file(path: Path) -> str:
    try:
        return "" if path.is_file() and path.stat().st_size else "it is empty" if path.is_file() else "there is none"
    except OSError as error:
        return str(error.strerror or error)
