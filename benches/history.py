"""A long history for the benches: the sample run told over and over, never twice in the same words."""

import json
from collections.abc import Iterator
from functools import cache
from itertools import count, cycle
from pathlib import Path
from typing import Any

Message = dict[str, Any]

SAMPLE = Path(__file__).parent.parent / "recipes" / "data" / "sample_run.jsonl"
AVERAGE = range(1_000, 2_000)
"""Characters of an exchange of average size: about 200 tokens a message."""


def history(dialect: str, length: int) -> list[Message]:
    """At least `length` messages, up to the end of a turn. 1,000 of them take about 200,000 tokens."""
    leading, *turns = _sample()
    out = leading if dialect == "openai" else leading[1:]
    for round_, turn in zip(_rounds(len(turns)), cycle(turns), strict=False):
        if len(out) >= length:
            return out
        out = [*out, *_written(turn, dialect, f"{round_}")]
    raise AssertionError("a cycle does not end")


def system(dialect: str) -> str | None:
    """The system text that stands beside the messages."""
    return None if dialect == "openai" else str(_sample()[0][0]["content"])


def exchanges(dialect: str) -> Iterator[list[Message]]:
    """Two new messages of average size, again and again: a call and its result."""
    fit = [turn for turn in _sample()[1:] if len(turn) == 2 and len(json.dumps(turn)) in AVERAGE]
    for number, turn in zip(count(), cycle(fit), strict=False):
        yield _written(turn, dialect, f"new-{number}")


@cache
def _sample() -> list[list[Message]]:
    """System text and request, then turn by turn: an assistant message and what answers it."""
    with SAMPLE.open(encoding="utf-8") as lines:
        messages = json.loads(next(lines))["messages"]
    turns: list[list[Message]] = [messages[:2]]
    for message in messages[2:]:
        if message["role"] == "tool":
            turns[-1].append(message)
        else:
            turns.append([message])
    return turns


def _rounds(length: int) -> Iterator[int]:
    return (number // length for number in count())


def _written(turn: list[Message], dialect: str, name: str) -> list[Message]:
    told = [_told(message, name) for message in turn]
    return told if dialect == "openai" else _anthropic(told)


def _told(message: Message, name: str) -> Message:
    """The message with ids of its own and one more line, a check mark in it as terminals print it."""
    if message["role"] == "tool":
        id = f"{message['tool_call_id']}-{name}"
        return {**message, "tool_call_id": id, "content": f"{message['content']}\n✓ round {name}"}
    if "tool_calls" not in message:
        return {**message, "content": f"{message['content']} (round {name})"}
    return {**message, "tool_calls": [{**call, "id": f"{call['id']}-{name}"} for call in message["tool_calls"]]}


def _anthropic(turn: list[Message]) -> list[Message]:
    """The same turn in blocks: results that stand together are one message."""
    first = turn[0]
    said = [{"type": "text", "text": first["content"]}] if first["content"] else []
    uses = [
        {
            "type": "tool_use",
            "id": call["id"],
            "name": call["function"]["name"],
            "input": json.loads(call["function"]["arguments"]),
        }
        for call in first.get("tool_calls", ())
    ]
    results = [
        {"type": "tool_result", "tool_use_id": message["tool_call_id"], "content": message["content"]}
        for message in turn[1:]
    ]
    spoken: Message = {"role": first["role"], "content": [*said, *uses]}
    return [spoken, {"role": "user", "content": results}] if results else [spoken]
