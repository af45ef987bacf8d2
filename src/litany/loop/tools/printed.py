"""What a tool prints, kept for the model instead of running into the terminal or into `--json`.

Python's own `print` and whatever writes to `sys.stdout` is kept; a program that the tool starts writes past it.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from litany.loop.tools.flood import Flood

_KEEPING: ContextVar[Flood | None] = ContextVar("litany_printed", default=None)
_LOCK = threading.Lock()


@contextmanager
def kept(longest: int) -> Iterator[Flood]:
    """Keeps what this context prints, `longest` characters of it at most."""
    printed = Flood(longest)
    token, routed = _KEEPING.set(printed), _installed()
    try:
        yield printed
    finally:
        _KEEPING.reset(token)
        _released(routed)


class _Routed:
    """Stands for sys.stdout while tools run: what a tool writes is kept, all else goes where it went before."""

    def __init__(self, before: Any) -> None:
        self.before, self.users = before, 0

    def write(self, text: str) -> int:
        keeping = _KEEPING.get()
        return int(self.before.write(text) or 0) if keeping is None else keeping.write(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.before, name)


def _installed() -> _Routed:
    with _LOCK:
        now: Any = sys.stdout
        routed = now if isinstance(now, _Routed) else _Routed(now)
        routed.users += 1
        sys.stdout = routed
        return routed


def _released(routed: _Routed) -> None:
    with _LOCK:
        routed.users -= 1
        if not routed.users and sys.stdout is routed:
            sys.stdout = routed.before
