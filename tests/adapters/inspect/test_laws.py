"""The laws over random histories of Inspect's messages, sent as it sends them to OpenAI."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

pytest.importorskip("inspect_ai", reason="needs inspect-ai: make test-adapters HOSTS=inspect")

from hypothesis import given, settings
from hypothesis import strategies as st
from inspect_ai.model import (
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    ContentImage,
    ContentText,
    messages_to_openai,
)
from inspect_ai.tool import ToolCall

from litany.adapters.inspect import INSPECT
from tests.adapters.hosted import LAWS, Host, chat


def turned(message: dict[str, Any]) -> list[Any]:
    role, parts, calls = chat(message)
    content: Any = [
        ContentText(text=part["text"]) if part["type"] == "text" else ContentImage(image=part["image_url"]["url"])
        for part in parts
    ]
    content = message.get("content") or "" if not isinstance(message.get("content"), list) else content
    if role == "tool":
        return [ChatMessageTool(content=content, tool_call_id=message["tool_call_id"])]
    if role == "assistant":
        made = [ToolCall(id=id, function=name, arguments=json.loads(given)) for id, name, given in calls]
        return [ChatMessageAssistant(content=content, tool_calls=made or None)]
    return [(ChatMessageSystem if role == "system" else ChatMessageUser)(content=content)]


def sent(view: Sequence[Any]) -> list[dict[str, Any]]:
    return [dict(message) for message in asyncio.run(messages_to_openai(list(view)))]


HOST = Host(INSPECT, turned, sent, "openai")


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_a_law_holds(law: Callable[[Host, st.DataObject], None], data: st.DataObject) -> None:
    law(HOST, data)
