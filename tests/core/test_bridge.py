"""Bridges: two replies that a compaction brings together are parted where the provider wants it."""

from typing import Any

import pytest

from litany import Litany, Policy
from litany.dialects import DIALECTS
from litany.testing import validate
from tests.histories import COUNT, GOAL, Native, asks, gives, request, spoken, steps

BRIDGE = "[Messages that stood here were compacted.]"
SMALL = Policy(window=2_000, recite="off")


def begun(dialect: str) -> list[Native]:
    said = [spoken(dialect, GOAL), spoken(dialect, "I begin.", "assistant"), spoken(dialect, "Go on.")]
    return [*said, asks(dialect, "a"), gives(dialect, "a", "found"), spoken(dialect, "Well?")]


def whole(dialect: str) -> list[Native]:
    return [*begun(dialect), *steps(22, 12, 50, dialect)]


def pinned(dialect: str, *places: int) -> Litany:
    """A conversation in which messages are pinned before most of it is compacted."""
    litany = Litany(policy=SMALL, dialect=dialect)
    litany(begun(dialect))
    for place in places:
        litany.pin(place)
    return litany


@pytest.mark.parametrize("places", [(1,), (3,), (1, 3), (1, 5)])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_pinned_replies_stand_in_a_valid_view(places: tuple[int, ...], dialect: str) -> None:
    litany = pinned(dialect, *places)
    view = litany(whole(dialect))

    assert litany.state["cut"] is not None
    assert validate(dialect, request(dialect, view)) == []


def test_only_gemini_parts_a_pinned_reply_from_the_reply_behind_it() -> None:
    assert [dialect for dialect in DIALECTS if BRIDGE in str(pinned(dialect, 1, 3)(whole(dialect)))] == ["gemini"]


def test_a_bridge_is_counted_and_stays_until_the_next_cut() -> None:
    lines: list[dict[str, Any]] = []
    litany = pinned("gemini", 1, 3)
    view = litany(whole("gemini"))
    later = Litany(policy=SMALL, dialect="gemini", state=litany.state, trace=lines.append)

    assert later([*whole("gemini"), spoken("gemini", "Well?")])[: len(view)] == view
    assert (
        lines[0]["tokens"]
        == sum(DIALECTS["gemini"].read(native, COUNT, False).tokens for native in view) + COUNT("Well?") + 4
    )
