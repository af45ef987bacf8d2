"""An agent of Microsoft Agent Framework that keeps its goal in sight. Before and after differ by one argument:

    agent = Agent(client, tools=[look])
    agent = Agent(client, tools=[look], middleware=[LitanyMiddleware(goal=..., constraints=[...])])

This one looks at the sea 40 times in a window of 4,000 tokens. Every view fits the window and holds the goal; where a
recitation is due it is read last, also on the calls that compact; the run's own 81 messages are as they were, and hold
no recitation. OpenAI's own client asks a provider that is a script here: no key, no network.
"""

import asyncio
import json
from typing import Any

import openai
from agent_framework import Agent
from agent_framework.openai import OpenAIChatCompletionClient

from litany import Policy
from litany.adapters.agent_framework import LitanyMiddleware
from litany.testing import Provider

GOAL = "Watch the sea until it is still."


def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: " + "the tide comes in and the tide goes out again; " * 20


def called(at: int) -> dict[str, Any]:
    """What the model says: one call of the tool."""
    call = {"id": f"c{at}", "type": "function", "function": {"name": "look", "arguments": json.dumps({"at": at})}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


async def sailed(litany: LitanyMiddleware, turns: int = 40) -> list[Any]:
    """The messages that the run gave."""
    with Provider([*map(called, range(turns)), "It is still."]) as provider:
        async with openai.AsyncOpenAI(base_url=f"{provider.url}/v1", api_key="none") as own:
            client = OpenAIChatCompletionClient(model="gpt-4o-mini", async_client=own)
            client.function_invocation_configuration["max_iterations"] = turns + 1
            response = await Agent(client, tools=[look], middleware=[litany]).run("Go.")
    return list(response.messages)


if __name__ == "__main__":
    lines: list[dict[str, Any]] = []
    messages = asyncio.run(sailed(LitanyMiddleware(GOAL, ["Never shout."], Policy(window=4_000), trace=lines.append)))
    kept = sum("<litany" in str(message.to_dict()) for message in messages)
    print(f"{len(lines)} calls, at most {max(line['tokens'] for line in lines)} tokens of {lines[0]['budget']}")
    print(f"{sum(line['due'] for line in lines)} recitations read last, also on the calls that compacted")
    print(f"{len(messages)} messages of the run, {kept} recitations")
