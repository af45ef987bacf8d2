"""Gate: lets calls through at the pace that the provider allows, evenly, so that no minute holds more."""

from threading import Lock

from litany.evals.sweep.clock import Clock
from litany.evals.sweep.suite import Pace


class Gate:
    """One for all workers."""

    def __init__(self, pace: Pace, clock: Clock) -> None:
        self._clock, self._lock = clock, Lock()
        self._a_request = 60 / pace.requests if pace.requests else 0.0
        self._a_token = 60 / pace.tokens if pace.tokens else 0.0
        self._next = self._paused = clock.now()

    def passed(self, tokens: int) -> bool:
        """Waits for a turn of so many tokens; False when the sweep was stopped meanwhile."""
        while True:
            left = self._booked(tokens)
            if left > 0 and self._clock.wait(left):
                return False
            if self._clock.now() >= self._paused:
                return not self._clock.stopped

    def pause(self, seconds: float) -> None:
        """Nobody passes for so long: what a provider asks of one call it asks of all."""
        with self._lock:
            self._paused = max(self._paused, self._clock.now() + seconds)

    def corrected(self, tokens: int) -> None:
        """So many tokens more than were booked, or fewer."""
        with self._lock:
            self._next += tokens * self._a_token

    def _booked(self, tokens: int) -> float:
        """Seconds until the turn."""
        with self._lock:
            now = self._clock.now()
            start = max(now, self._next, self._paused)
            self._next = start + max(self._a_request, tokens * self._a_token)
            return start - now
