"""Stuck: an agent that makes the same call and gets the same result, again and again, is told so."""

from collections.abc import Mapping, Sequence
from typing import Any

TIMES = 3
"""Times in a row after which it is told; it is told again after as many more."""
LAST = 4
"""Tellings after which the run ends."""
MARK = "\n[litany: "
"""What the note to a result begins with."""


def repeats(messages: Sequence[Mapping[str, Any]]) -> int:
    """How often the last step, which the record ends with, was taken in a row: same calls, same results."""
    end, last, times = len(messages), None, 0
    while (step := _step(messages, end)) is not None and (last is None or step[1] == last):
        end, last, times = step[0], step[1], times + 1
    return times


def note(times: int, goal: str) -> str:
    """What stands behind the result of a call that was made too often."""
    return (
        f"{MARK}the same call has now given the same result {times} times in a row. It will not change by asking "
        f"again: do something else. The goal is: {goal}]"
    )


def _step(messages: Sequence[Mapping[str, Any]], end: int) -> tuple[int, object] | None:
    """Where the step that ends there begins, and what it was; None when no step of tools ends there."""
    start = end
    while start and messages[start - 1]["role"] == "tool":
        start -= 1
    if start == end or not start or not messages[start - 1].get("tool_calls"):
        return None
    called = [(call["function"]["name"], call["function"]["arguments"]) for call in messages[start - 1]["tool_calls"]]
    gave = [str(message["content"]).partition(MARK)[0] for message in messages[start:end]]
    return start - 1, (called, gave)
