"""Agents of these tests: what they watch, the tool they have, and a provider that scripts them over HTTP."""

import json
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage

from litany.testing import Provider, Received
from tests.adapters.langchain.model import calling

ABSENT = "needs langchain, its OpenAI and Anthropic packages, and deepagents: make test-adapters HOSTS=langchain"
MARKS = [
    pytest.mark.skipif(find_spec("deepagents") is None, reason=ABSENT),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
]
GOAL, RULES = "Watch the sea until it is still.", ("Never shout.", "Ask before you swim.")
LONG = "the tide comes in and the tide goes out again; " * 30
MARK = "<litany mark="


def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: {LONG}"


def models(provider: Provider) -> dict[str, Any]:
    """A model of each package over this provider."""
    openai = import_module("langchain_openai").ChatOpenAI
    anthropic = import_module("langchain_anthropic").ChatAnthropic
    fields = {"api_key": "key", "max_retries": 0, "max_tokens": 500}
    return {
        "openai": openai(model="gpt-4o-mini", base_url=f"{provider.url}/v1", **fields),
        "anthropic": anthropic(model="claude-sonnet-4-5", base_url=provider.url, **fields),
    }


def watching(turns: int, name: str = "look") -> Callable[[Received], Any]:
    """A script in both dialects: so many calls of `look`, one a request that the agent makes, then an end."""
    made = 0

    def reply(received: Received) -> Any:
        nonlocal made
        made += 1
        return called(received, name, f"c{made}", {"at": made}) if made <= turns else "It is still."

    return reply


def called(received: Received, name: str, id: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """An assistant message that calls a tool, in the dialect of the request."""
    if received.path == "/v1/messages":
        return {"role": "assistant", "content": [{"type": "tool_use", "id": id, "name": name, "input": arguments}]}
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"role": "assistant", "content": None, "tool_calls": [{"id": id, "type": "function", "function": function}]}


def texts(received: Received) -> list[str]:
    """Every text that a model reads in a request, in its order."""
    found: list[str] = []
    for message in received.body["messages"]:
        found += _texts(message.get("content"))
    return found


def recitals(messages: Sequence[BaseMessage]) -> int:
    """How many of the messages hold a recitation."""
    return sum(MARK in str(message.content) for message in messages)


def looks(number: int, first: int = 0) -> list[AIMessage]:
    """So many calls of `look`."""
    return [calling("look", f"c{first + turn}", at=turn) for turn in range(number)]


def thread(id: str) -> Any:
    """What a run is configured with to be that thread's."""
    return {"configurable": {"thread_id": id}}


def said(messages: Sequence[BaseMessage]) -> str:
    """All that stands in the messages."""
    return "\n".join(str(message.content) for message in messages)


def _texts(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    listed = content if isinstance(content, list) else ()
    return [text for block in listed for text in _texts(block.get("text", block.get("content")))]
