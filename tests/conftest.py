"""Profiles of hypothesis: "ci" is the same on every run; "soak" goes far deeper, by HYPOTHESIS_PROFILE=soak.

"quick" is "ci" without looking for a smaller example of a failure.
"""

import os

from hypothesis import HealthCheck, Phase, settings

SUPPRESSED = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)

settings.register_profile(
    "ci", max_examples=50, derandomize=True, deadline=None, database=None, suppress_health_check=SUPPRESSED
)
settings.register_profile(
    "quick", parent=settings.get_profile("ci"), max_examples=50, phases=(Phase.explicit, Phase.generate)
)
settings.register_profile("soak", max_examples=2_000, deadline=None, suppress_health_check=SUPPRESSED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
