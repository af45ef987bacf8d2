"""Runs a recipe as a reader would, and holds what it prints of itself."""

import os
import subprocess
import sys
from pathlib import Path

RECIPES = Path(__file__).parent.parent.parent / "recipes"


def told(recipe: str) -> list[str]:
    """The lines that a recipe prints."""
    command = [sys.executable, "-W", "ignore", "-m", f"recipes.{recipe}"]
    environment = {**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}  # else litellm asks the network first
    ran = subprocess.run(command, check=True, capture_output=True, text=True, cwd=RECIPES.parent, env=environment)
    return ran.stdout.splitlines()


def holds(recipe: str, stored: str) -> None:
    """41 calls within the budget, many recitations, and none of them in what the host stored."""
    first, second, third = told(recipe)[-3:]
    calls, most, budget = (int(word) for word in first.replace(",", "").split() if word.isdecimal())
    assert calls == 41
    assert most <= budget < 4_000
    assert int(second.split()[0]) > 10
    assert third == f"{stored}, 0 recitations"
