"""Crew: threads that work off what the caller gives them, and no faster than it can be given."""

from collections.abc import Callable
from queue import Empty, Full, Queue
from threading import Thread
from time import monotonic
from typing import Generic, TypeVar

J = TypeVar("J")
TICK = 0.2
"""Seconds between two looks of whoever waits."""
AHEAD = 2
"""Jobs a thread that wait for it."""


class Crew(Generic[J]):
    """What a thread raises ends the work, and is raised to the caller."""

    def __init__(self, size: int, work: Callable[[J], None], tick: Callable[[], None]) -> None:
        """`tick` is called from time to time by whoever waits, in the caller's thread."""
        self._work, self._tick = work, tick
        self._jobs: Queue[J | None] = Queue(size * AHEAD)
        self._failure: BaseException | None = None
        self._threads = [Thread(target=self._worked, name=f"sweep-{n}", daemon=True) for n in range(size)]
        for thread in self._threads:
            thread.start()

    def give(self, job: J) -> None:
        """Waits until the job has a place."""
        self._put(job)

    def finish(self) -> None:
        """Waits until all is done."""
        for _ in self._threads:
            self._put(None)
        while any(thread.is_alive() for thread in self._threads):
            self._look()
            self._first().join(TICK)
        self._look()

    def leave(self, seconds: float) -> None:
        """Takes back what nobody has begun, and waits so long for what is under way."""
        try:
            while True:
                self._jobs.get_nowait()
        except Empty:
            pass
        until = monotonic() + seconds
        for _ in self._threads:
            self._jobs.put(None, timeout=seconds)
        while monotonic() < until and any(thread.is_alive() for thread in self._threads):
            self._tick()
            self._first().join(TICK)

    def _first(self) -> Thread:
        return next((thread for thread in self._threads if thread.is_alive()), self._threads[0])

    def _put(self, job: J | None) -> None:
        while True:
            self._look()
            try:
                return self._jobs.put(job, timeout=TICK)
            except Full:
                continue

    def _look(self) -> None:
        self._tick()
        if self._failure is not None:
            raise self._failure

    def _worked(self) -> None:
        while (job := self._jobs.get()) is not None:
            if self._failure is None:
                self._one(job)

    def _one(self, job: J) -> None:
        try:
            self._work(job)
        except BaseException as error:  # noqa: BLE001  # it is raised where the caller waits
            self._failure = error
