"""The recipes for LangChain and LangGraph: they run without a key, are short, and what they say of themselves holds."""

import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

RECIPES = Path(__file__).parent.parent.parent / "recipes"
AGENT, NODE = RECIPES / "langchain_agent.py", RECIPES / "langgraph_node.py"
with_langchain = pytest.mark.skipif(
    find_spec("langchain") is None, reason="needs langchain: make test-adapters HOSTS=langchain"
)
with_langgraph = pytest.mark.skipif(find_spec("langgraph") is None, reason="needs the extra langgraph")


def ran(recipe: Path) -> str:
    command = [sys.executable, "-W", "ignore", "-m", f"recipes.{recipe.stem}"]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=RECIPES.parent).stdout


@pytest.mark.parametrize("recipe", [AGENT, NODE])
def test_it_is_short(recipe: Path) -> None:
    assert len(recipe.read_text("utf-8").splitlines()) <= 60


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
    assert "82 messages in the agent's state, 0 recitations" in ran(AGENT)


@with_langgraph
def test_the_graph_keeps_its_messages_and_recites() -> None:
    recipe = import_module("recipes.langgraph_node")
    lines: list[dict[str, Any]] = []

    messages = recipe.sailed(lines)

    assert all(line["tokens"] <= line["budget"] for line in lines)
    assert sum(line["due"] for line in lines) > 10
    assert len(messages) == 82
    assert not any("<litany" in str(message.content) for message in messages)
    assert "82 messages in the graph's state" in ran(NODE)
