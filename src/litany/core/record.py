"""Record: the host's messages as they were read, append-only, with their sums and hashes."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from litany.core.message import Joint, Message, Role


def chained(before: str, digest: str) -> str:
    """Hash over the messages up to and with one, from the hash before it and its own digest."""
    return sha256((before + digest).encode()).hexdigest()[:16]


@dataclass(slots=True)
class _Log:
    """The growing lists that successive records share; only ever appended to."""

    messages: list[Message] = field(default_factory=list)
    sums: list[int] = field(default_factory=lambda: [0])
    chain: list[str] = field(default_factory=lambda: [""])
    systems: list[int] = field(default_factory=list)
    bounds: list[int] = field(default_factory=list)
    folds: list[int] = field(default_factory=list)

    def add(self, message: Message) -> None:
        if message.role is Role.SYSTEM:
            self.systems.append(len(self.messages))
        if message.bound:
            self.bounds.append(len(self.messages))
        if message.folds:
            self.folds.append(len(self.messages))
        self.messages.append(message)
        self.sums.append(self.sums[-1] + message.tokens)
        self.chain.append(chained(self.chain[-1], message.digest))


@dataclass(frozen=True, slots=True)
class Record:
    """The first `length` messages of a log. Growing it copies nothing while it is the newest."""

    length: int = 0
    natives: Sequence[object] = ()
    """The host's own objects, as they came on this call."""
    _log: _Log = field(default_factory=_Log)

    def __getitem__(self, index: int) -> Message:
        return self._log.messages[index]

    def span(self, start: int, end: int) -> Sequence[Message]:
        """Messages from start up to, not including, end."""
        return self._log.messages[start : min(end, self.length)]

    def tokens(self, start: int, end: int) -> int:
        """Tokens of that span, before any change."""
        return self._log.sums[end] - self._log.sums[start]

    def at(self, index: int) -> str:
        """Hash over the messages before index: equal when the records agree up to there."""
        return self._log.chain[index] if index <= self.length else "-"

    def grown(self, messages: Iterable[Message], natives: Sequence[object]) -> "Record":
        """This record with messages after it; `natives` are the host's objects of all of it."""
        newest = 0 < self.length == len(self._log.messages)  # an empty one may be anybody's, and two may begin at once
        log = self._log if newest else self._copy()
        for message in messages:
            log.add(message)
        return Record(len(log.messages), natives, log)

    def back(self, length: int) -> "Record":
        """The first messages of this record."""
        return Record(length, self.natives[:length], self._log)

    def _copy(self) -> _Log:
        n = self.length
        found = (self._log.systems, self._log.bounds, self._log.folds)
        few = ([index for index in indexes if index < n] for indexes in found)
        return _Log(self._log.messages[:n], self._log.sums[: n + 1], self._log.chain[: n + 1], *few)

    def joined(self, index: int) -> bool:
        """Whether a message of the assistant goes on with the turn of the message before it."""
        joint = self[index].joint
        if joint is Joint.NONE or index == 0:
            return False
        before = self[index - 1]
        return before.joint is not Joint.NONE or (joint is Joint.TURN and bool(before.answers))

    def fold(self, end: int) -> int:
        """Index of the newest message before `end` that stands for all before it; -1 when there is none."""
        place = bisect_left(self._log.folds, min(end, self.length))
        return self._log.folds[place - 1] if place else -1

    def bound(self, start: int = 0) -> bool:
        """Whether a message from start on holds a thinking block that is bound to its prefix."""
        return bisect_left(self._log.bounds, start) < bisect_left(self._log.bounds, self.length)

    def systems(self, end: int) -> Sequence[int]:
        """Indexes of the system messages before end."""
        return self._log.systems[: bisect_left(self._log.systems, min(end, self.length))]

    @property
    def leading(self) -> int:
        """How many system messages stand before everything else."""
        number = 0
        for index in self._log.systems:
            if index != number or index >= self.length:
                break
            number += 1
        return number
