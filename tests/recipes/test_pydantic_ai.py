"""The recipe for Pydantic AI: it runs without a key, and what it says of itself holds."""

from importlib import import_module
from typing import Any

import pytest

from tests.recipes.running import told


def test_the_agent_recites_over_its_compactions_and_stores_no_recitation() -> None:
    pytest.importorskip("pydantic_ai", reason="needs Pydantic AI: make test-adapters HOSTS=pydantic-ai")
    recipe = import_module("recipes.pydantic_ai_agent")
    lines: list[dict[str, Any]] = []

    messages = recipe.sailed(
        recipe.LitanyCapability(recipe.GOAL, policy=recipe.Policy(window=4_000), trace=lines.append)
    )

    assert all(line["tokens"] <= line["budget"] for line in lines)
    assert any(line["compacted"] for line in lines)
    assert all(line["due"] for line in lines if line["compacted"])
    assert len(messages) == 82
    assert not any("<litany" in str(message) for message in messages)


def test_the_agent_tells_what_it_did() -> None:
    pytest.importorskip("pydantic_ai", reason="needs Pydantic AI: make test-adapters HOSTS=pydantic-ai")

    assert "82 messages in the run's history, 0 recitations" in told("pydantic_ai_agent")
