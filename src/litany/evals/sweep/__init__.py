"""The sweep: a suite of cells asked of a model, into a folder, at a pace, resumable, never paid for twice."""

from litany.evals.sweep.due import Due, due
from litany.evals.sweep.parts import Arm, Parts, parts_of
from litany.evals.sweep.plan import Plan, plan
from litany.evals.sweep.progress import Progress
from litany.evals.sweep.rescore import Rescored, Unscored, rescore
from litany.evals.sweep.results import read
from litany.evals.sweep.run import Interrupted, Ran, run
from litany.evals.sweep.suite import Pace, Suite

__all__ = [
    "Arm",
    "Due",
    "Interrupted",
    "Pace",
    "Parts",
    "Plan",
    "Progress",
    "Ran",
    "Rescored",
    "Suite",
    "Unscored",
    "due",
    "parts_of",
    "plan",
    "read",
    "rescore",
    "run",
]
