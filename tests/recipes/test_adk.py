"""The recipe for Google ADK: it runs without a key, and what it says of itself holds."""

from importlib.util import find_spec

import pytest

from tests.recipes.running import holds


@pytest.mark.skipif(
    find_spec("google") is None or find_spec("google.adk") is None,
    reason="needs google-adk: make test-adapters HOSTS=adk",
)
def test_it_recites_over_its_compactions_and_stores_no_recitation() -> None:
    holds("adk_agent", "82 events in the session")
