"""Agents of Agent Framework over a provider, through its OpenAI chat client."""

import asyncio
from typing import Any

import pytest

pytest.importorskip("agent_framework", reason="needs agent-framework-core: make test-adapters HOSTS=agent-framework")

import openai
from agent_framework import Agent
from agent_framework.openai import OpenAIChatClient, OpenAIChatCompletionClient

from litany.testing import Provider
from tests.adapters.said import look

MARKS = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]


def client(provider: Provider, kind: Any = OpenAIChatCompletionClient) -> Any:
    made = openai.AsyncOpenAI(base_url=f"{provider.url}/v1", api_key="key", max_retries=0)
    return kind(model="gpt-4o-mini", async_client=made)


def agent(provider: Provider, *middleware: Any, tools: Any = (look,), kind: Any = OpenAIChatCompletionClient) -> Agent:
    made = client(provider, kind)
    made.function_invocation_configuration["max_iterations"] = 100
    options = {"store": False} if kind is OpenAIChatClient else None
    return Agent(made, "You watch.", tools=list(tools), middleware=list(middleware), default_options=options)


async def whole(made: Agent, text: str = "go", **given: Any) -> Any:
    return await made.run(text, **given)


async def streamed(made: Agent, text: str = "go", **given: Any) -> Any:
    stream = made.run(text, stream=True, **given)
    said = [update.text async for update in stream]
    response = await stream.get_final_response()
    assert "It is still." in "".join(said)
    return response


def run(made: Agent, way: Any = whole, text: str = "go", **given: Any) -> Any:
    """What came of one request of the user; the client is closed after it."""

    async def closed() -> Any:
        try:
            return await way(made, text, **given)
        finally:
            await made.client.client.close()

    return asyncio.run(closed())


WAYS = pytest.mark.parametrize("way", [whole, streamed])
CLIENTS = pytest.mark.parametrize("kind", [OpenAIChatCompletionClient, OpenAIChatClient], ids=["chat", "responses"])
