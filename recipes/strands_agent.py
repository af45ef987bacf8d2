"""A Strands agent that keeps its goal in sight. Before and after differ by two arguments:

    agent = Agent(model=model, tools=[look])
    agent = Agent(model=model, tools=[look], plugins=[LitanyPlugin(goal=..., constraints=[...])],
                  conversation_manager=NullConversationManager())

This one looks at the sea 40 times in a window of 4,000 tokens. Every view fits the window and holds the goal; where a
recitation is due it is read last, also on the calls that compact; the agent keeps all 82 messages as they were, and no
recitation. OpenAI's own client asks a provider that is a script here: no key, no network.
"""

import json
from typing import Any

from strands import Agent, tool
from strands.agent.conversation_manager import NullConversationManager
from strands.models.openai import OpenAIModel

from litany import Policy
from litany.adapters.strands import LitanyPlugin
from litany.testing import Provider

GOAL = "Watch the sea until it is still."


@tool
def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: " + "the tide comes in and the tide goes out again; " * 20


def called(at: int) -> dict[str, Any]:
    """What the model says: one call of the tool."""
    call = {"id": f"c{at}", "type": "function", "function": {"name": "look", "arguments": json.dumps({"at": at})}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def sailed(litany: LitanyPlugin, turns: int = 40) -> list[Any]:
    """The agent's own messages after the run."""
    with Provider([*map(called, range(turns)), "It is still."]) as provider:
        model = OpenAIModel(client_args={"base_url": f"{provider.url}/v1", "api_key": "none"}, model_id="gpt-4o-mini")
        own = NullConversationManager()
        agent = Agent(model=model, tools=[look], plugins=[litany], conversation_manager=own, callback_handler=None)
        agent("Go.")
    return list(agent.messages)


if __name__ == "__main__":
    lines: list[dict[str, Any]] = []
    messages = sailed(LitanyPlugin(GOAL, ["Never shout."], Policy(window=4_000), trace=lines.append))
    kept = sum("<litany" in str(message) for message in messages)
    print(f"{len(lines)} calls, at most {max(line['tokens'] for line in lines)} tokens of {lines[0]['budget']}")
    print(f"{sum(line['due'] for line in lines)} recitations read last, also on the calls that compacted")
    print(f"{len(messages)} messages in the agent, {kept} recitations")
