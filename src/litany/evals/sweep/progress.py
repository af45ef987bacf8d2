"""Progress: how far a sweep is, for whoever shows it; the sweep prints nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from litany.evals.outcome import Outcome
from litany.evals.sweep.clock import Clock
from litany.evals.sweep.failing import LASTING

Tell = Callable[["Progress"], None]
OFTEN = 0.1
"""Seconds between two tellings."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One moment of a sweep."""

    done: int
    """Samples that have an outcome, the ones of earlier runs among them."""
    total: int
    errors: int
    """Of them, in this run: errors."""
    reused: int
    """Of them, in this run: answered from the cache."""
    cost: float
    """Dollars, earlier runs included; 0 where no price is known."""
    seconds: float
    """Since this run began."""
    rate: float
    """Samples a second in this run."""
    left: float | None
    """Seconds until the end at this rate; None before the first sample."""
    stopping: bool = False
    """Whether it only waits for the calls that are under way."""
    making: str = ""
    """The history that is being made before the first call; empty once calls are made."""


class Trying:
    """Tells which history is being made, before any call."""

    def __init__(self, before: int, total: int, clock: Clock, tell: Tell | None) -> None:
        self._before, self._total, self._clock, self._tell, self._began = before, total, clock, tell, clock.now()

    def tell(self, making: str) -> None:
        """This one."""
        if self._tell is not None:
            seconds = self._clock.now() - self._began
            self._tell(Progress(self._before, self._total, 0, 0, 0.0, seconds, 0.0, None, making=making))


class Tally:
    """Counts what comes in from all threads, and tells of it in the caller's."""

    def __init__(self, before: int, total: int, clock: Clock, spent: Callable[[], float], tell: Tell | None) -> None:
        self._clock, self._spent, self._tell = clock, spent, tell
        self._before, self._total, self._lock = before, total, Lock()
        self._began = self._told = clock.now()
        self.now = self.errors = self.again = self.reused = 0

    def add(self, outcome: Outcome) -> None:
        """One more."""
        with self._lock:
            self.now += 1
            self.errors += outcome.error is not None
            self.again += outcome.error is not None and not LASTING[outcome.error.kind]
            self.reused += bool(outcome.details and outcome.details.get("reused"))

    def tick(self) -> None:
        """Tells, when it is time."""
        if self._tell is not None and self._clock.now() - self._told >= OFTEN:
            self._told = self._clock.now()
            self._tell(self.progress)

    def last(self) -> None:
        """Tells how it ended."""
        if self._tell is not None:
            self._tell(self.progress)

    @property
    def progress(self) -> Progress:
        """This moment."""
        seconds = self._clock.now() - self._began
        rate = self.now / seconds if seconds > 0 else 0.0
        done = self._before + self.now
        left = (self._total - done) / rate if rate else None
        stopping = self._clock.stopped
        return Progress(
            done, self._total, self.errors, self.reused, self._spent(), seconds, rate, left, stopping=stopping
        )
