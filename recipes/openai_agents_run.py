"""A run of the OpenAI Agents SDK that keeps its goal in sight. Before and after differ by one argument:

    result = await Runner.run(agent, "Go.")
    result = await Runner.run(agent, "Go.", run_config=RunConfig(model_provider=LitanyProvider(goal=...)))

This one looks at the sea 40 times in a window of 4,000 tokens. Every view fits the window and holds the goal; where a
recitation is due it is read last, also on the calls that compact; the run keeps all 82 items as they were, and no
recitation. For an agent that holds a Model of its own: `Agent(model=LitanyModel(model, goal=...))`.
"""

import asyncio
from typing import Any

from agents import Agent, Model, ModelProvider, RunConfig, Runner, function_tool
from agents.testing import ModelStep, ScriptedModel, assistant_message, function_call

from litany import Policy
from litany.adapters.openai_agents import LitanyProvider

GOAL = "Watch the sea until it is still."


@function_tool
def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: " + "the tide comes in and the tide goes out again; " * 20


class Sailors(ModelProvider):
    """Stands in for a provider with a key: its model looks so many times."""

    def __init__(self, turns: int) -> None:
        calls = [function_call("look", {"at": turn}, call_id=f"c{turn}") for turn in range(turns)]
        steps = [ModelStep(output=[item]) for item in (*calls, assistant_message("It is still."))]
        self.model = ScriptedModel(steps)

    def get_model(self, model_name: str | None) -> Model:
        return self.model


async def sailed(litany: LitanyProvider, turns: int = 40) -> list[Any]:
    """The run's own items."""
    config = RunConfig(model_provider=litany, tracing_disabled=True)
    result = await Runner.run(Agent(name="sailor", tools=[look]), "Go.", run_config=config, max_turns=turns + 1)
    items: list[Any] = result.to_input_list()
    return items


if __name__ == "__main__":
    lines: list[dict[str, Any]] = []
    litany = LitanyProvider(GOAL, policy=Policy(window=4_000), trace=lines.append, provider=Sailors(40))
    items = asyncio.run(sailed(litany))
    kept = sum("<litany" in str(item) for item in items)
    print(f"{len(lines)} calls, at most {max(line['tokens'] for line in lines)} tokens of {lines[0]['budget']}")
    print(f"{sum(line['due'] for line in lines)} recitations read last, also on the calls that compacted")
    print(f"{len(items)} items in the run, {kept} recitations")
