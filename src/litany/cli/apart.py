"""stdout kept for what litany itself says: what a user's code writes there while a run is at work goes elsewhere.

That is also what goes past Python: `os.write(1, ...)`, or a program that a tool starts.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TextIO

STDOUT, STDERR = 1, 2
PATIENCE = 0.5
"""Seconds that are waited for the last of what was written."""


@contextlib.contextmanager
def apart() -> Iterator[TextIO]:
    """Gives stdout as it was; until this context is left, all that is written to stdout goes to stderr."""
    with _stderr() as aside, contextlib.ExitStack() as after:
        sys.stdout.flush()
        own = os.dup(STDOUT)
        after.callback(os.close, own)
        os.dup2(STDERR if aside is sys.stderr else aside.fileno(), STDOUT)
        after.callback(os.dup2, own, STDOUT)
        after.callback(sys.stdout.flush)
        after.enter_context(contextlib.redirect_stdout(aside))
        yield after.enter_context(open(own, "w", encoding="utf-8", closefd=False))


@contextlib.contextmanager
def overheard(tell: Callable[[str], object]) -> Iterator[None]:
    """Tells each line that is written to stdout past Python, until this context is left."""
    read, write = os.pipe()
    before = os.dup(STDOUT)
    os.dup2(write, STDOUT)
    os.close(write)
    listening = threading.Thread(target=_listen, args=(read, tell), name="litany-overheard", daemon=True)
    listening.start()
    try:
        yield
    finally:
        os.dup2(before, STDOUT)
        os.close(before)
        listening.join(PATIENCE)  # a program that was left behind may still hold the other end


@contextlib.contextmanager
def _stderr() -> Iterator[TextIO]:
    """stderr; nothing's end where it was closed before the start."""
    if getattr(sys, "stderr", None) is not None:
        yield sys.stderr
        return
    with open(os.devnull, "w", encoding="utf-8") as nothing:
        yield nothing


def _listen(read: int, tell: Callable[[str], object]) -> None:
    with open(read, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            tell(line.rstrip("\n"))
