"""Live: the conversations whose messages are held in this process, the least recent ones let go."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from litany.archive import MemoryStore, Store
from litany.core.message import Message, Role
from litany.core.ports import Dialect
from litany.core.record import Record
from litany.middleware.conversation import Conversation
from litany.middleware.shared.alone import Alone
from litany.middleware.shared.request import Request

LIVE = 128
"""Conversations whose messages are held, so that they are not read anew."""
HELD = 2_048
"""Conversations that a memory store holds which no host gave: the least recent ones are forgotten."""
SUBSTANCE = 200
"""Characters from which an answer tells its conversation from all others; one with calls does by their ids."""


@dataclass(slots=True, eq=False)
class Live:
    """One conversation as this process last read it."""

    key: str
    root: str | None
    """The name that the host gave, where it gave one."""
    talk: Conversation
    alone: Alone = field(default_factory=Alone)

    @property
    def shared(self) -> bool:
        """Whether all conversations that open alike stand here until their second call."""
        return self.key.startswith(f"{self.root or ''}~~")

    def begins(self, request: Request) -> bool:
        """Whether the request begins with the messages that were read last."""
        natives = self.talk.record.natives
        return 0 < len(natives) <= len(request) and request.natives[: len(natives)] == natives

    def continues(self, request: Request) -> bool:
        """Whether the request holds the last answer and all behind it: an edited record, not another conversation."""
        record = self.talk.record
        tail = _tail(record)
        last = [message.digest for message in record.span(tail, record.length)]
        if not last or not _telling(record[tail]):
            return False
        there = list(request.digests())
        places = (place for place, digest in enumerate(there) if digest == last[0])
        return any(there[place : place + len(last)] == last for place in places)


def _tail(record: Record) -> int:
    """Index of the last message of a model; the length when there is none."""
    places = range(record.length - 1, -1, -1)
    return next((place for place in places if record[place].role is Role.ASSISTANT), record.length)


def _telling(answer: Message) -> bool:
    return bool(answer.calls) or len(answer.text) >= SUBSTANCE


class Lives:
    """The live conversations of one door, by key."""

    def __init__(
        self, store: Store | None, made: Callable[[Store, str, str | Dialect | None], Conversation], held: int = HELD
    ) -> None:
        self._most = held
        self._own = MemoryStore() if store is None else None
        self.store: Store = store if store is not None else self._own or MemoryStore()
        self._made = made
        self._lock = Lock()
        self._lives: OrderedDict[str, Live] = OrderedDict()
        self._keys: OrderedDict[str, None] = OrderedDict()

    def beside(self, made: Callable[[Store, str, str | Dialect | None], Conversation]) -> "Lives":
        """Those of another door over the same store."""
        other = Lives(self.store, made, self._most)
        other._own, other._keys, other._lock = self._own, self._keys, self._lock
        return other

    def of(self, key: str, request: Request) -> Live:
        """The live conversation of that key, the most recent one from now on."""
        with self._lock:
            live = self._lives.get(key)
            if live is None:
                live = self._lives[key] = self.spare(key, request)
            self._lives.move_to_end(key)
            while len(self._lives) > LIVE:
                self._lives.popitem(last=False)
            self._forget(key)
            return live

    def spare(self, key: str, request: Request) -> Live:
        """Another object over the same conversation, for a caller that must not wait."""
        return Live(key, request.root, self._made(self.store, key, request.dialect))

    def all(self, root: str | None) -> Sequence[Live]:
        """Those whose keys begin with that root, the most recent first."""
        with self._lock:
            return [live for live in reversed(self._lives.values()) if live.root == root]

    def _forget(self, key: str) -> None:
        if self._own is None:
            return
        self._keys[key] = None
        self._keys.move_to_end(key)
        while len(self._keys) > self._most:
            oldest, _ = self._keys.popitem(last=False)
            self._own.forget(oldest)
            self._lives.pop(oldest, None)
