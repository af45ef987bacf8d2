"""A call with nothing cut and two new messages of average size, beside what a host does anyway and its neighbours.

A table for each size and dialect: all its rows are timed in one process, on the same messages.
"""

from collections.abc import Callable
from typing import Any

import pytest

from benches import peers
from benches.history import history
from benches.talks import Talk, talk

Benchmark = Any
SIZES = (100, 1_000, 3_000)
DIALECTS = ("openai", "anthropic")
PEERS: dict[str, Callable[..., peers.Work]] = {
    "langchain SummarizationMiddleware, idle": lambda messages: peers.summarization(messages, triggers=False),
    "langchain SummarizationMiddleware, triggering": lambda messages: peers.summarization(messages, triggers=True),
    "langchain_core trim_messages, approximate": lambda messages: peers.trimmed(messages, exact=False),
    "langchain_core trim_messages, exact": lambda messages: peers.trimmed(messages, exact=True),
    "litellm.token_counter": peers.litellm_count,
}


@pytest.fixture(params=SIZES, ids=lambda size: f"{size} messages")
def size(request: pytest.FixtureRequest) -> int:
    """How long the history is."""
    return int(request.param)


@pytest.fixture(params=DIALECTS)
def begun(request: pytest.FixtureRequest, size: int, benchmark: Benchmark) -> Talk:
    """A conversation of that length that was read before."""
    benchmark.group = f"{request.param}, {size:,} messages"
    return talk(request.param, size)


def test_litany_with_two_new_messages(begun: Talk, benchmark: Benchmark) -> None:
    benchmark.pedantic(begun.call, setup=begun.grow, rounds=100, warmup_rounds=5)


def test_json_dumps_of_the_same_request(begun: Talk, benchmark: Benchmark) -> None:
    benchmark.pedantic(begun.dumped, setup=begun.grow, rounds=100, warmup_rounds=5)


@pytest.mark.parametrize("name", PEERS)
def test_a_neighbour_on_the_same_messages(name: str, size: int, benchmark: Benchmark) -> None:
    benchmark.group = f"openai, {size:,} messages"
    work = PEERS[name](history("openai", size))
    benchmark.pedantic(work, rounds=15, warmup_rounds=1)
