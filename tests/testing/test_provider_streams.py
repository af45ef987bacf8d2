"""What the provider streams, event by event."""

import json
from collections.abc import Sequence
from typing import Any

from litany.testing import Provider
from tests.testing.wired import CHAT, MESSAGES, ask, chat, post, user

CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at":"the far end of the sea"}'}}
CALLING = {"role": "assistant", "content": "I look.", "tool_calls": [CALL]}
USE = {"type": "tool_use", "id": "u1", "name": "look", "input": {"at": "the far end of the sea"}}
USING = {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "so"}, USE]}


def joined(deltas: Sequence[dict[str, Any]], field: str) -> str:
    return "".join(delta[field] for delta in deltas if delta.get(field))


def test_openai_chunks_carry_text_then_calls_then_the_reason_and_the_end() -> None:
    with Provider([CALLING]) as provider:
        heard = post(provider, CHAT, chat(user("hi"), stream=True))

    chunks = [data for _, data in heard.events]
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks[:-1]]
    calls = [delta["tool_calls"][0] for delta in deltas if "tool_calls" in delta]
    assert heard.headers["content-type"].startswith("text/event-stream")
    assert deltas[0]["role"] == "assistant"
    assert joined(deltas, "content") == "I look."
    assert (calls[0]["id"], calls[0]["function"]) == ("c1", {"name": "look", "arguments": ""})
    assert "".join(call["function"]["arguments"] for call in calls) == CALL["function"]["arguments"]  # type: ignore[index]  # a dict in the literal above
    assert len(calls) > 2
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks[-2:-1]] == ["tool_calls"]
    assert {chunk["object"] for chunk in chunks[:-1]} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks[:-1]}) == 1
    assert all("usage" not in chunk for chunk in chunks[:-1])
    assert chunks[-1] == "[DONE]"


def test_openai_tells_the_usage_in_a_last_chunk_when_it_is_asked_to() -> None:
    with Provider(["hello there"]) as provider:
        heard = post(provider, CHAT, chat(user("hi"), stream=True, stream_options={"include_usage": True}))

    *chunks, last, _ = [data for _, data in heard.events]
    assert {chunk["usage"] for chunk in chunks} == {None}
    assert last["choices"] == []
    assert last["usage"]["total_tokens"] == last["usage"]["prompt_tokens"] + last["usage"]["completion_tokens"]


def test_anthropic_events_come_in_their_order_and_say_what_the_message_says() -> None:
    thinking = {"type": "enabled", "budget_tokens": 1024}
    request = ask(user("hi"), max_tokens=2000, thinking=thinking)
    with Provider([USING, USING]) as provider:
        whole = post(provider, MESSAGES, request).body
        events = post(provider, MESSAGES, {**request, "stream": True}).events

    assert all(name == data["type"] for name, data in events)
    names = [name for name, _ in events]
    starts = [data["content_block"] for name, data in events if name == "content_block_start"]
    deltas = [data["delta"] for name, data in events if name == "content_block_delta"]
    assert names[:3] == ["message_start", "content_block_start", "ping"]
    assert names[-2:] == ["message_delta", "message_stop"]
    assert names.count("content_block_start") == names.count("content_block_stop") == 3
    assert starts[0] == {"type": "thinking", "thinking": "", "signature": ""}
    assert starts[2] == {"type": "tool_use", "id": "u1", "name": "look", "input": {}}
    assert joined(deltas, "thinking") == "hm"
    assert joined(deltas, "signature") == whole["content"][0]["signature"]
    assert joined(deltas, "text") == "so"
    assert json.loads(joined(deltas, "partial_json")) == USE["input"]


def test_anthropic_usage_begins_with_the_prompt_and_ends_with_the_answer() -> None:
    with Provider(["hello there"]) as provider:
        events = [data for _, data in post(provider, MESSAGES, ask(user("hi"), stream=True)).events]

    begun, ended = events[0]["message"], events[-2]
    assert begun["content"] == []
    assert begun["stop_reason"] is None
    assert begun["usage"]["input_tokens"] > 0
    assert ended["delta"] == {"stop_reason": "end_turn", "stop_sequence": None}
    assert ended["usage"]["output_tokens"] > 1
