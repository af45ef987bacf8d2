"""The private channel in a graph's state: where an agent's checkpointer keeps what litany remembers.

A checkpointer then resumes it in any process and branches it with the messages. The channel bears a stamp; one that
this process did not write last came from elsewhere (another process, an earlier checkpoint), and rules.
"""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any, TypedDict

MOST = 2_048
"""Conversations whose stamps are remembered: the most recent ones."""


class Channel(TypedDict, total=False):
    """What the channel holds."""

    key: str
    """The conversation's name."""
    place: str
    """Where in a graph of graphs its agent runs: one that inherits the channel elsewhere begins a copy."""
    stamp: str
    """Who wrote it, and which version of the State that was."""
    state: dict[str, Any]
    """The State; absent where a Store of the user's keeps it."""


def newest(before: Channel | None, after: Channel | None) -> Channel | None:
    """The later of two that were written in one step, by parallel tools; else what came."""
    if not before or not after or _written(before)[:2] != _written(after)[:2]:
        return after or before
    return before if _written(before)[2] > _written(after)[2] else after


def stamped(writer: str, version: int) -> str:
    """The stamp of a version."""
    return f"{writer}:{version}"


def _written(channel: Mapping[str, Any]) -> tuple[str, str, int]:
    """The conversation, who wrote it, and the version."""
    stamp = str(channel.get("stamp", ""))
    return str(channel.get("key")), stamp.partition(":")[0], _version(stamp)


def _version(stamp: str) -> int:
    return int(stamp.partition(":")[2] or 0)


class Stamps:
    """The stamps of each conversation that this process wrote, or took over, since the model was last asked.

    Tools that run side by side all read what the model's call wrote, and each writes its own.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, set[str]] = OrderedDict()
        self._lock = Lock()

    def add(self, key: str, stamp: str, asked: bool) -> None:
        """One that was written now; `asked`: by a call of the model, so that it takes the place of all others."""
        with self._lock:
            self._known[key] = {stamp} if asked else {stamp, *self._known.get(key, ())}
            self._known.move_to_end(key)
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def knows(self, key: str, stamp: str) -> bool:
        """Whether it is one of them."""
        return stamp in self._known.get(key, ())

    def newest(self, key: str, stamp: str) -> bool:
        """Whether it is the last of them."""
        with self._lock:
            known = self._known.get(key, set())
        return stamp in known and _version(stamp) == max(map(_version, known))

    def clear(self) -> None:
        """Forgets them all."""
        with self._lock:
            self._known.clear()
