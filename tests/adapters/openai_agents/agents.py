"""Agents of these tests: their models over HTTP, and the ways in which they are run."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from agents import (
    Agent,
    OpenAIChatCompletionsModel,
    OpenAIProvider,
    OpenAIResponsesModel,
    RunConfig,
    Runner,
    function_tool,
)
from openai import AsyncOpenAI

from litany.testing import Provider
from tests.adapters import watched
from tests.adapters.watched import MARK

MARKS = [pytest.mark.filterwarnings("ignore::DeprecationWarning")]
MODELS = ("responses", "chat")
WAYS = ("sync", "async", "stream")
TURNS = 200
"""Turns that a run may take."""

look = function_tool(watched.look)


def client(provider: Provider) -> AsyncOpenAI:
    """OpenAI's client over this provider; it sends each request once."""
    return AsyncOpenAI(base_url=f"{provider.url}/v1", api_key="key", max_retries=0)


def modelled(name: str, provider: Provider) -> Any:
    """A model of the SDK over this provider."""
    kind = OpenAIResponsesModel if name == "responses" else OpenAIChatCompletionsModel
    return kind("gpt-4o-mini", client(provider))


def provided(name: str, provider: Provider) -> OpenAIProvider:
    """A provider of such models."""
    return OpenAIProvider(openai_client=client(provider), use_responses=name == "responses")


def agent(model: Any = None, *tools: Any, **fields: Any) -> Any:
    return Agent(name="sailor", instructions="You watch.", model=model, tools=[look, *tools], **fields)


def ran(made: Any, way: str, given: Any, **fields: Any) -> Any:
    """The result of a run, in one of the ways in which the SDK runs an agent."""
    config = RunConfig(tracing_disabled=True, **fields.pop("config", {}))
    fields = {"run_config": config, "max_turns": TURNS, **fields}
    with asyncio.Runner() as runner:
        asyncio.set_event_loop(runner.get_loop())
        try:
            if way == "sync":
                return Runner.run_sync(made, given, **fields)
            return runner.run((_streamed if way == "stream" else Runner.run)(made, given, **fields))
        finally:
            runner.run(_closed(made, config))


async def _streamed(made: Any, given: Any, **fields: Any) -> Any:
    result = Runner.run_streamed(made, given, **fields)
    async for _ in result.stream_events():
        pass
    return result


async def _closed(made: Any, config: RunConfig) -> None:
    for holder in (made.model, config.model_provider):
        held = getattr(holder, "_client", None)
        if held is not None:
            await held.close()


def recitals(items: Sequence[Any]) -> int:
    """How many of the items hold a recitation."""
    return sum(MARK in json.dumps(item, default=str) for item in items)
