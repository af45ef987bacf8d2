"""A Pydantic AI agent that keeps its goal in sight. Before and after differ by one argument:

    agent = Agent(model, tools=tools)
    agent = Agent(model, tools=tools, capabilities=[LitanyCapability(goal=..., constraints=[...])])

This one looks at the sea 40 times in a window of 4,000 tokens. Every view fits the window and holds the goal; where a
recitation is due it is read last, also on the calls that compact; the run's own history keeps all 82 messages as they
were, and no recitation. Without tools of litany's own: `Agent(LitanyModel(model, goal=...))`.
"""

from typing import Any

from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import FunctionModel
from pydantic_ai.usage import RequestUsage

from litany import Policy
from litany.adapters.pydantic_ai import LitanyCapability

GOAL = "Watch the sea until it is still."


def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: " + "the tide comes in and the tide goes out again; " * 20


def sailor(turns: int) -> FunctionModel:
    """Stands in for a model with a key: looks so many times."""
    calls, usage = iter(range(turns)), RequestUsage(output_tokens=9)  # what it read is left to be counted

    def answer(messages: list[ModelMessage], info: Any) -> ModelResponse:
        turn = next(calls, None)
        if turn is None:
            return ModelResponse(parts=[TextPart("It is still.")], usage=usage)
        return ModelResponse(parts=[ToolCallPart("look", {"at": turn}, f"c{turn}")], usage=usage)

    return FunctionModel(answer)


def sailed(litany: LitanyCapability, turns: int = 40) -> list[ModelMessage]:
    """The agent's own messages after the run."""
    agent = Agent(sailor(turns), tools=[look], capabilities=[litany])
    messages: list[ModelMessage] = agent.run_sync("Go.").all_messages()
    return messages


if __name__ == "__main__":
    lines: list[dict[str, Any]] = []
    messages = sailed(LitanyCapability(GOAL, ["Never shout."], Policy(window=4_000), trace=lines.append))
    kept = sum("<litany" in str(message) for message in messages)
    print(f"{len(lines)} calls, at most {max(line['tokens'] for line in lines)} tokens of {lines[0]['budget']}")
    print(f"{sum(line['due'] for line in lines)} recitations read last, also on the calls that compacted")
    print(f"{len(messages)} messages in the run's history, {kept} recitations")
