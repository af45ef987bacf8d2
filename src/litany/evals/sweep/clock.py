"""Clock: what a sweep knows of time, and how it waits so that stopping it ends every wait."""

from threading import Event
from time import monotonic


class Clock:
    """The machine's own. A test's stands still until it is waited on."""

    def __init__(self) -> None:
        self._stopped = Event()

    def now(self) -> float:
        """Seconds, from wherever."""
        return monotonic()

    def wait(self, seconds: float) -> bool:
        """Waits; True as soon as the sweep is stopped."""
        return self._stopped.wait(max(0.0, seconds))

    def stop(self) -> None:
        """Ends every wait, now and later."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        """Whether it was."""
        return self._stopped.is_set()
