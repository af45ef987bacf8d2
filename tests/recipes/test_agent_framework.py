"""The recipe for Microsoft Agent Framework: it runs without a key, and what it says of itself holds."""

from importlib.util import find_spec

import pytest

from tests.recipes.running import holds


@pytest.mark.skipif(
    find_spec("agent_framework") is None, reason="needs agent-framework-core: make test-adapters HOSTS=agent-framework"
)
def test_it_recites_over_its_compactions_and_stores_no_recitation() -> None:
    holds("agent_framework_agent", "81 messages of the run")
