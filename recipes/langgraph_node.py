"""A graph of one's own, with litany as the node that asks the model. Before and after:

    graph.add_node("model", lambda state: {"messages": [model.bind_tools(tools).invoke(state["messages"])]})
    graph.add_node("model", LitanyNode(model, tools, goal=..., constraints=[...]))

The graph looks at the sea 40 times in a window of 4,000 tokens. What the node sends fits the window and holds the goal;
where a recitation is due it is read last; the graph's own messages are all there, and none of them is a recitation.
`ToolNode(node.tools)` serves update_todos, note and recall beside the graph's own tools.
"""

from typing import Any

from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

from litany import Policy
from litany.adapters.langchain import LitanyNode

GOAL = "Watch the sea until it is still."


class Sailor(FakeMessagesListChatModel):
    """Stands in for a model with a key: says what it was told to say, one message a call."""

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self


def look(at: int) -> str:
    """Looks at the sea."""
    return f"wave {at}: " + "the tide comes in and the tide goes out again; " * 20


def sailed(lines: list[dict[str, Any]], turns: int = 40) -> list[BaseMessage]:
    """The graph's own messages after the run. `lines` takes the trace."""
    calls: list[BaseMessage] = [
        AIMessage("", tool_calls=[{"id": f"c{turn}", "name": "look", "args": {"at": turn}}]) for turn in range(turns)
    ]
    model = Sailor(responses=[*calls, AIMessage("It is still.")])
    node = LitanyNode(model, [look], GOAL, ["Never shout."], Policy(window=4_000), trace=lines.append)
    graph = StateGraph(MessagesState)
    graph.add_node("model", node)
    graph.add_node("tools", ToolNode(node.tools))
    graph.add_edge(START, "model")
    graph.add_conditional_edges("model", tools_condition)
    graph.add_edge("tools", "model")
    begin: Any = {"messages": ["Go."]}
    messages: list[BaseMessage] = graph.compile().invoke(begin, {"recursion_limit": 200})["messages"]
    return messages


if __name__ == "__main__":
    told: list[dict[str, Any]] = []
    messages = sailed(told)
    print(f"{len(told)} calls, at most {max(line['tokens'] for line in told)} tokens of {told[0]['budget']}")
    print(f"{sum(line['due'] for line in told)} recitations, {len(messages)} messages in the graph's state")
