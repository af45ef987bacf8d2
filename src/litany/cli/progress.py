"""Progress on a terminal: how far the work is, and the time left."""

import sys
from time import monotonic

EVERY = 0.1
"""Seconds between two looks."""


class Progress:
    """One line on stderr, rewritten in place; nothing where stderr is no terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._started = self._last = monotonic()
        self._drawn = False

    def at(self, share: float, text: str) -> None:
        """So much of the work is done."""
        now = monotonic()
        if not self._shown or now - self._last < EVERY:
            return
        self._last, self._drawn = now, True
        share = min(max(share, 0.001), 1.0)
        left = int((now - self._started) * (1 - share) / share)
        print(f"\r\x1b[K{text}, {share:.0%}, {left // 60}:{left % 60:02d} left", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Takes the line away, so that something can be said."""
        if self._drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._drawn = False
