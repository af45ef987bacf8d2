"""Prices on a toy loop, against figures worked out by hand."""

import pytest

from litany.replay.parts import Parts
from litany.replay.price import Meter
from litany.replay.run import Run

FRAME = 4
"""Tokens of a message beside its text, in the OpenAI dialect."""


def said(role: str, words: int) -> dict[str, object]:
    return {"role": role, "content": "w" * words}


TASK, ANSWER, MORE = said("user", 96), said("assistant", 46), said("user", 6)
RUN = Run("toy", 0, "openai", "openai", (TASK, ANSWER, MORE))


def letters(text: str) -> int:
    return len(text)


def meter() -> Meter:
    return Meter(Parts(RUN, letters))


def test_the_first_call_writes_everything_to_the_cache() -> None:
    made = meter()

    made.add([TASK])

    assert made.cost == pytest.approx(1.25 * 100)
    assert made.reuse == 0


def test_the_next_call_reads_the_common_prefix() -> None:
    made = meter()

    made.add([TASK])
    made.add([TASK, ANSWER, MORE])

    assert made.cost == pytest.approx(125 + 0.1 * 100 + 1.25 * (50 + 10))
    assert made.reuse == pytest.approx(100 / (100 + 160))
    assert made.largest == 160


def test_a_message_that_changed_is_written_again_with_all_that_follows() -> None:
    made, shorter = meter(), said("assistant", 16)

    made.add([TASK, ANSWER, MORE])
    made.add([TASK, shorter, MORE])

    assert made.cost == pytest.approx(1.25 * 160 + 0.1 * 100 + 1.25 * (20 + 10))


def test_an_equal_copy_is_the_same_prefix() -> None:
    made = meter()

    made.add([TASK])
    made.add([dict(TASK), ANSWER])

    assert made.cost == pytest.approx(125 + 10 + 1.25 * 50)


def test_a_recital_that_is_not_kept_costs_one_a_token_and_is_in_no_prefix() -> None:
    made, recital = meter(), said("user", 26)

    made.add([TASK, recital], recital="w" * 26)
    made.add([TASK, recital], recital="w" * 26)

    assert made.cost == pytest.approx((125 + 30) + (10 + 30))
    assert made.reuse == pytest.approx(100 / 260)


def test_a_recital_at_the_end_of_a_result_shares_that_message() -> None:
    made = meter()
    carrier = {"role": "tool", "tool_call_id": "a", "content": "w" * 70 + "r" * 26}

    made.add([TASK, carrier], recital="r" * 26)

    assert made.cost == pytest.approx(125 + 1.25 * (100 - 26) + 26)


def test_a_compaction_adds_one_fork() -> None:
    made = meter()

    made.add([TASK, ANSWER])
    made.add([TASK], prompt=40)

    view, fork = 0.1 * 100, 0.1 * 150 + 1.25 * 40 + 5 * 300
    assert made.cost == pytest.approx(1.25 * 150 + view + fork)


def test_the_floor_prices_each_message_once_and_knows_no_fork() -> None:
    made, recital = meter(), said("user", 26)

    made.add([TASK, ANSWER, recital], recital="w" * 26)
    made.add([TASK, MORE, ANSWER, recital], recital="w" * 26, prompt=40)

    first = 1.25 * 150 + 1.0 * 30
    assert made.floor == pytest.approx(first + 0.1 * 150 + 1.25 * 10 + 0.1 * 30)


def test_a_system_text_beside_the_messages_is_the_first_part_of_the_prefix() -> None:
    made = Meter(Parts(Run("toy", 0, "anthropic", "anthropic", (TASK, ANSWER), system="s" * 196), letters))

    made.add([TASK])
    made.add([TASK, ANSWER])

    assert made.cost == pytest.approx(1.25 * 300 + 0.1 * 300 + 1.25 * 50)
    assert made.largest == 350
