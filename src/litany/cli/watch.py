"""How far a sweep is: a line on the terminal, rewritten in place; elsewhere a line a minute."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from litany.cli.progress import Progress, clock
from litany.core.money import money

if TYPE_CHECKING:
    from litany.evals import sweep

MINUTE = 60.0
"""Seconds between two lines where stderr is no terminal, and after which the first one comes."""


class Watch:
    """Is told of progress, and shows it."""

    def __init__(self, start: str) -> None:
        """`start`: what is said first."""
        self._start, self._line, self._last = start, Progress(), 0.0
        self.began = False
        """Whether anything may be paid for already."""

    def __call__(self, now: sweep.Progress) -> None:
        """This moment."""
        self.began = self.began or not now.making
        if self._start:
            print(f"litany: {self._start}", file=sys.stderr, flush=True)
            self._start = ""
        if sys.stderr.isatty():
            self._line.show(told(now))
        elif now.seconds - self._last >= MINUTE:
            self._last = now.seconds
            print(f"litany: {told(now)}", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Takes the line away."""
        self._line.clear()


def told(now: sweep.Progress) -> str:
    """A moment in one line."""
    if now.making:
        return f"before the first call: making a history of {now.making}"
    if now.stopping:
        return f"{now.done:,} of {now.total:,}; waiting for the calls under way, which are paid; Ctrl-C leaves them"
    parts = [f"{now.done:,} of {now.total:,} ({now.done / max(1, now.total):.0%})", pace(now.rate)]
    parts += [money(now.cost)] if now.cost else []
    parts += [f"{now.errors:,} error{'' if now.errors == 1 else 's'}"] if now.errors else []
    parts += [f"{now.reused:,} known before"] if now.reused else []
    parts += [f"{clock(now.left)} left"] if now.left is not None else []
    return ", ".join(parts)


def pace(rate: float) -> str:
    """Samples a second, or a minute where they are few."""
    return f"{rate:,.0f}/s" if rate >= 10 else f"{rate:.1f}/s" if rate >= 1 else f"{60 * rate:.0f}/min"
