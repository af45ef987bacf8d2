"""Bridges: where a line of the user must part two messages of the assistant that a compaction brought together.

Only in a dialect in which a message with calls stands right behind what the user said or a tool gave. What is kept
before the summary is the user's as a rule; a pinned reply may stand there too, with another one behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from litany.core.message import Role
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.view import BRIDGE


@dataclass(frozen=True, slots=True)
class Parting:
    """The indexes before which a bridge stands, and the tokens of all of them."""

    bridges: tuple[int, ...]
    tokens: int


def bridged(record: Record, setting: Setting, kept: Sequence[int], place: int, end: int) -> Parting:
    """The bridges between kept messages, and before the tail that begins at `end`.

    `place`: how many of the kept stand before the summary; -1 when there is none.
    """
    if not setting.dialect.alternates:
        return Parting((), 0)
    found: list[int] = []
    spoken = False  # whether the assistant spoke last
    for at, index in enumerate((*kept, end)):
        replies = index >= record.length or record[index].role is Role.ASSISTANT
        if spoken and replies and at != place:
            found.append(index)
        spoken = replies
    each = setting.dialect.read(setting.dialect.user(BRIDGE), setting.count, False).tokens if found else 0
    return Parting(tuple(found), each * len(found))
