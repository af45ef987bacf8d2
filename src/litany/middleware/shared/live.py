"""Live: the conversations whose messages are held in this process, the least recent ones let go."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from litany.archive import MemoryStore, Store
from litany.core.ports import Dialect
from litany.middleware.conversation import Conversation
from litany.middleware.shared.alone import Alone
from litany.middleware.shared.request import Request

LIVE = 128
"""Conversations whose messages are held, so that they are not read anew."""
HELD = 2_048
"""Conversations that a memory store holds which no host gave: the least recent ones are forgotten."""


@dataclass(slots=True, eq=False)
class Live:
    """One conversation as this process last read it."""

    key: str
    root: str | None
    """What stands before the hash in its keys; None: nothing."""
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

    @property
    def given(self) -> bool:
        """Whether a host gave the store, so that other processes may work over it."""
        return self._own is None

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

    def listed(self, index: str) -> None:
        """A memory store holds that list as it does the conversations."""
        with self._lock:
            self._forget(index)

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
