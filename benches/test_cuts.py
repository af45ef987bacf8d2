"""The rarer calls: one that compacts, the first on a long history, one whose messages are all new objects."""

from typing import Any

import pytest

from benches.history import Message, history, system
from benches.talks import GOAL, ROOMY, Talk, compacting, talk
from litany import Litany

Benchmark = Any
SIZE = 1_000
DIALECTS = ("openai", "anthropic")


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest, benchmark: Benchmark) -> str:
    """The dialect; each has a table of its own."""
    benchmark.group = f"{request.param}, {SIZE:,} messages, rarer calls"
    return str(request.param)


def test_a_call_that_compacts_without_a_model(dialect: str, benchmark: Benchmark) -> None:
    def begin() -> tuple[tuple[Talk], dict[str, Any]]:
        begun = compacting(dialect, SIZE)
        begun.grow()
        return (begun,), {}

    benchmark.pedantic(Talk.call, setup=begin, rounds=15, warmup_rounds=1)


def test_a_first_call_counts_the_whole_history(dialect: str, benchmark: Benchmark) -> None:
    def begin() -> tuple[tuple[Talk], dict[str, Any]]:
        return (Talk(dialect, history(dialect, SIZE), Litany(goal=GOAL, policy=ROOMY)),), {}

    benchmark.pedantic(Talk.call, setup=begin, rounds=10, warmup_rounds=1)


def test_a_call_whose_messages_are_all_new_equal_objects(dialect: str, benchmark: Benchmark) -> None:
    begun = talk(dialect, SIZE)
    beside = system(dialect) if dialect == "anthropic" else None

    def parsed() -> tuple[tuple[list[Message], object], dict[str, Any]]:
        begun.grow()
        return (begun.read_again()["messages"], beside), {}

    benchmark.pedantic(begun.litany, setup=parsed, rounds=30, warmup_rounds=1)


def test_json_dumps_of_the_same_request(dialect: str, benchmark: Benchmark) -> None:
    begun = talk(dialect, SIZE)
    benchmark.pedantic(begun.dumped, rounds=50, warmup_rounds=1)
