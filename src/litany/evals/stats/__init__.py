"""Statistics of outcomes: intervals, paired tests, the shape of a curve over depth, passes, power.

Pure functions of numbers; where dice are thrown, the caller hands them in.
"""

from litany.evals.stats.bootstrap import bootstrapped
from litany.evals.stats.clusters import clustered, clustered_error
from litany.evals.stats.curve import LEAST, Bands, Curve, Verdict, curve, ends, verdict
from litany.evals.stats.exact import shown
from litany.evals.stats.holm import holm
from litany.evals.stats.interval import Interval
from litany.evals.stats.mcnemar import mcnemar
from litany.evals.stats.paired import Difference, paired, paired_bootstrap
from litany.evals.stats.power import detectable
from litany.evals.stats.trials import Trials
from litany.evals.stats.wilson import wilson

__all__ = [
    "LEAST",
    "Bands",
    "Curve",
    "Difference",
    "Interval",
    "Trials",
    "Verdict",
    "bootstrapped",
    "clustered",
    "clustered_error",
    "curve",
    "detectable",
    "ends",
    "holm",
    "mcnemar",
    "paired",
    "paired_bootstrap",
    "shown",
    "verdict",
    "wilson",
]
