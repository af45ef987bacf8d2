"""Text that comes piece by piece, of which only the beginning and the end are kept: 50 MB never lie in memory."""

import threading
from collections import deque

from litany.loop.tools.telling import left_out


class Flood:
    """Keeps at most `longest` characters; safe to write to from several threads."""

    def __init__(self, longest: int) -> None:
        """`longest`: characters, half of them for the beginning."""
        self._half = longest // 2
        self._head: list[str] = []
        self._tail: deque[str] = deque()
        self._headed = self._tailed = self._length = 0
        self._lock = threading.Lock()

    def write(self, text: str) -> int:
        """Takes the next piece; gives its length, as a stream does."""
        with self._lock:
            self._length += len(text)
            if self._headed < self._half:
                first, text = text[: self._half - self._headed], text[self._half - self._headed :]
                self._head.append(first)
                self._headed += len(first)
                length = len(first) + len(text)
            else:
                length = len(text)
            if text:
                self._keep(text[-self._half :] if self._half else "")
        return length

    def text(self) -> str:
        """What was kept, with a line that says how much was not."""
        with self._lock:
            tail = "".join(self._tail)
            tail = tail[max(0, len(tail) - self._half) :]
            lost = self._length - self._headed - len(tail)
            return "".join(self._head) + (left_out(lost, "characters") if lost else "") + tail

    def _keep(self, text: str) -> None:
        self._tail.append(text)
        self._tailed += len(text)
        while self._tailed - len(self._tail[0]) >= self._half and len(self._tail) > 1:
            self._tailed -= len(self._tail.popleft())
