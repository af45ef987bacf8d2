"""Every recipe is one idea, short enough to be read at once."""

from pathlib import Path

import pytest

from tests.recipes.running import RECIPES


@pytest.mark.parametrize("recipe", sorted(RECIPES.glob("*.py")), ids=lambda recipe: recipe.stem)
def test_it_is_short(recipe: Path) -> None:
    assert len(recipe.read_text("utf-8").splitlines()) <= 60
