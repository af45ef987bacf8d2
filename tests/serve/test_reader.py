"""The reader of answers: usage and overflow, however the bytes are cut and packed."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litany.serve.reader import Reader

SSE = ((b"Content-Type", b"text/event-stream; charset=utf-8"),)
WHOLE = ((b"content-type", b"application/json"),)
ROLE = {
    "choices": [{"index": 0, "delta": {"role": "assistant", "content": "", "refusal": None}, "finish_reason": None}]
}
EMPTY = {"choices": [{"index": 0, "delta": {"role": "assistant", "tool_calls": [], "reasoning_content": None}}]}
WORD = {"choices": [{"index": 0, "delta": {"content": "hi"}, "finish_reason": None}]}
USED = {"choices": [], "usage": {"prompt_tokens": 70, "completion_tokens": 1}}
STARTED = {"type": "message_start", "message": {"usage": {"input_tokens": 5, "cache_read_input_tokens": 60}}}
BLOCK = {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}}
DONE = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 4}}
CREATED = {"type": "response.created", "response": {"usage": None}}
COMPLETED = {"type": "response.completed", "response": {"usage": {"input_tokens": 44}}}
LONG = "This model's maximum context length is 9 tokens. However, your messages resulted in 10 tokens."
ERROR = {"error": {"message": LONG, "code": "context_length_exceeded"}}
FAILED = {"type": "response.failed", "response": {"error": {"code": "context_length_exceeded", "message": LONG}}}
STOPPED = {"type": "message_delta", "delta": {"stop_reason": "model_context_window_exceeded"}, "usage": {}}


def stream(*events: Any, end: str = "\n\n") -> bytes:
    return "".join(f"data: {json.dumps(event)}{end}" for event in events).encode()


def heard(body: bytes, *, headers: Any = SSE, status: int = 200, size: int = 7, holds: bool = True) -> Reader:
    reader = Reader(status, headers, holds)
    for start in range(0, len(body), size):
        reader.feed(body[start : start + size])
    reader.end()
    return reader


@given(st.integers(1, 400), st.sampled_from(("\n\n", "\r\n\r\n")))
def test_a_stream_is_heard_however_it_is_cut(size: int, end: str) -> None:
    openai = heard(stream(ROLE, WORD, USED, end=end), size=size)
    anthropic = heard(stream(STARTED, {"type": "ping"}, BLOCK, DONE, end=end), size=size)
    responses = heard(stream(CREATED, COMPLETED, end=end), size=size)

    assert [reader.began for reader in (openai, anthropic, responses)] == [True] * 3
    assert [reader.overflowed for reader in (openai, anthropic, responses)] == [False] * 3
    assert openai.usage == USED["usage"]
    assert anthropic.usage == {"input_tokens": 5, "cache_read_input_tokens": 60}
    assert responses.usage == {"input_tokens": 44}


@pytest.mark.parametrize("events", [(ERROR,), (ROLE, ERROR), (STARTED, STOPPED), (CREATED, FAILED)])
def test_an_overflow_before_content_is_heard(events: Any) -> None:
    assert heard(stream(*events)).overflowed
    assert not heard(stream(*events), holds=False).overflowed


@pytest.mark.parametrize(
    "events", [(ROLE, WORD, ERROR), (STARTED, BLOCK, STOPPED), (ROLE, {"error": {"message": "no"}})]
)
def test_behind_content_or_of_another_kind_an_error_is_the_clients(events: Any) -> None:
    reader = heard(stream(*events))

    assert (reader.began, reader.overflowed) == (True, False)


@pytest.mark.parametrize("event", [STARTED, BLOCK, ROLE, EMPTY, WORD, CREATED, COMPLETED, ERROR])
def test_what_holds_no_content_is_held_back(event: Any) -> None:
    assert heard(stream(event)).began is (event in (BLOCK, WORD, COMPLETED))


def test_an_answer_that_is_not_packed_as_it_says_goes_on_unread() -> None:
    reader = Reader(200, (*SSE, (b"content-encoding", b"gzip")), True)

    reader.feed(stream(WORD))
    reader.feed(stream(USED))
    reader.end()

    assert (reader.began, reader.overflowed, reader.usage) == (True, False, None)


def test_comments_are_held_back_no_longer_than_a_while() -> None:
    reader = Reader(200, SSE, True)
    reader.feed(b": processing\n\n")
    assert not reader.began
    reader.feed(b": processing\n\n" * 9_000)
    assert reader.began


@pytest.mark.parametrize("status", [200, 400, 413, 422])
def test_a_whole_answer_tells_of_an_overflow(status: int) -> None:
    assert heard(json.dumps(ERROR).encode(), headers=WHOLE, status=status).overflowed


def test_any_other_answer_is_the_clients() -> None:
    answered = {"choices": [{"message": {"content": LONG}}], "usage": {"prompt_tokens": 9}}
    limited = heard(json.dumps(ERROR).encode(), headers=WHOLE, status=429)
    spoken = heard(json.dumps(answered).encode(), headers=WHOLE)

    assert (limited.overflowed, spoken.overflowed) == (False, False)
    assert spoken.usage == {"prompt_tokens": 9}
    assert heard(b"<html>", headers=WHOLE, status=400).began


def test_a_packed_answer_is_read_where_its_packing_is_known() -> None:
    packed = gzip.compress(stream(ROLE, WORD, USED))
    known = heard(packed, headers=(*SSE, (b"Content-Encoding", b"gzip")))
    unknown = heard(packed, headers=(*SSE, (b"Content-Encoding", b"br")))

    assert known.usage == USED["usage"]
    assert unknown.usage is None
    assert not unknown.overflowed
