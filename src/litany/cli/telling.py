"""Telling: what a server says of its requests, a line each; no request waits for whoever reads it, or fails with it."""

from __future__ import annotations

import atexit
import json
import os
import sys
from collections import deque
from collections.abc import Callable, Mapping
from threading import Condition, Thread
from time import strftime

from litany.cli.store import plain

MOST = 1_024
"""Events that wait for their reader; what comes when all places are taken is counted, and not told."""
LAST = 1.0
"""Seconds that the last events are given when the process ends."""
Event = Mapping[str, object]


class Teller:
    """Writes events to standard output from a thread of its own, begun with the first one. For threads."""

    def __init__(self, worded: Callable[[Event], str], descriptor: int | None = None, most: int = MOST) -> None:
        """`descriptor`: where to; None: this process's standard output."""
        self._worded, self._descriptor, self._most = worded, descriptor, most
        self._changed = Condition()
        self._waiting: deque[Event] = deque()
        self._untold = 0
        self._begun = self._writes = self._over = False

    def __call__(self, event: Event) -> None:
        """Tells it soon. Waits for nobody, and raises nothing."""
        with self._changed:
            if self._over:
                return
            self._begin()
            if len(self._waiting) >= self._most:
                self._untold += 1
                return
            self._waiting.append(event)
            self._changed.notify_all()

    def end(self, seconds: float = LAST) -> None:
        """Waits that long at most until all is told."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or not (self._waiting or self._untold or self._writes), seconds)

    def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        atexit.register(self.end)
        Thread(target=self._write, name="litany tells", daemon=True).start()

    def _write(self) -> None:
        """Past the buffer of `sys.stdout`, whose lock a blocked write would hold when the process ends."""
        descriptor = sys.stdout.fileno() if self._descriptor is None else self._descriptor
        try:
            while True:
                rest = f"{self._worded(self._next())}\n".encode(errors="backslashreplace")
                while rest:  # one write a line, for the workers share their output
                    rest = rest[os.write(descriptor, rest) :]
        except OSError:
            self._stop()  # nobody reads; there is nobody to tell

    def _next(self) -> Event:
        """The next event, once there is one; how many were not told as soon as half the places are free."""
        with self._changed:
            self._writes = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._waiting or self._untold)
            self._writes = True
            if not self._untold or len(self._waiting) > self._most // 2:
                return self._waiting.popleft()
            untold, self._untold = self._untold, 0
            return {"event": "untold", "count": untold}

    def _stop(self) -> None:
        with self._changed:
            self._over = True
            self._waiting.clear()
            self._changed.notify_all()


def as_json(event: Event) -> str:
    """An event for machines."""
    return json.dumps(event)


def as_line(event: Event) -> str:
    """A request in one line, for people."""
    if event["event"] == "untold":
        return f"{strftime('%H:%M:%S')}  {event['count']} requests were not told: their lines were not read in time"
    told = [strftime("%H:%M:%S"), str(event["status"]), f"{event['method']} {event['path']}"]
    if "conversation" in event:
        told += [str(event["conversation"]), f"{event['messages']} messages, {event['sent']} sent"]
    told += ["sent once more, smaller"] * ("retried" in event)
    told += [f"{name}: {event[name]}" for name in ("untouched", "refused") if name in event]
    return "  ".join(map(plain, [*told, f"{event['seconds']} s"]))
