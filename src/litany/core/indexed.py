"""Indexed: decisions that stand in the order of the record, found by their index without a look at each."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import attrgetter, is_
from typing import Protocol, TypeVar

INDEX: Callable[[object], int] = attrgetter("index")
TOKENS: Callable[[object], int] = attrgetter("tokens")


class Indexed(Protocol):
    """A decision about one message, or about the place before it."""

    @property
    def index(self) -> int: ...


Decision = TypeVar("Decision", bound=Indexed)


def at(decisions: Sequence[Decision], index: int) -> Decision | None:
    """The decision at that index; None when there is none."""
    place = bisect_left(decisions, index, key=INDEX)
    return decisions[place] if place < len(decisions) and decisions[place].index == index else None


def since(decisions: Sequence[Decision], index: int) -> Sequence[Decision]:
    """The decisions from that index on."""
    return decisions[bisect_left(decisions, index, key=INDEX) :]


def fresh(before: Sequence[Decision], after: Sequence[Decision]) -> list[Decision]:
    """Those that are new or different since `before`; what both share at their start is passed over by identity."""
    alike = list(map(is_, before, after))
    shared = alike.index(False) if False in alike else len(alike)
    known = {decision.index: decision for decision in before[shared:]}
    return [decision for decision in after[shared:] if known.get(decision.index) != decision]
