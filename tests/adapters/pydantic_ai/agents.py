"""Agents of these tests: what they watch, the tool they have, and a provider that scripts them over HTTP."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

import pytest
from pydantic_ai.messages import ModelMessage

from litany.testing import Provider, Received

MARKS = [pytest.mark.filterwarnings("ignore::DeprecationWarning")]
GOAL, RULES = "Watch the sea until it is still.", ("Never shout.", "Ask before you swim.")
LONG = "the tide comes in and the tide goes out again; " * 30
MARK = "<litany mark="
MODELS = ("openai", "responses", "anthropic")
PATHS = {"/v1/chat/completions": "openai", "/v1/responses": "responses", "/v1/messages": "anthropic"}


def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: {LONG}"


def modelled(name: str, provider: Provider) -> Any:
    """A model of Pydantic AI over this provider; it sends each request once."""
    if name == "anthropic":
        client = import_module("anthropic").AsyncAnthropic(base_url=provider.url, api_key="key", max_retries=0)
        served = import_module("pydantic_ai.providers.anthropic").AnthropicProvider(anthropic_client=client)
        return import_module("pydantic_ai.models.anthropic").AnthropicModel(
            "claude-sonnet-4-5", provider=served, settings={"max_tokens": 500}
        )
    client = import_module("openai").AsyncOpenAI(base_url=f"{provider.url}/v1", api_key="key", max_retries=0)
    served = import_module("pydantic_ai.providers.openai").OpenAIProvider(openai_client=client)
    room = import_module("pydantic_ai.models.openai")
    kind = room.OpenAIResponsesModel if name == "responses" else room.OpenAIChatModel
    return kind("gpt-4o-mini", provider=served)


def watching(turns: int, name: str = "look", number: int = 1) -> Callable[[Received], Any]:
    """A script in each dialect: so many answers that call `look`, `number` calls at once, then an end."""
    made = 0

    def reply(received: Received) -> Any:
        nonlocal made
        made += 1
        calls = [(name, f"c{made}-{place}", {"at": made}) for place in range(number)]
        return called(received, *calls) if made <= turns else "It is still."

    return reply


def called(received: Received, *calls: tuple[str, str, Mapping[str, Any]]) -> dict[str, Any]:
    """An assistant message that makes these calls, in the dialect of the request."""
    if received.path == "/v1/messages":
        uses = [{"type": "tool_use", "id": id, "name": name, "input": given} for name, id, given in calls]
        return {"role": "assistant", "content": uses}
    made = [
        {"id": id, "type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
        for name, id, given in calls
    ]
    return {"role": "assistant", "content": None, "tool_calls": made}


def ran(agent: Any, way: str, prompt: str | None, **given: Any) -> Any:
    """The result of a run, in one of the ways in which Pydantic AI runs an agent; its model's client is closed."""
    with asyncio.Runner() as runner:
        try:
            if way == "sync":
                asyncio.set_event_loop(runner.get_loop())
                return agent.run_sync(prompt, **given)
            return runner.run({"async": _awaited, "stream": _streamed, "events": _told}[way](agent, prompt, given))
        finally:
            runner.run(_closed(agent.model))


async def _closed(model: Any) -> None:
    client = getattr(model, "client", None)
    if client is not None:
        await client.close()


async def _awaited(agent: Any, prompt: str | None, given: Mapping[str, Any]) -> Any:
    return await agent.run(prompt, **given)


async def _streamed(agent: Any, prompt: str | None, given: Mapping[str, Any]) -> Any:
    async with agent.run_stream(prompt, **given) as result:
        async for _ in result.stream_text():
            pass
        return result


async def _told(agent: Any, prompt: str | None, given: Mapping[str, Any]) -> Any:
    """With a listener to every event, which makes each request a streamed one."""

    async def heard(run: Any, events: Any) -> None:
        async for _ in events:
            pass

    return await agent.run(prompt, event_stream_handler=heard, **given)


def texts(received: Received) -> list[str]:
    """Every text that a model reads in the messages of a request, in its order."""
    body = received.body
    found: list[str] = []
    for message in body.get("messages") or body["input"]:
        found += _texts(message.get("content", message.get("output")))
    return found


def recitals(messages: Sequence[ModelMessage]) -> int:
    """How many of the messages hold a recitation."""
    return sum(MARK in str(message) for message in messages)


def checked(requests: Sequence[Received], lines: Sequence[Mapping[str, Any]]) -> None:
    """What holds of every request: it was accepted, holds goal and constraints, and ends with a due recitation."""
    assert len(requests) == len(lines)
    for request, line in zip(requests, lines, strict=True):
        held = texts(request)
        assert request.violations == ()
        assert all(any(text in part for part in held) for text in (GOAL, *RULES))
        assert (MARK in held[-1]) == line["due"]
        assert line["due"] or not line["compacted"]


def _texts(content: object) -> list[str]:
    if isinstance(content, str):
        return [content]
    listed = content if isinstance(content, list) else ()
    return [text for block in listed for text in _texts(block.get("text", block.get("content")))]
