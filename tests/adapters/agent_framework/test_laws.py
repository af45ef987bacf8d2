"""The laws over random histories of Agent Framework's messages, sent as its OpenAI client sends them."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

pytest.importorskip("agent_framework", reason="needs agent-framework-core: make test-adapters HOSTS=agent-framework")

import openai
from agent_framework import Content, Message
from agent_framework.openai import OpenAIChatCompletionClient
from hypothesis import given, settings
from hypothesis import strategies as st

from litany.adapters.agent_framework import AGENT_FRAMEWORK
from tests.adapters.hosted import LAWS, Host, chat

CLIENT = OpenAIChatCompletionClient(model="fake", async_client=openai.AsyncOpenAI(api_key="key"))


def turned(message: dict[str, Any]) -> list[Any]:
    role, parts, calls = chat(message)
    if role == "tool":
        items = [Content.from_text(part["text"]) for part in parts]
        return [Message("tool", [Content.from_function_result(message["tool_call_id"], result=items)])]
    contents = [
        Content.from_text(part["text"])
        if part["type"] == "text"
        else Content.from_uri(part["image_url"]["url"], media_type="image/png")
        for part in parts
    ]
    made = [Content.from_function_call(id, name, arguments=arguments) for id, name, arguments in calls]
    return [Message(role, [*contents, *made])]


def sent(view: Sequence[Any]) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = CLIENT._prepare_messages_for_openai(view)
    return json.loads(json.dumps(messages))  # type: ignore[no-any-return]  # the same, as JSON


HOST = Host(AGENT_FRAMEWORK, turned, sent, "openai")


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_a_law_holds(law: Callable[[Host, st.DataObject], None], data: st.DataObject) -> None:
    law(HOST, data)
