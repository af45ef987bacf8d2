"""Litany in graphs of one's own: a node that asks the model, and a hook before a node that does."""

import asyncio
from typing import Any

import pytest

pytest.importorskip("langgraph", reason="needs the extra langgraph")

from langchain_core.exceptions import ContextOverflowError
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.errors import GraphRecursionError
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, create_react_agent, tools_condition

from litany import Policy
from litany.adapters.langchain import LitanyHook, LitanyNode
from litany.errors import PolicyError
from tests.adapters.langchain.agents import GOAL, MARK, RULES, look, looks, recitals, said, thread
from tests.adapters.langchain.model import Scripted, calling, in_turn, scripted

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
BEGIN: Any = {"messages": [HumanMessage("go")]}
T1 = thread("t1")
ADD = calling("update_todos", "u1", operations=[{"op": "add", "content": "mend the net"}])


def graph(node: LitanyNode, **fields: Any) -> Any:
    built = StateGraph(MessagesState)
    built.add_node("model", node)
    built.add_node("tools", ToolNode(node.tools))
    built.add_edge(START, "model")
    built.add_conditional_edges("model", tools_condition)
    built.add_edge("tools", "model")
    return built.compile(**fields)


def checked(model: Scripted, lines: list[dict[str, Any]], messages: list[BaseMessage]) -> None:
    assert len(model.asked) == len(lines)
    assert any(line["compacted"] for line in lines)
    for asked, line in zip(model.asked, lines, strict=True):
        assert all(text in said(asked) for text in (GOAL, *RULES))
        assert str(asked[-1].content).startswith(MARK) == line["due"]
    assert recitals(messages) == 0


@pytest.mark.parametrize("way", ["invoke", "ainvoke"])
def test_a_node_recites_last_on_every_due_call_and_stores_none_of_it(way: str) -> None:
    lines: list[dict[str, Any]] = []
    model = scripted(in_turn(*looks(40), AIMessage("It is still.")))
    node = LitanyNode(model, [look], GOAL, RULES, Policy(window=4_000), system="You watch.", trace=lines.append)
    made = graph(node, checkpointer=InMemorySaver())
    config = {**T1, "recursion_limit": 200}

    state = made.invoke(BEGIN, config) if way == "invoke" else asyncio.run(made.ainvoke(BEGIN, config))

    checked(model, lines, state["messages"])
    assert len(state["messages"]) == 2 + 2 * 40
    assert {asked[0].type for asked in model.asked} == {"system"}


def test_a_node_serves_litanys_tools_and_keeps_threads_apart() -> None:
    model = scripted(in_turn(ADD, AIMessage("I rest."), AIMessage("Hello.")))
    node = LitanyNode(model, [look], GOAL)
    made = graph(node, checkpointer=InMemorySaver())

    made.invoke(BEGIN, T1)
    made.invoke(BEGIN, thread("t2"))

    assert [todo.content for todo in node.conversation("t1").agenda.todos] == ["mend the net"]
    assert node.conversation("t2").agenda.todos == ()


def test_a_node_without_a_thread_finds_the_conversation_by_its_messages() -> None:
    model = scripted(in_turn(ADD, *looks(12), AIMessage("It is still.")))

    graph(LitanyNode(model, [look], GOAL)).invoke(BEGIN, {"recursion_limit": 100})

    assert "mend the net" in next(str(asked[-1].content) for asked in model.asked if MARK in str(asked[-1].content))


def test_a_node_tries_an_overflow_again_smaller() -> None:
    refused = ContextOverflowError("prompt is too long: 4100 tokens > 4000 maximum")
    model = scripted(in_turn(*looks(12), refused, AIMessage("It is still.")))

    state = graph(LitanyNode(model, [look], GOAL)).invoke(BEGIN, {"recursion_limit": 100})

    assert len(said(model.asked[13])) < 0.8 * len(said(model.asked[12]))
    assert str(model.asked[13][-1].content).startswith(MARK)
    assert state["messages"][-1].content == "It is still."


def test_a_node_without_tools_asks_the_model_as_it_is() -> None:
    model = scripted(in_turn(AIMessage("It is still.")))
    built = StateGraph(MessagesState)
    built.add_node("model", LitanyNode(model, goal=GOAL, own_tools=False))
    built.add_edge(START, "model")

    built.compile().invoke(BEGIN)

    assert model.offered == [[]]
    assert GOAL in said(model.asked[0])


def test_a_function_that_writes_todos_leaves_litanys_own_out() -> None:
    def write_todos(todos: list[dict[str, str]]) -> str:
        """Writes the list."""
        return "written"

    model = scripted(
        in_turn(calling("write_todos", "w1", todos=[{"content": "swim", "status": "pending"}]), *looks(12))
    )
    node = LitanyNode(model, [look, write_todos], GOAL)
    with pytest.raises(GraphRecursionError):
        graph(node).invoke(BEGIN, {"recursion_limit": 26})

    assert model.offered[0] == ["look", "write_todos", "note", "recall"]
    assert any("- [next] swim" in str(asked[-1].content) for asked in model.asked)


def test_a_node_streams_the_models_tokens() -> None:
    model = scripted(in_turn(*looks(2), AIMessage("It is still now.")))

    stream = graph(LitanyNode(model, [look], GOAL)).stream(BEGIN, stream_mode="messages")

    assert (
        "".join(str(chunk.content) for chunk, _ in stream if chunk.type == "AIMessageChunk").strip()
        == "It is still now."
    )


def test_a_hook_knows_no_model_to_summarize_with() -> None:
    with pytest.raises(PolicyError, match="a hook knows no model; give a chat model or its name"):
        LitanyHook([look], GOAL, summarize=True)


def test_a_hook_gives_the_prebuilt_agent_its_view() -> None:
    lines: list[dict[str, Any]] = []
    model = scripted(in_turn(*looks(40), AIMessage("It is still.")))
    hook = LitanyHook([look], GOAL, RULES, Policy(window=4_000), trace=lines.append)
    agent = create_react_agent(model, hook.tools, pre_model_hook=hook)

    state = agent.invoke(BEGIN, {"recursion_limit": 300})

    checked(model, lines, state["messages"])
    assert len(state["messages"]) == 2 + 2 * 40
