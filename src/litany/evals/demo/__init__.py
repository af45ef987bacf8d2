"""The demo: a small eval that anybody can run, and its results told in plain text."""

from litany.evals.demo import errand
from litany.evals.demo.folder import taken
from litany.evals.demo.scene import Scene, scene
from litany.evals.demo.suite import ARMS, PLACES, QUESTIONS, suite
from litany.evals.demo.told import ended, question, results

__all__ = ["ARMS", "PLACES", "QUESTIONS", "Scene", "ended", "errand", "question", "results", "scene", "suite", "taken"]
