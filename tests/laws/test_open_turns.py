"""Laws 1 and 2 where a record is handed over in the middle of a turn."""

from typing import Any

import pytest

from litany import Litany, Policy
from litany.testing import validate
from tests.histories import calls, result, rows, steps, user


@pytest.mark.parametrize("recite", ["every", "auto"])
def test_a_kept_recitation_never_stands_inside_a_turn_that_was_handed_over_half_way(recite: Any) -> None:
    litany = Litany(policy=Policy(window=4_000, keep_recitations=True, recite=recite))
    messages: list[Any] = [user("Find the leak.")]

    for turn in range(30):
        ids = [f"{letter}{turn}" for letter in "abc"]
        for part in (calls(*ids), *(result(id, rows(8)) for id in ids)):
            messages = [*messages, part]
            assert validate("openai", {"messages": litany(messages)}) == []


def test_a_late_result_that_comes_inside_an_open_turn_does_not_part_it() -> None:
    litany = Litany(policy=Policy(window=2_000))
    begun: list[Any] = [user("Find the leak."), calls("a"), user("Go on."), *steps(40, 12)]
    litany(begun)

    view = litany([*begun, calls("z"), result("a", "late"), result("z", "ok")])

    assert validate("openai", {"messages": view}) == []
    assert litany.recall("late")
