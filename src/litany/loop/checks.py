"""Checks: whether what a task names as its end holds."""

import asyncio
import importlib
import os
import signal
import sys
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from litany.errors import TaskError
from litany.loop.task import Check

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
    if check.shell is not None:
        return await _shell(check.shell, folder, seconds)
    if check.python is not None:
        return await _python(check.python, folder, seconds)
    return _file(folder / (check.file or ""))


async def _shell(command: str, folder: Path, seconds: float) -> str:
    """The command in a session of its own, so that all it began ends with it; what it says goes into a file."""
    with TemporaryFile() as said:
        ran = await asyncio.create_subprocess_shell(
            command, cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
        try:
            async with asyncio.timeout(seconds):
                await ran.wait()
        except TimeoutError:
            return f"not done within {seconds:g} seconds"
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(ran.pid, signal.SIGKILL)
            await ran.wait()
        return f"exit status {ran.returncode}{_end(said)}" if ran.returncode else ""


def _end(said: IO[bytes]) -> str:
    """The end of what a command said."""
    said.seek(max(0, said.seek(0, os.SEEK_END) - 4 * SAID))
    text = " ".join(said.read().decode(errors="replace").split())[-SAID:]
    return f", it said: {text}" if text else ""


async def _python(name: str, folder: Path, seconds: float) -> str:
    try:
        async with asyncio.timeout(seconds):
            given = await asyncio.to_thread(_called, name, folder)
            true = await given if isinstance(given, Awaitable) else given
    except TimeoutError:
        return f"not done within {seconds:g} seconds"
    except TaskError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 -- a user's function, as a tool is; what it raises is told
        return f"{type(error).__name__}: {error}"
    return "" if true is True else f"it gave {true!r:.80}"


def _called(name: str, folder: Path) -> object:
    module, _, function = name.partition(":")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        found = getattr(importlib.import_module(module), function)
    except ModuleNotFoundError as error:
        raise TaskError(f"there is no module {error.name!r}") from None
    except AttributeError:
        raise TaskError(f"{module} has no {function!r}") from None
    return found()


def _file(path: Path) -> str:
    try:
        return "" if path.is_file() and path.stat().st_size else "it is empty" if path.is_file() else "there is none"
    except OSError as error:
        return str(error.strerror or error)
