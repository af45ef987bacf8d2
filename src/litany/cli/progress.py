"""Progress on a terminal: how far the work is, and the time left."""

import shutil
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
        share = min(max(share, 0.001), 1.0)
        left = (monotonic() - self._started) * (1 - share) / share
        self.show(f"{text}, {share:.0%}, {clock(left)} left")

    def show(self, text: str) -> None:
        """The line reads so now, as far as it fits."""
        now = monotonic()
        if not self._shown or now - self._last < EVERY:
            return
        self._last, self._drawn = now, True
        room = max(20, shutil.get_terminal_size().columns - 1)
        print(f"\r\x1b[K{text[:room]}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Takes the line away, so that something can be said."""
        if self._drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._drawn = False


def clock(seconds: float) -> str:
    """A time as 0:07, 12:30 or 1:05:00."""
    hours, rest = divmod(round(seconds), 3_600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"
