"""The recipe for the OpenAI Agents SDK: it runs without a key, is short, and what it says of itself holds."""

import asyncio
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

RECIPE = Path(__file__).parent.parent.parent / "recipes" / "openai_agents_run.py"
REASON = "needs the OpenAI Agents SDK: make test-adapters HOSTS=openai-agents"


def test_it_is_short() -> None:
    assert len(RECIPE.read_text("utf-8").splitlines()) <= 60


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
    command = [sys.executable, "-W", "ignore", "-m", f"recipes.{RECIPE.stem}"]

    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=RECIPE.parent.parent).stdout

    assert "82 items in the run, 0 recitations" in told
