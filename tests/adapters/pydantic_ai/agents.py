"""Agents of these tests: their models over HTTP, and the ways in which they are run."""

import asyncio
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import pytest
from pydantic_ai.messages import ModelMessage

from litany.testing import Provider
from tests.adapters.watched import MARK

MARKS = [pytest.mark.filterwarnings("ignore::DeprecationWarning")]
MODELS = ("openai", "responses", "anthropic")


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


def recitals(messages: Sequence[ModelMessage]) -> int:
    """How many of the messages hold a recitation."""
    return sum(MARK in str(message) for message in messages)
