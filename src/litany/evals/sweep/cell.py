"""Cell: one place of the grid, and the key by which a resumed sweep knows it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import product

from litany.evals.sweep.parts import Arm, Parts
from litany.evals.sweep.suite import Suite


@dataclass(frozen=True, slots=True)
class Site:
    """Where one case stands; its arms and trials share the text."""

    task: str
    seed: int
    length: int
    depth: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One sample: a case in an arm, for the n-th time."""

    site: Site
    arm: Arm
    policy: str
    """The hash of its policy."""
    trial: int
    key: str


def sites(suite: Suite) -> Iterator[Site]:
    """Question by question, so that a sweep that was stopped has about as many in each cell."""
    for seed in suite.seeds:
        for task, length, depth in product(suite.tasks, suite.lengths, suite.depths):
            yield Site(task, seed, length, float(depth))


def cells(suite: Suite, parts: Parts, model: str) -> Iterator[tuple[Site, list[Cell]]]:
    """Every site with its cells, in order. `model`: what the model calls itself."""
    arms, digests = parts.arms, parts.digests()
    treated = [(arm, arm.policy_hash) for arm in arms]
    asked = [
        model,
        sorted(suite.asking.items()),
        sorted((arm.name, policy) for arm, policy in treated if not arm.usual),
    ]
    rest = sha256(json.dumps(asked).encode()).hexdigest()
    for site in sites(suite):
        here = [rest, *_named(site.task, digests), site.seed, site.length, site.depth]
        yield (
            site,
            [
                Cell(site, arm, policy, trial, _key([*here, arm.name, policy, trial]))
                for trial in range(suite.trials)
                for arm, policy in treated
            ],
        )


def _named(task: str, digests: Mapping[str, str]) -> list[str]:
    """The task, and what stands in its file if it has one."""
    return [task, digests[task]] if task in digests else [task]


def _key(parts: Sequence[object]) -> str:
    """Arms that add much are in every key: a case leaves room for the longest recital, so others are other texts."""
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]
