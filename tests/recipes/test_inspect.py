"""The recipe for Inspect AI: it runs without a key, is short, and what it says of itself holds."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
RECIPE = ROOT / "recipes" / "inspect_task.py"


def test_it_is_short() -> None:
    assert len(RECIPE.read_text("utf-8").splitlines()) <= 60


@pytest.mark.skipif(find_spec("inspect_ai") is None, reason="needs inspect-ai: make test-adapters HOSTS=inspect")
def test_it_recites_over_its_compactions_and_stores_no_recitation() -> None:
    command = [sys.executable, "-W", "ignore", "-m", "recipes.inspect_task"]
    first, second, third = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=ROOT
    ).stdout.splitlines()[-3:]

    calls, most, budget = (int(word) for word in first.replace(",", "").split() if word.isdecimal())
    assert calls == 41
    assert most <= budget < 4_000
    assert int(second.split()[0]) > 10
    assert third == "83 messages in the log, 0 recitations"
