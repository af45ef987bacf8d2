"""A LangChain agent that keeps its goal in sight. Before and after differ by one line:

    agent = create_agent(model, tools)
    agent = create_agent(model, tools, middleware=[LitanyMiddleware(goal=..., constraints=[...])])

This one looks at the sea 40 times in a window of 4,000 tokens. Every view fits the window and holds the goal; where a
recitation is due it is read last, also on the calls that compact; the agent's own state keeps all 82 messages as they
were, and no recitation. deepagents takes the same object: `create_deep_agent(model, tools, middleware=[...])`.
"""

from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage, BaseMessage

from litany import Policy
from litany.adapters.langchain import LitanyMiddleware

GOAL = "Watch the sea until it is still."


class Sailor(FakeMessagesListChatModel):
    """Stands in for a model with a key: says what it was told to say, one message a call."""

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self


def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: " + "the tide comes in and the tide goes out again; " * 20


def sailed(litany: LitanyMiddleware, turns: int = 40) -> list[BaseMessage]:
    """The agent's own messages after the run."""
    calls: list[BaseMessage] = [
        AIMessage("", tool_calls=[{"id": f"c{turn}", "name": "look", "args": {"at": turn}}]) for turn in range(turns)
    ]
    model = Sailor(responses=[*calls, AIMessage("It is still.")])
    agent = create_agent(model, [look], middleware=[litany])
    messages: list[BaseMessage] = agent.invoke({"messages": [{"role": "user", "content": "Go."}]})["messages"]
    return messages


if __name__ == "__main__":
    lines: list[dict[str, Any]] = []
    litany = LitanyMiddleware(GOAL, ["Never shout."], Policy(window=4_000), trace=lines.append)
    messages = sailed(litany)
    kept = sum("<litany" in str(message.content) for message in messages)
    print(f"{len(lines)} calls, at most {max(line['tokens'] for line in lines)} tokens of {lines[0]['budget']}")
    print(f"{sum(line['due'] for line in lines)} recitations read last, also on the calls that compacted")
    print(f"{len(messages)} messages in the agent's state, {kept} recitations")
