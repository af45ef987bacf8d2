"""Agents of ADK over a provider, and the sessions that they leave."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

pytest.importorskip("google.adk", reason="needs google-adk: make test-adapters HOSTS=adk")

from google import genai
from google.adk.agents import Agent
from google.adk.agents.run_config import RunConfig, StreamingMode
from google.adk.apps.app import App
from google.adk.models.google_llm import Gemini
from google.adk.runners import Runner
from google.adk.sessions.in_memory_session_service import InMemorySessionService
from google.genai import types

from litany.testing import Provider
from tests.adapters.said import look

MARKS = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
STREAMED = RunConfig(streaming_mode=StreamingMode.SSE)


def model(provider: Provider) -> Gemini:
    options = types.HttpOptions(base_url=provider.url)
    return Gemini(model="gemini-2.5-flash", client=genai.Client(api_key="key", http_options=options))


def agent(provider: Provider, **fields: Any) -> Agent:
    return Agent(**{"name": "sailor", "model": model(provider), "instruction": "You watch.", "tools": [look], **fields})


@asynccontextmanager
async def running(root: Agent, *plugins: Any, service: Any = None) -> AsyncIterator[Runner]:
    app = App(name="sea", root_agent=root, plugins=list(plugins))
    async with Runner(app=app, session_service=service or InMemorySessionService(), auto_create_session=True) as runner:
        yield runner
        for asked in (root, *root.sub_agents):
            client: Any = asked.model
            await client.client.aio.aclose()


async def ran(runner: Runner, text: str = "go", session: str = "s1", config: RunConfig | None = None) -> list[Any]:
    """The events of one request of the user."""
    said = types.Content(role="user", parts=[types.Part(text=text)])
    given = {"user_id": "u1", "session_id": session, "new_message": said, "run_config": config}
    return [event async for event in runner.run_async(**given)]


async def stored(runner: Runner, session: str = "s1") -> Sequence[Any]:
    """The events that the session holds."""
    found = await runner.session_service.get_session(app_name="sea", user_id="u1", session_id=session)
    assert found is not None
    return list(found.events)
