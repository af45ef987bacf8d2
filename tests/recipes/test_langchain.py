"""The recipes for LangChain and LangGraph: they run without a key, and what they say of themselves holds."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from tests.recipes.running import told

with_langchain = pytest.mark.skipif(
    find_spec("langchain") is None, reason="needs langchain: make test-adapters HOSTS=langchain"
)
with_langgraph = pytest.mark.skipif(find_spec("langgraph") is None, reason="needs the extra langgraph")


@with_langchain
def test_the_agent_recites_over_its_compactions_and_stores_no_recitation() -> None:
    recipe = import_module("recipes.langchain_agent")
    middleware = import_module("litany.adapters.langchain").LitanyMiddleware
    lines: list[dict[str, Any]] = []

    messages = recipe.sailed(middleware(recipe.GOAL, policy=recipe.Policy(window=4_000), trace=lines.append))

    assert all(line["tokens"] <= line["budget"] for line in lines)
    assert any(line["compacted"] for line in lines)
    assert all(line["due"] for line in lines if line["compacted"])
    assert len(messages) == 82
    assert not any("<litany" in str(message.content) for message in messages)


@with_langchain
def test_the_agent_tells_what_it_did() -> None:
    assert "82 messages in the agent's state, 0 recitations" in told("langchain_agent")


@with_langgraph
def test_the_graph_keeps_its_messages_and_recites() -> None:
    recipe = import_module("recipes.langgraph_node")
    lines: list[dict[str, Any]] = []

    messages = recipe.sailed(lines)

    assert all(line["tokens"] <= line["budget"] for line in lines)
    assert sum(line["due"] for line in lines) > 10
    assert len(messages) == 82
    assert not any("<litany" in str(message.content) for message in messages)
    assert "82 messages in the graph's state" in "\n".join(told("langgraph_node"))
