"""A Google ADK agent that keeps its goal in sight. Before and after differ by one line:

    app = App(name="sea", root_agent=agent)
    app = App(name="sea", root_agent=agent, plugins=[LitanyPlugin(goal=..., constraints=[...])])

This one looks at the sea 40 times in a window of 4,000 tokens. Every view fits the window and holds the goal; where a
recitation is due it is read last, also on the calls that compact; the session keeps all 82 events as they were, and no
recitation. Gemini's own client asks a provider that is a script here: no key, no network.
"""

import asyncio
import json
from typing import Any

from google import genai
from google.adk.agents import Agent
from google.adk.apps.app import App
from google.adk.models.google_llm import Gemini
from google.adk.runners import InMemoryRunner
from google.genai import types

from litany import Policy
from litany.adapters.adk import LitanyPlugin
from litany.testing import Provider

GOAL = "Watch the sea until it is still."


def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: " + "the tide comes in and the tide goes out again; " * 20


async def sailed(litany: LitanyPlugin, turns: int = 40) -> list[Any]:
    """The session's own events after the run."""
    looks = [{"parts": [{"functionCall": {"id": f"c{at}", "name": "look", "args": {"at": at}}}]} for at in range(turns)]
    with Provider([*looks, "It is still."]) as provider:
        client = genai.Client(api_key="none", http_options=types.HttpOptions(base_url=provider.url))
        agent = Agent(name="sailor", model=Gemini(model="gemini-2.5-flash", client=client), tools=[look])
        runner = InMemoryRunner(app=App(name="sea", root_agent=agent, plugins=[litany]))
        session = await runner.session_service.create_session(app_name="sea", user_id="me")
        go = types.Content(role="user", parts=[types.Part(text="Go.")])
        _ = [event async for event in runner.run_async(user_id="me", session_id=session.id, new_message=go)]
        await client.aio.aclose()
        found = await runner.session_service.get_session(app_name="sea", user_id="me", session_id=session.id)
    return list(found.events) if found else []


if __name__ == "__main__":
    lines: list[dict[str, Any]] = []
    events = asyncio.run(sailed(LitanyPlugin(GOAL, ["Never shout."], Policy(window=4_000), trace=lines.append)))
    kept = sum("<litany" in json.dumps(event.model_dump(mode="json")) for event in events)
    print(f"{len(lines)} calls, at most {max(line['tokens'] for line in lines)} tokens of {lines[0]['budget']}")
    print(f"{sum(line['due'] for line in lines)} recitations read last, also on the calls that compacted")
    print(f"{len(events)} events in the session, {kept} recitations")
