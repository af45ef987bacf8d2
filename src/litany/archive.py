"""Archive and Store: where what left a view is found again, and where State lives. This one is in memory."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol

from litany.core.state import State

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that left a view: its handle, its place in the record, its JSON."""

    handle: str
    index: int
    plain: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """A message found again, as it was."""

    handle: str
    index: int
    message: object


class Store(Protocol):
    """Where conversations live. State and what left the view are saved in one step, or not at all."""

    def load(self, key: str, /) -> tuple[int, State] | None:
        """The version and the State of a conversation, or None."""

    def save(self, key: str, version: int, state: State, kept: Sequence[Kept], span: str, /) -> bool:
        """Save over `version`; False, and nothing saved, when another caller was first.

        `span`: a handle under which everything that left before the cut is found together; "" for none.
        """

    def find(self, key: str, handle: str, /) -> Sequence[Kept]:
        """What is kept under a handle, in the order of the record."""

    def search(self, key: str, query: str, /) -> Sequence[Kept]:
        """What holds the words of the query, best first."""


@dataclass(slots=True)
class _Shelf:
    version: int = 0
    state: State | None = None
    kept: dict[str, Kept] = field(default_factory=dict)
    spans: dict[str, int] = field(default_factory=dict)


class MemoryStore:
    """Conversations in this process."""

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}
        self._lock = Lock()

    def load(self, key: str, /) -> tuple[int, State] | None:
        """The version and the State of a conversation, or None."""
        shelf = self._shelves.get(key)
        return None if shelf is None or shelf.state is None else (shelf.version, shelf.state)

    def save(self, key: str, version: int, state: State, kept: Sequence[Kept], span: str, /) -> bool:
        """Save over `version`; False, and nothing saved, when another caller was first."""
        with self._lock:
            shelf = self._shelves.setdefault(key, _Shelf())
            if shelf.version != version:
                return False
            shelf.kept.update((item.handle, item) for item in kept)
            if span and state.cut is not None:
                shelf.spans[span] = state.cut.end
            shelf.version, shelf.state = version + 1, state
            return True

    def find(self, key: str, handle: str, /) -> Sequence[Kept]:
        """What is kept under a handle, in the order of the record."""
        shelf = self._shelves.get(key) or _Shelf()
        if handle in shelf.kept:
            return (shelf.kept[handle],)
        end = shelf.spans.get(handle, 0)
        return sorted((item for item in shelf.kept.values() if item.index < end), key=lambda item: item.index)

    def search(self, key: str, query: str, /) -> Sequence[Kept]:
        """What holds the words of the query, best first."""
        shelf = self._shelves.get(key) or _Shelf()
        return found(shelf.kept.values(), query)


def found(kept: Iterable[Kept], query: str, most: int = 8) -> Sequence[Kept]:
    """Those that hold most of the query's words, the newest first among equals."""
    words = {word.lower() for word in WORD.findall(query)}
    scored = [(sum(word in text for word in words), item) for item in kept if (text := _readable(item.plain))]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], -pair[1].index))
    return [item for _, item in best[:most]]


def _readable(plain: str) -> str:
    return json.dumps(json.loads(plain), ensure_ascii=False).lower() if "\\u" in plain else plain.lower()
