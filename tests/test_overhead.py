"""Overhead: what a call costs does not grow with the record. Counted in Python steps, not in time."""

import gc
import sys
from collections import deque
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from litany import Litany, Policy

Messages = list[dict[str, Any]]

TASK = "Find out what is wrong."
ROOMY = {"window": 4_000_000}
SHORT, LONG = 300, 3_000


def steps(work: Callable[[], object]) -> tuple[int, int]:
    """Python functions entered and lines run by the work; loops inside C functions are not seen.

    The garbage of other tests is collected before, so that no finalizer of theirs runs within the count.
    """
    entered = lines = 0

    def follow(frame: FrameType, event: str, _: object) -> Any:
        nonlocal entered, lines
        entered += event == "call"
        lines += event == "line"
        return follow

    before = sys.gettrace()
    gc.collect()
    gc.disable()
    sys.settrace(follow)
    try:
        work()
    finally:
        sys.settrace(before)
        gc.enable()
    return entered, lines


def openai(number: int, long: bool) -> Messages:
    """A call and its result."""
    call = {"id": f"c{number}", "type": "function", "function": {"name": "look", "arguments": f'{{"n": {number}}}'}}
    return [
        {"role": "assistant", "content": "I look.", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": f"c{number}", "content": result(number, long)},
    ]


def anthropic(number: int, long: bool) -> Messages:
    """A call and its result, in blocks."""
    use = {"type": "tool_use", "id": f"c{number}", "name": "look", "input": {"n": number}}
    given = {"type": "tool_result", "tool_use_id": f"c{number}", "content": result(number, long)}
    return [{"role": "assistant", "content": [use]}, {"role": "user", "content": [given]}]


def responses(number: int, long: bool) -> Messages:
    """A call and its result, items of their own."""
    made = {"type": "function_call", "call_id": f"c{number}", "name": "look", "arguments": f'{{"n": {number}}}'}
    return [made, {"type": "function_call_output", "call_id": f"c{number}", "output": result(number, long)}]


def gemini(number: int, long: bool) -> Messages:
    """A call and its result, in parts."""
    made = {"functionCall": {"id": f"c{number}", "name": "look", "args": {"n": number}}}
    response = {"id": f"c{number}", "name": "look", "response": {"result": result(number, long)}}
    return [{"role": "model", "parts": [made]}, {"role": "user", "parts": [{"functionResponse": response}]}]


def result(number: int, long: bool) -> str:
    return f"Result {number}: all is well. ✓\n" * (40 if long else 1)


TURNS = {"openai": openai, "anthropic": anthropic, "responses": responses, "gemini": gemini}


def cost_at(dialect: str, length: int, settings: dict[str, Any], step: int) -> tuple[int, int]:
    """Steps of one call that brings two messages to a record of this length, which grew by `step` turns a call."""
    lines: deque[dict[str, Any]] = deque(maxlen=1)
    litany = Litany(policy=Policy.of({**ROOMY, **settings}), mark="0badcafe", trace=lines.append)
    task = {"parts": [{"text": TASK}]} if dialect == "gemini" else {"content": TASK}
    messages: Messages = [{"role": "user", **task}]
    for number in range(length // 2):
        messages += TURNS[dialect](number, number % 5 == 4)
        if (number + 1) % step == 0:
            litany(messages)
    messages += TURNS[dialect](length // 2, long=False)
    cost = steps(lambda: litany(messages))
    assert lines[0]["messages"] == length + 3
    assert lines[0]["compacted"] is None
    return cost


@pytest.mark.parametrize("dialect", TURNS)
@pytest.mark.parametrize(
    "settings",
    [
        pytest.param({"recite": "off"}, id="nothing recited"),
        pytest.param({"recite": "every"}, id="recited every call"),
        pytest.param({"recite": "off", "clip_tokens": 64}, id="one result in five clipped"),
        pytest.param({"recite": "every", "keep_recitations": True}, id="recitations kept"),
        pytest.param({"recite": "off", "prefer": "cost", "prices": {"read": 1e-6}}, id="break-even reckoned"),
    ],
)
def test_a_call_takes_as_many_python_steps_after_3000_messages_as_after_300(
    dialect: str, settings: dict[str, Any]
) -> None:
    assert cost_at(dialect, LONG, settings, step=5) == cost_at(dialect, SHORT, settings, step=5)


@pytest.mark.parametrize("dialect", TURNS)
def test_many_compactions_cost_a_later_call_that_cuts_nothing_no_more_than_a_few(dialect: str) -> None:
    settings = {"recite": "off", "window": 16_000}

    (functions, lines), (few, short) = (cost_at(dialect, length, settings, step=5) for length in (LONG, SHORT))

    assert functions <= few * 1.05
    assert lines <= short * 1.05


def test_calls_that_were_never_answered_cost_later_calls_nothing() -> None:
    def cost(length: int) -> tuple[int, int]:
        litany = Litany(policy=Policy.of({**ROOMY, "recite": "off"}), mark="0badcafe")
        messages: Messages = [{"role": "user", "content": "Find out what is wrong."}]
        for number in range(length // 2):
            messages += [openai(number, long=False)[0], {"role": "user", "content": f"Never mind {number}."}]
        litany(messages)
        messages += openai(length, long=False)
        return steps(lambda: litany(messages))

    assert cost(LONG) == cost(SHORT)


def test_a_chat_whose_dialect_no_message_tells_costs_no_more_when_it_is_long() -> None:
    def cost(length: int) -> tuple[int, int]:
        litany = Litany(policy=Policy.of({**ROOMY, "recite": "off"}), mark="0badcafe")
        messages: Messages = [{"role": "user", "content": TASK}]
        for number in range(length // 2):
            messages += [{"role": "assistant", "content": "Done."}, {"role": "user", "content": f"And {number}?"}]
        litany(messages)
        messages += [{"role": "assistant", "content": "Done."}, {"role": "user", "content": "And now?"}]
        return steps(lambda: litany(messages))

    assert cost(LONG) == cost(SHORT)


def test_messages_that_are_no_dicts_cost_no_python_step_each() -> None:
    def cost(length: int) -> tuple[int, int]:
        litany = Litany(policy=Policy.of({**ROOMY, "recite": "off"}), mark="0badcafe")
        messages: list[Any] = [{"role": "user", "content": "Find out what is wrong."}]
        for number in range(length // 2):
            said, answer = openai(number, long=False)
            messages += [Said(said), answer]
        litany(messages)
        messages += openai(length, long=False)
        return steps(lambda: litany(messages))

    assert cost(LONG) == cost(SHORT)


class Said:
    """A message as an SDK gives it: an object that can write itself as a dict."""

    def __init__(self, fields: dict[str, Any]) -> None:
        self.content = fields["content"]
        self._fields = fields

    def model_dump(self, **_: object) -> dict[str, Any]:
        """The message as a dict."""
        return self._fields
