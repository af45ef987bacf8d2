"""The sample run that `make demo` replays: made by its script, long enough, and what a provider accepts."""

import json
from typing import Any

import pytest

from litany import tokens
from recipes.make_sample_run import SAMPLE, text


@pytest.fixture(scope="module")
def messages() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(SAMPLE.read_text(encoding="utf-8"))["messages"]
    return found


def test_the_script_writes_the_file_that_ships_byte_for_byte() -> None:
    assert SAMPLE.read_bytes() == text().encode("utf-8")


def test_another_seed_writes_another_run() -> None:
    assert text(seed=1) != text(seed=2)


def test_it_is_long_and_the_file_is_small(messages: list[dict[str, Any]]) -> None:
    assert len(messages) > 150
    assert SAMPLE.stat().st_size < 300_000


def test_it_holds_more_than_forty_thousand_tokens(messages: list[dict[str, Any]]) -> None:
    count = tokens.counter("o200k_base")

    sizes = [count(message["content"] or "") for message in messages]

    assert sum(sizes) > 40_000
    assert max(sizes) > 5_000, "one tool output is oversized"


def test_each_call_is_answered_at_once_and_in_its_order(messages: list[dict[str, Any]]) -> None:
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            assert message["tool_call_id"] == waiting.pop(0)
            continue
        assert not waiting
        waiting = [call["id"] for call in message.get("tool_calls", ())]

    assert not waiting


def test_call_ids_are_not_used_twice(messages: list[dict[str, Any]]) -> None:
    ids = [call["id"] for message in messages for call in message.get("tool_calls", ())]

    assert len(ids) == len(set(ids))


def test_it_has_parallel_calls_a_steering_message_and_a_spoken_end(messages: list[dict[str, Any]]) -> None:
    assert [message["role"] for message in messages[:2]] == ["system", "user"]
    assert sum(message["role"] == "user" for message in messages) == 2
    assert any(len(message.get("tool_calls", ())) > 1 for message in messages)
    assert messages[-1]["role"] == "assistant"
    assert "tool_calls" not in messages[-1]


def test_its_files_are_python_and_hardly_any_two_tool_outputs_are_the_same(messages: list[dict[str, Any]]) -> None:
    outputs = [message["content"] for message in messages if message["role"] == "tool"]

    for output in outputs:
        if output.startswith('"""'):
            compile(output, "sample", "exec")

    assert len(set(outputs)) > 0.9 * len(outputs)
