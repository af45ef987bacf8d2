"""The recipe for the OpenAI Agents SDK: it runs without a key, and what it says of itself holds."""

import asyncio
from importlib import import_module
from typing import Any

import pytest

from tests.recipes.running import told

REASON = "needs the OpenAI Agents SDK: make test-adapters HOSTS=openai-agents"


def test_the_run_recites_over_its_compactions_and_stores_no_recitation() -> None:
    pytest.importorskip("agents", reason=REASON)
    recipe = import_module("recipes.openai_agents_run")
    lines: list[dict[str, Any]] = []
    given: Any = {"policy": recipe.Policy(window=4_000), "trace": lines.append, "provider": recipe.Sailors(40)}

    items = asyncio.run(recipe.sailed(recipe.LitanyProvider(recipe.GOAL, **given)))

    assert all(line["tokens"] <= line["budget"] for line in lines)
    assert any(line["compacted"] for line in lines)
    assert all(line["due"] for line in lines if line["compacted"])
    assert len(items) == 82
    assert not any("<litany" in str(item) for item in items)


def test_the_run_tells_what_it_did() -> None:
    pytest.importorskip("agents", reason=REASON)

    assert "82 items in the run, 0 recitations" in told("openai_agents_run")
