"""The real classes of the SDKs that are installed."""

import os
import warnings
from types import ModuleType
from typing import Any

import pytest

from litany import overflowed

LONG = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."
LIMITED = "Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000."


@pytest.fixture(scope="module")
def litellm() -> ModuleType:
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module: ModuleType = pytest.importorskip("litellm")
        return module


def refused(sdk: str, status: int, body: dict[str, Any]) -> Exception:
    """The exception that the SDK raises for this answer."""
    httpx = pytest.importorskip("httpx")
    client = pytest.importorskip(sdk)
    response = httpx.Response(status, json=body, request=httpx.Request("POST", "https://example.test/v1"))
    made = client.OpenAI if sdk == "openai" else client.Anthropic
    with made(api_key="none") as maker:
        error: Exception = maker._make_status_error_from_response(response)
    return error


def test_openai() -> None:
    long = {"error": {"message": LONG, "type": "invalid_request_error", "code": "context_length_exceeded"}}
    limited = {"error": {"message": LIMITED, "type": "tokens", "code": "rate_limit_exceeded"}}

    assert overflowed(refused("openai", 400, long))
    assert not overflowed(refused("openai", 429, limited))
    assert not overflowed(refused("openai", 413, limited))


def test_an_error_event_in_a_stream_of_openai() -> None:
    openai, httpx = pytest.importorskip("openai"), pytest.importorskip("httpx")
    request = httpx.Request("POST", "https://example.test/v1")
    long = openai.APIError("too long", request, body={"code": "context_length_exceeded", "message": LONG})
    server = openai.APIError("failed", request, body={"code": "server_error", "message": "The server had an error"})

    assert overflowed(long)
    assert not overflowed(server)


def test_anthropic() -> None:
    long = {
        "type": "error",
        "error": {"type": "invalid_request_error", "message": "prompt is too long: 9 tokens > 8 maximum"},
    }
    large = {"type": "error", "error": {"type": "request_too_large", "message": "Request exceeds the maximum size"}}
    limited = {"type": "error", "error": {"type": "rate_limit_error", "message": "40,000 input tokens per minute"}}

    assert overflowed(refused("anthropic", 400, long))
    assert overflowed(refused("anthropic", 413, large))
    assert not overflowed(refused("anthropic", 429, limited))


def test_litellm(litellm: ModuleType) -> None:
    place = {"model": "gpt-4o", "llm_provider": "openai"}

    assert overflowed(litellm.ContextWindowExceededError(message="refused", **place))
    assert overflowed(litellm.BadRequestError(message=f"OpenAIException - {LONG}", **place))
    assert not overflowed(litellm.BadRequestError(message="OpenAIException - Invalid 'temperature'", **place))
    assert not overflowed(litellm.RateLimitError(message=f"OpenAIException - {LIMITED}", **place))
    assert not overflowed(litellm.Timeout(message=LONG, **place))
    assert not overflowed(litellm.ContentPolicyViolationError(message="content_filter", **place))
