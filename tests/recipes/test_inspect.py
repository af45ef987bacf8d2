"""The recipe for Inspect AI: it runs without a key, and what it says of itself holds."""

from importlib.util import find_spec

import pytest

from tests.recipes.running import holds


@pytest.mark.skipif(find_spec("inspect_ai") is None, reason="needs inspect-ai: make test-adapters HOSTS=inspect")
def test_it_recites_over_its_compactions_and_stores_no_recitation() -> None:
    holds("inspect_task", "83 messages in the log")
