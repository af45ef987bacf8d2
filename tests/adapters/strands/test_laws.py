"""The laws over random histories of Strands' messages, sent as its models send them to Anthropic and to OpenAI."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

pytest.importorskip("strands", reason="needs strands-agents: make test-adapters HOSTS=strands")
pytest.importorskip("anthropic", reason="needs strands-agents[anthropic]: make test-adapters HOSTS=strands")

from hypothesis import given, settings
from hypothesis import strategies as st
from strands.models.anthropic import AnthropicModel
from strands.models.openai import OpenAIModel

from litany.adapters.strands.messages import STRANDS, merged
from litany.testing import validate
from tests.adapters.hosted import LAWS, Host, walked

CLAUDE = AnthropicModel(client_args={"api_key": "key"}, model_id="fake", max_tokens=500)
PICTURE = "image"


def turned(message: dict[str, Any]) -> list[Any]:
    content = message["content"]
    listed = [{"type": "text", "text": content}] if isinstance(content, str) else content
    return [{"role": message["role"], "content": [block(part) for part in listed]}]


def block(part: dict[str, Any]) -> dict[str, Any]:
    if part["type"] == "tool_use":
        return {"toolUse": {"toolUseId": part["id"], "name": part["name"], "input": part["input"]}}
    if part["type"] == "tool_result":
        content = part["content"]
        texts = [{"text": content}] if content else []  # Claude takes no empty text
        listed = texts if isinstance(content, str) else [block(inner) for inner in content]
        return {"toolResult": {"toolUseId": part["tool_use_id"], "status": "success", "content": listed}}
    if part["type"] == "thinking":
        return {"reasoningContent": {"reasoningText": {"text": part["thinking"], "signature": part["signature"]}}}
    if part["type"] == "redacted_thinking":
        return {"reasoningContent": {"redactedContent": part["data"].encode()}}
    if part["type"] == PICTURE:
        return {"image": {"format": "png", "source": {"bytes": base64.b64decode(part["source"]["data"])}}}
    return {"text": part["text"]}


def to_claude(view: Sequence[Any]) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = CLAUDE.format_request(merged(view))["messages"]
    return messages


HOST = Host(STRANDS, turned, to_claude, "anthropic")
THINKING = Host(STRANDS, turned, to_claude, "anthropic", thinking=True)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_a_law_holds(law: Callable[[Host, st.DataObject], None], data: st.DataObject) -> None:
    law(HOST, data)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_a_law_holds_for_a_model_whose_thinking_is_bound(
    law: Callable[[Host, st.DataObject], None], data: st.DataObject
) -> None:
    law(THINKING, data)


@settings(max_examples=25)
@given(data=st.data())
def test_openai_accepts_every_view(data: st.DataObject) -> None:
    for step in walked(HOST, data).steps:
        sent = OpenAIModel.format_request_messages(merged(step.view))
        assert validate("openai", {"messages": json.loads(json.dumps(sent))}) == []
