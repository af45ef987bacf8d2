"""Conversations in a file for the benches: real calls, each write of the store timed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter

from benches.history import Message, history
from litany import Litany, Policy, SqliteStore
from litany.archive import Kept
from litany.core.state import State

SIZE = 2_000
"""Bytes of a message's JSON, about."""
COMPACTING = Policy(window=64_000)
ROOMY = Policy(window=100_000_000, clip_tokens=64, recite="every", keep_recitations=True)
"""Nothing is ever cut, every result is clipped and every recitation stays: the State that grows most."""
AT_ONCE = 40
"""Messages that a call brings while a record is filled."""


@dataclass(slots=True)
class Timed:
    """A store that remembers what its writes took."""

    inner: SqliteStore
    seconds: list[float] = field(default_factory=list)

    def load(self, key: str, /) -> tuple[int, State] | None:
        """As the inner one."""
        return self.inner.load(key)

    def save(self, key: str, version: int, state: State, kept: Sequence[Kept], span: str, /) -> bool:
        """As the inner one, timed."""
        begun = perf_counter()
        done = self.inner.save(key, version, state, kept, span)
        self.seconds.append(perf_counter() - begun)
        return done

    def find(self, key: str, handle: str, /) -> Sequence[Kept]:
        """As the inner one."""
        return self.inner.find(key, handle)

    def search(self, key: str, query: str, /) -> Sequence[Kept]:
        """As the inner one."""
        return self.inner.search(key, query)


@dataclass(slots=True)
class Stored:
    """A conversation under way, with its file."""

    path: Path
    policy: Policy
    messages: list[Message] = field(default_factory=list)
    store: Timed = field(init=False)
    litany: Litany = field(init=False)

    def __post_init__(self) -> None:
        self.store = Timed(SqliteStore(self.path))
        self.litany = Litany(goal="Mend the yard's bills.", store=self.store, key="talk", policy=self.policy)

    def fill(self, length: int) -> None:
        """Up to so many messages, some at a time."""
        while len(self.messages) < length:
            self.grow(min(AT_ONCE, length - len(self.messages)))

    def grow(self, number: int = 2) -> None:
        """One call that brings so many new messages."""
        first = len(self.messages)
        self.messages += [message(n) for n in range(first, first + number)]
        self.litany(self.messages)

    def writes(self, calls: int) -> list[float]:
        """Seconds of each write of so many average calls."""
        self.store.seconds.clear()
        for _ in range(calls):
            self.grow()
        return list(self.store.seconds)

    def bytes(self) -> tuple[int, int]:
        """Of the closed file, and of the record as JSON."""
        self.store.inner.close()
        return self.path.stat().st_size, sum(len(json.dumps(message)) for message in self.messages)


def message(n: int) -> Message:
    """A call or its result, of the sample run's own lines, shuffled, and some ids that are nowhere else."""
    dice = Random(n)
    lines = dice.sample(LINES, 30) + [f"commit {dice.getrandbits(160):x} at {dice.random()}" for _ in range(4)]
    dice.shuffle(lines)
    text = "\n".join(lines)[: SIZE - 150]
    if n % 2:
        return {"role": "tool", "tool_call_id": f"c{n}", "content": text}
    call = {"id": f"c{n + 1}", "type": "function", "function": {"name": "look", "arguments": json.dumps({"n": n})}}
    return {"role": "assistant", "content": text, "tool_calls": [call]}


LINES = sorted(
    {line for told in history("openai", 300) for line in str(told["content"]).splitlines() if len(line) > 20}
)
