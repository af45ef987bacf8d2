"""Where a replay writes its trace: never over what it reads, and over nothing but an older trace."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from litany.errors import PolicyError

if TYPE_CHECKING:
    from litany.trace import TraceFile

KEYS = frozenset({"version", "call", "budget", "sections"})
"""What every line of a trace holds."""


def refused(trace: Path, inputs: Iterable[Path]) -> tuple[str, str] | None:
    """What is wrong with that place and what to do; None when a trace may be written there."""
    try:
        if any(_read_by(path, trace) for path in inputs):
            return f"--trace {trace}: this is one of the files to replay", "give the trace a path of its own"
        if trace.is_file() and trace.stat().st_size and not _is_trace(trace):
            return (
                f"--trace {trace}: this file is there and is no trace",
                "give the trace another path, or move the file",
            )
    except OSError as error:
        return f"--trace {trace}: cannot be looked at ({error.strerror or error})", "give the trace another path"
    return None


def opened(stack: ExitStack, path: Path | None) -> TraceFile | None:
    """A new file at that path, or None. A replay writes one file and no clock, so that twice the same is the same."""
    from litany.trace import TraceFile

    if path is None:
        return None
    try:
        path.write_bytes(b"")
    except OSError as error:
        raise PolicyError(f"--trace {path}: cannot be written ({error.strerror or error})") from error
    trace = TraceFile(path, max_bytes=None, stamp=False)
    stack.callback(trace.close)
    return trace


def _read_by(path: Path, trace: Path) -> bool:
    """Whether the trace is that file, or would be found in that folder."""
    from litany.replay.find import ENDINGS, find

    if path.is_dir() and trace.name.endswith(ENDINGS) and trace.resolve().is_relative_to(path.resolve()):
        return True
    found = find([path]) if trace.is_file() else ()
    return any(isinstance(file, Path) and os.path.samefile(file, trace) for file in found)


def _is_trace(path: Path) -> bool:
    from litany.trace import lines

    first = next(lines(path), None)
    return isinstance(first, dict) and first.keys() >= KEYS
