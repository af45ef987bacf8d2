"""What the tests of the summarizer share: what is asked, of whom, and what the host itself sends."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from litany.adapters.litellm import LiteLLMSummarizer
from litany.testing import Fault, Provider

MARKS = [
    pytest.mark.skipif(find_spec("litellm") is None, reason="needs the extra litellm"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:litellm"),
    pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning"),
    pytest.mark.filterwarnings("ignore:Item .* using the `ReadOnly` qualifier:UserWarning"),
]
GPT, CLAUDE = "openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5"
LONG = "the tide comes in and the tide goes out again; " * 40
CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at":"sea"}'}}
CALLING = {"role": "assistant", "content": None, "tool_calls": [CALL]}
TOOLS = [{"type": "function", "function": {"name": "look", "description": LONG, "parameters": {"type": "object"}}}]
NATIVE_TOOLS = [{"name": "look", "description": LONG, "input_schema": {"type": "object"}}]
CHAT: list[dict[str, Any]] = [
    {"role": "system", "content": "You watch the sea. " + LONG},
    {"role": "user", "content": "Watch the sea. " + LONG},
    CALLING,
    {"role": "tool", "tool_call_id": "c1", "content": LONG},
]
NATIVE: list[dict[str, Any]] = [
    {"role": "user", "content": "Watch the sea. " + LONG},
    {"role": "assistant", "content": [{"type": "tool_use", "id": "c1", "name": "look", "input": {"at": "sea"}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": LONG}]},
]
PROMPT = "Summarize the conversation so far."
SUMMARY = "## Done\n- looked at the sea\n## Next\n- look again"
FAILING = Fault(status=500, retry_after=0.01)


def base(provider: Provider, model: str) -> str:
    return f"{provider.url}/v1" if model == GPT else provider.url


def summarizer(provider: Provider, model: str = GPT, **fields: Any) -> LiteLLMSummarizer:
    return LiteLLMSummarizer(model, api_base=base(provider, model), api_key="key", **fields)


def hosted(provider: Provider, model: str, messages: list[dict[str, Any]], **fields: Any) -> Any:
    """The host's own request. Without the extra mcp, tools keep LiteLLM from starting unless its gateway is off."""
    return import_module("litellm").completion(
        model=model, messages=messages, api_base=base(provider, model), api_key="key", _skip_mcp_handler=True, **fields
    )
