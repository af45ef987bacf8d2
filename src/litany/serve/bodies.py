"""Bodies: the requests read last, so that what a conversation repeats on every call is read once."""

from collections import OrderedDict
from threading import Lock

from litany.serve.body import Body, common, decoded, parsed

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
        text = decoded(raw)
        if text is None:
            return None
        near, same = self._near(raw, text, name)
        body = parsed(raw, text, name, near, same)
        if body is not None:
            self._hold(body, near, same)
        return body

    def _near(self, raw: bytes, text: str, name: str) -> tuple[Body | None, int]:
        """The body that has most in common with this one, and how many messages that is."""
        beginning = raw[:BEGINNING]
        with self._lock:
            alike = [body for body in self._held.values() if body.name == name and body.raw.startswith(beginning)]
        found = ((body, common(text, body)) for body in alike)
        return max(found, key=lambda pair: pair[1], default=(None, 0))

    def _hold(self, body: Body, near: Body | None, same: int) -> None:
        """Holds the body, in the place of one that it goes on from."""
        with self._lock:
            if near is not None and same == len(near.messages):
                self._drop(id(near))
            self._held[id(body)] = body
            self._letters += len(body.text)
            while len(self._held) > HELD or (self._letters > LETTERS and len(self._held) > 1):
                self._drop(next(iter(self._held)))

    def _drop(self, key: int) -> None:
        body = self._held.pop(key, None)
        self._letters -= 0 if body is None else len(body.text)
