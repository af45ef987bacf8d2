"""Bodies: the requests read last, so that what a conversation repeats on every call is read once."""

from collections import OrderedDict
from threading import Lock

from litany.serve.body import Body, common, read

HELD = 256
"""Bodies that are held, the most recent ones."""
LETTERS = 64_000_000
"""Letters that they hold together at most."""
BEGINNING = 1_024
"""Bytes by which bodies that may be alike are found."""


class Bodies:
    """Reads bodies, and holds the recent ones. For threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: OrderedDict[int, Body] = OrderedDict()
        self._letters = 0

    def __len__(self) -> int:
        return len(self._held)

    def read(self, raw: bytes, name: str) -> Body | None:
        """The body; its messages are the very objects of an earlier one as far as both begin alike."""
        near = self._near(raw, name)
        body = read(raw, name, near)
        if body is not None:
            self._hold(body, near)
        return body

    def _near(self, raw: bytes, name: str) -> Body | None:
        """The body that has most in common with this one."""
        beginning = raw[:BEGINNING]
        with self._lock:
            alike = [body for body in self._held.values() if body.name == name and body.raw.startswith(beginning)]
        text = raw.decode(errors="replace") if alike else ""
        return max(alike, key=lambda body: common(text, body), default=None)

    def _hold(self, body: Body, near: Body | None) -> None:
        """Holds the body, in the place of one that it goes on from."""
        with self._lock:
            if near is not None and common(body.text, near) == len(near.messages):
                self._drop(id(near))
            self._held[id(body)] = body
            self._letters += len(body.text)
            while len(self._held) > HELD or (self._letters > LETTERS and len(self._held) > 1):
                self._drop(next(iter(self._held)))

    def _drop(self, key: int) -> None:
        body = self._held.pop(key, None)
        self._letters -= 0 if body is None else len(body.text)
