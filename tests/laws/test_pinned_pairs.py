"""Laws 1 to 3 around pins: what is pinned stands whole and is answered, however late its results came."""

from collections.abc import Sequence
from typing import Any

import pytest

from litany import Litany, Policy
from litany.testing import validate

SMALL = Policy(window=2_000)
Message = dict[str, Any]


def user(text: str) -> Message:
    return {"role": "user", "content": text}


def calls(*ids: str) -> Message:
    asked = [{"id": id, "type": "function", "function": {"name": "bash", "arguments": "{}"}} for id in ids]
    return {"role": "assistant", "content": None, "tool_calls": asked}


def result(id: str) -> Message:
    return {"role": "tool", "tool_call_id": id, "content": f"result of {id}"}


def talk(turns: int) -> list[Message]:
    return [
        message
        for turn in range(turns)
        for message in ({"role": "assistant", "content": "word " * 60}, user(f"go {turn}"))
    ]


BEGUN = [user("task"), calls("a", "b"), result("a"), user("go on")]
LATE = [*BEGUN, result("b")]
BETWEEN = [*BEGUN, calls("c"), result("b"), result("c")]


@pytest.mark.parametrize(
    ("record", "pin", "whole"),
    [
        (LATE, 4, [1, 2, 4]),
        (LATE, 1, [1, 2, 4]),
        (LATE, 2, [1, 2, 4]),
        (LATE, 3, [3]),
        (BETWEEN, 4, [4, 6]),
        (BETWEEN, 5, [1, 2, 5]),
        (BETWEEN, 6, [4, 6]),
        (BETWEEN, 2, [1, 2, 5]),
    ],
)
@pytest.mark.parametrize("before", [0, 25])
def test_a_pinned_turn_stands_whole_with_its_late_result(
    record: list[Message], pin: int, whole: list[int], before: int
) -> None:
    litany = Litany(policy=SMALL)
    record = [*record, *talk(before)]
    litany(record)
    litany.pin(pin)

    for turns in (1, 25, 12):
        record = [*record, *talk(turns)]
        assert_whole(litany(record), record, whole)


@pytest.mark.parametrize("first", ["pin", "late"])
def test_a_result_that_comes_after_the_cut_stands_behind_its_pinned_call(first: str) -> None:
    litany = Litany(policy=SMALL)
    litany(BEGUN)
    record = [*BEGUN, *talk(25)]
    litany(record)
    if first == "pin":
        litany.pin(1)
    record = [*record, result("b"), *talk(1)]
    at = record.index(result("b"))
    view = litany(record)
    assert validate("openai", {"messages": view}) == []
    litany.pin(at)

    for turns in (1, 12, 12):
        record = [*record, *talk(turns)]
        assert_whole(litany(record), record, [1, 2, at])


def test_a_late_result_of_a_compacted_call_is_told_as_a_note() -> None:
    litany = Litany(policy=SMALL)
    litany(BEGUN)
    record = [*BEGUN, *talk(25)]
    litany(record)

    view = litany([*record, result("b"), *talk(1)])

    assert "came late" in str(view)
    assert result("b") not in view


def test_a_pin_outlives_an_edit_of_an_earlier_message() -> None:
    litany = Litany(policy=SMALL)
    record = [user("task"), *talk(4), calls("a"), result("a"), *talk(20)]
    litany(record)
    litany.pin(10)
    record[2] = user("go 0, edited")

    assert_whole(litany([*record, *talk(1)]), record, [9, 10])


@pytest.mark.parametrize("place", [1, 5])
def test_a_pin_outlives_messages_put_in_before_it(place: int) -> None:
    litany = Litany(policy=SMALL)
    record = [user("task"), *talk(4), calls("a"), result("a"), *talk(20)]
    litany(record)
    litany.pin(10)
    record[place:place] = talk(1)

    assert_whole(litany([*record, *talk(1)]), record, [11, 12])


def test_a_pin_falls_when_its_message_is_edited() -> None:
    litany = Litany(policy=SMALL)
    record = [user("task"), *talk(4), calls("a"), result("a")]
    litany(record)
    litany.pin(10)
    record[10] = {**record[10], "content": "other"}
    litany([*record, *talk(1)])

    assert litany.state["pins"] == []


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("pin", [1, 2])
def test_a_pinned_result_carries_no_recitation(keep: bool, pin: int) -> None:
    litany = Litany(policy=Policy(window=2_000, carrier="result", recite="every", keep_recitations=keep))
    record = [user("task"), calls("a"), result("a")]
    litany(record)
    litany.pin(pin)

    for turns in (0, 1, 25):
        record = [*record, *talk(turns)]
        assert_whole(litany(record), record, [1, 2])


def assert_whole(view: Sequence[object], record: Sequence[Message], indexes: Sequence[int]) -> None:
    assert validate("openai", {"messages": view}) == []
    assert all(record[index] in view for index in indexes)
