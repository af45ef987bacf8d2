"""Conversations for the benches: a Litany that has read a history, and calls that bring it two new messages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from benches.history import Message, exchanges, history, system
from litany import Litany, Policy

ROOMY = Policy(window=4_000_000, clip_tokens=8_000)
"""A window in which nothing is cut; results are clipped as they are by default in a window of 128k."""
GOAL = "Storage is billed by the day in the yard's own time zone."


@dataclass(slots=True)
class Talk:
    """A conversation under way."""

    dialect: str
    messages: list[Message]
    litany: Litany
    new: Iterator[list[Message]] = field(init=False)

    def __post_init__(self) -> None:
        self.new = exchanges(self.dialect)

    def grow(self) -> None:
        """Two new messages; all the others stay the same objects."""
        self.messages.extend(next(self.new))

    def call(self) -> list[Any]:
        """One call of litany."""
        return self.litany(self.messages, system(self.dialect) if self.dialect == "anthropic" else None)

    def request(self) -> Message:
        """The request that these messages make."""
        beside = {} if self.dialect == "openai" else {"system": system(self.dialect)}
        return {"model": "any", "max_tokens": 4_096, **beside, "messages": self.messages}

    def dumped(self) -> str:
        """The request as every client writes it."""
        return json.dumps(self.request())

    def read_again(self) -> Message:
        """The request as a server parses it: all its objects are new."""
        request: Message = json.loads(self.dumped())
        return request


def talk(dialect: str, length: int, policy: Policy = ROOMY) -> Talk:
    """A conversation whose history was read by an earlier call."""
    begun = Talk(dialect, history(dialect, length), Litany(goal=GOAL, policy=policy))
    begun.call()
    return begun


def compacting(dialect: str, length: int) -> Talk:
    """A conversation whose next call passes the trigger and compacts without a model; clearing is held back."""
    tokens = size(dialect, length)
    return talk(dialect, length, Policy(window=int((tokens + 500) / 0.8) + 4_096, clear_keep=length))


@cache
def size(dialect: str, length: int) -> int:
    """Tokens of the view of a history in which nothing is cut."""
    lines: list[dict[str, Any]] = []
    begun = Talk(dialect, history(dialect, length), Litany(goal=GOAL, policy=ROOMY, trace=lines.append))
    begun.call()
    return int(lines[0]["tokens"])
