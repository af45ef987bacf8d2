"""Profiles of hypothesis: "ci" is the same on every run; "soak" goes far deeper, by HYPOTHESIS_PROFILE=soak.

"quick" is "ci" without looking for a smaller example of a failure.
"""

import os
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, Phase, settings

SUPPRESSED = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)

settings.register_profile(
    "ci", max_examples=30, derandomize=True, deadline=None, database=None, suppress_health_check=SUPPRESSED
)
settings.register_profile("quick", parent=settings.get_profile("ci"), phases=(Phase.explicit, Phase.generate))
settings.register_profile("soak", max_examples=2_000, deadline=None, suppress_health_check=SUPPRESSED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """What takes long, for it starts many processes or asks much, runs in `make test-slow`."""
    skipped = pytest.mark.skip(reason="slow: make test-slow")
    for item in items:
        if "slow" in item.keywords and not os.environ.get("SLOW"):
            item.add_marker(skipped)
