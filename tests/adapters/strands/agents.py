"""Agents of Strands over a provider, through its OpenAI model."""

import asyncio
from importlib import import_module
from typing import Any

import pytest

pytest.importorskip("strands", reason="needs strands-agents: make test-adapters HOSTS=strands")

from strands import Agent, tool
from strands.agent.conversation_manager import NullConversationManager
from strands.models.openai import OpenAIModel

from litany.testing import Provider
from tests.adapters.said import LONG

MARKS = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@tool
def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: {LONG}"


def model(provider: Provider, stream: bool = True) -> OpenAIModel:
    args = {"base_url": f"{provider.url}/v1", "api_key": "key", "max_retries": 0}
    return OpenAIModel(client_args=args, model_id="gpt-4o-mini", stream=stream)


def agent(provider: Provider, *plugins: Any, stream: bool = True, **fields: Any) -> Agent:
    given = {"tools": [look], "conversation_manager": NullConversationManager(), "retry_strategy": None, **fields}
    return Agent(
        model=model(provider, stream),
        system_prompt="You watch.",
        plugins=list(plugins),
        callback_handler=None,
        **given,
    )


def sync(made: Agent, text: str = "go") -> Any:
    return made(text)


def awaited(made: Agent, text: str = "go") -> Any:
    return asyncio.run(made.invoke_async(text))


def streamed(made: Agent, text: str = "go") -> Any:
    async def events() -> Any:
        return [event async for event in made.stream_async(text)]

    return next(event["result"] for event in reversed(asyncio.run(events())) if "result" in event)


WAYS = pytest.mark.parametrize("way", [sync, awaited, streamed])
overflow = import_module("strands.types.exceptions").ContextWindowOverflowException
