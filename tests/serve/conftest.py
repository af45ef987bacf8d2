"""One proxy for all tests that need nothing of their own: starting one takes longer than most tests."""

from collections.abc import Iterator

import pytest

from tests.serve.proxied import ABSENT, Stage, staged

WINDOW = "4000"


@pytest.fixture(scope="session")
def running() -> Iterator[Stage]:
    """A proxy with a small window, over a store in memory, before a provider that caches nothing."""
    if ABSENT:
        pytest.skip("uvicorn comes with the extra proxy: install litany[proxy]")
    with staged("--window", WINDOW, "--set", 'recite=["turns", 2]', cache_minimum=10**9) as stage:
        yield stage


@pytest.fixture
def stage(running: Stage) -> Stage:
    """That proxy, as if nothing had been said."""
    return running.cleared()
