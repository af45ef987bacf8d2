"""Shapes: exceptions, bodies, events and stop reasons, read by attributes and keys alone."""

from types import SimpleNamespace

import pytest

from litany import overflowed
from tests.overflow.errors import (
    ClientError,
    ContextWindowExceededError,
    GenaiError,
    HTTPStatusError,
    Response,
    StatusError,
    StreamError,
    Unread,
)

LONG = "prompt is too long: 208656 tokens > 200000 maximum"


@pytest.mark.parametrize(
    "error",
    [
        StatusError("Error code: 400", 400, {"code": "context_length_exceeded", "message": "", "type": None}),
        StreamError("", {"code": "context_length_exceeded"}),
        StatusError("", 413, {"type": "error", "error": {"type": "request_too_large", "message": "Request too large"}}),
        StatusError(LONG, 200, {}),
        HTTPStatusError(Response(400, '{"error": {"code": "context_length_exceeded"}}')),
        ClientError("ValidationException", "Input is too long for requested model.", 400),
        GenaiError(
            400, "INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number of tokens allowed (4)."
        ),
        ContextWindowExceededError("the provider refused"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_exception_is_read_by_its_attributes(error: Exception) -> None:
    assert overflowed(error)


@pytest.mark.parametrize(
    "error",
    [
        StatusError("Error code: 400", 400, {"code": "invalid_api_key", "message": "no", "type": None}),
        StatusError(LONG, 429, {}),
        StatusError(LONG, 500, {}),
        HTTPStatusError(Response(400, '{"error": {"code": "invalid_value"}}')),
        HTTPStatusError(Response(503, LONG)),
        HTTPStatusError(Unread()),
        ClientError("ThrottlingException", "Too many tokens, please wait before trying again.", 429),
        GenaiError(429, "RESOURCE_EXHAUSTED", "Quota exceeded for generate_content_input_tokens_per_minute."),
        TimeoutError("timed out"),
        KeyError("messages"),
        Exception(),
    ],
    ids=lambda error: f"{type(error).__name__} {error}"[:60],
)
def test_another_exception_is_none(error: Exception) -> None:
    assert not overflowed(error)


@pytest.mark.parametrize(
    "response",
    [
        {"stop_reason": "model_context_window_exceeded", "content": []},
        {"type": "message_delta", "delta": {"stop_reason": "model_context_window_exceeded"}},
        {"type": "message_start", "message": {"stop_reason": "model_context_window_exceeded"}},
        {"choices": [{"finish_reason": "model_length", "message": {"content": "half an ans"}}]},
        {"choices": [{"finish_reason": "stop", "native_finish_reason": "model_context_window_exceeded"}]},
        SimpleNamespace(stop_reason="model_context_window_exceeded"),
        SimpleNamespace(choices=[SimpleNamespace(finish_reason="model_context_window_exceeded")]),
    ],
)
def test_a_response_that_stopped_at_the_end_of_the_window_counts(response: object) -> None:
    assert overflowed(response)


@pytest.mark.parametrize(
    "response",
    [
        {"stop_reason": "max_tokens", "content": []},
        {"choices": [{"finish_reason": "length", "message": {"content": LONG}}]},
        {"choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": LONG}}]},
        {"type": "message", "stop_reason": "end_turn", "content": [{"type": "text", "text": LONG}]},
        {"type": "response.incomplete", "response": {"incomplete_details": {"reason": "max_output_tokens"}}},
        {"role": "tool", "tool_call_id": "c1", "content": LONG},
        {},
        [],
        "",
        None,
        400,
        3.5,
    ],
)
def test_what_a_model_or_a_tool_says_of_overflows_is_none(response: object) -> None:
    assert not overflowed(response)


def test_the_outer_status_rules_over_what_caused_it() -> None:
    limited = StatusError("slow down", 429, {})
    limited.__cause__ = ValueError(LONG)

    assert not overflowed(limited)


def test_a_cause_lies_some_steps_deep_and_a_circle_of_causes_ends() -> None:
    inner, middle, outer = ValueError(LONG), RuntimeError("model"), RuntimeError("step")
    middle.__cause__, outer.__cause__ = inner, middle
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first

    assert overflowed(outer)
    assert not overflowed(first)


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    assert overflowed(LONG + " x" * 1_000_000)
    assert not overflowed("x " * 1_000_000 + LONG)
