"""Alone: one at a time, threads and tasks alike, in the order in which they came."""

from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future


class Alone:
    """Lets one caller in; the others wait, a task without blocking its loop."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Future[None]] = deque()
        self.taken = False

    @contextmanager
    def entered(self) -> Iterator[None]:
        """For a thread."""
        ticket = self._ticket()
        with self._kept(ticket):
            if ticket is not None:
                ticket.result()
        try:
            yield
        finally:
            self._leave()

    @asynccontextmanager
    async def entered_async(self) -> AsyncIterator[None]:
        """For a task."""
        ticket = self._ticket()
        with self._kept(ticket):
            if ticket is not None:
                from asyncio import wrap_future

                await wrap_future(ticket)
        try:
            yield
        finally:
            self._leave()

    def _ticket(self) -> "Future[None] | None":
        """A place in the line; None: it is this caller's turn."""
        with self._lock:
            if not self.taken:
                self.taken = True
                return None
            from concurrent.futures import Future  # here, not above: few ever wait, and importing litany is quick

            ticket: Future[None] = Future()
            self._waiting.append(ticket)
            return ticket

    @contextmanager
    def _kept(self, ticket: "Future[None] | None") -> Iterator[None]:
        """A caller that is cancelled while it waits gives up its place, or passes on the turn that it just got."""
        came = False
        try:
            yield
            came = True
        finally:
            if not came and ticket is not None and not ticket.cancel():
                self._leave()

    def _leave(self) -> None:
        with self._lock:
            while self._waiting:
                ticket = self._waiting.popleft()
                if ticket.set_running_or_notify_cancel():
                    ticket.set_result(None)
                    return
            self.taken = False
