"""The recipe for Strands: it runs without a key, and what it says of itself holds."""

from importlib.util import find_spec

import pytest

from tests.recipes.running import holds


@pytest.mark.skipif(find_spec("strands") is None, reason="needs strands-agents: make test-adapters HOSTS=strands")
def test_it_recites_over_its_compactions_and_stores_no_recitation() -> None:
    holds("strands_agent", "82 messages in the agent")
