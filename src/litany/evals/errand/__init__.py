"""Errands: small simulated worlds in which an agent works for many calls, scored by what it has made of them."""

from litany.evals.errand.kinds import KINDS
from litany.evals.errand.task import NAME, SEEDS, Errand, errand_named
from litany.evals.errand.treatment import TREATMENTS, Treatment
from litany.evals.errand.world import World, world

__all__ = ["KINDS", "NAME", "SEEDS", "TREATMENTS", "Errand", "Treatment", "World", "errand_named", "world"]
