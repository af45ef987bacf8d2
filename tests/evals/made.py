"""Outcomes made up by a seed: a curve over depth for each arm, errors at a given rate."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from typing import Literal

from litany.evals.outcome import Failure, Outcome

Shape = Callable[[float, int], float]
"""How likely an answer is right, at a depth and a length."""
LENGTHS = (1_000, 4_000, 16_000)
DEPTHS = (0.0, 0.25, 0.5, 0.75, 1.0)


def u_shaped(depth: float, length: int) -> float:
    """Right at both ends; the longer, the more is lost between them."""
    lost = {1_000: 0.2, 4_000: 0.5, 16_000: 0.75}.get(length, 0.6)
    return 0.97 - lost * (1 - (2 * depth - 1) ** 2)


def flat(_depth: float, _length: int) -> float:
    """As good everywhere."""
    return 0.93


SHAPES: Mapping[str, Shape] = {"bare": u_shaped, "placebo": u_shaped, "recite": flat}
PLAIN = Outcome(
    key="", task="needle", arm="bare", policy="", model="pocket", seed=0, trial=0, question="", length=1_000, depth=0.0,
    truth="", answer=None, score=None, error=None, tokens=990, cached=0, completion=6, latency=0.02, cost=None,
    commit="1f2e3d4c5b6a",
)  # fmt: skip


def outcomes(
    shapes: Mapping[str, Shape] = SHAPES,
    n: int = 20,
    *,
    lengths: tuple[int, ...] = LENGTHS,
    depths: tuple[float, ...] = DEPTHS,
    trials: int = 1,
    errors: float = 0.0,
    task: str = "needle",
    seed: int = 7,
) -> Iterator[Outcome]:
    """Every arm on n questions in every cell."""
    rng = Random(seed)
    for arm, shape in shapes.items():
        for length in lengths:
            for depth in depths:
                for case in range(n):
                    for trial in range(trials):
                        yield _outcome(rng, task, arm, length, depth, case, trial, shape, errors)


def _outcome(
    rng: Random, task: str, arm: str, length: int, depth: float, case: int, trial: int, shape: Shape, errors: float
) -> Outcome:
    luck, fails = rng.random(), rng.random() < errors
    right, truth = luck < shape(depth, length), f"{case * 7919 % 100_000:05d}"
    recital = 0 if arm == "bare" else 64
    made = replace(
        PLAIN,
        key=f"{task}/{arm}/{length}/{depth}/{case}/{trial}",
        task=task,
        arm=arm,
        policy="" if arm == "bare" else f"{arm}-policy",
        seed=case,
        trial=trial,
        question=f"{task}/{case}",
        length=length,
        depth=depth,
        truth=truth,
        answer=f"The number is {truth if right else 'not said'}.",
        score=float(right),
        tokens=length - 80 + recital + case % 5,
        latency=length / 50_000 + luck / 100,
        cost=length * 2.5e-7,
        details={"prompt_end": f"tool: 14 files read, nothing new.\nuser: Which number was ship {case} given?"},
    )
    return failed(made, "timeout" if luck < 0.5 else "provider") if fails else made


def failed(outcome: Outcome, kind: Literal["timeout", "provider", "window"] = "provider") -> Outcome:
    """The same, had it failed."""
    text = "HTTP 503: the provider is overloaded"
    return replace(outcome, answer=None, score=None, error=Failure(kind, text), tokens=0, completion=0, cost=None)


def written(folder: Path, every: Iterator[Outcome] | list[Outcome]) -> Path:
    """The folder, with the outcomes in it."""
    folder.mkdir(parents=True, exist_ok=True)
    body = "".join(json.dumps(asdict(outcome)) + "\n" for outcome in every)
    (folder / "outcomes.jsonl").write_text(body, encoding="utf-8")
    return folder
