"""Noise: what the tools of a world say beside what matters; long at times, and now and then it suggests other work."""

from dataclasses import dataclass
from math import exp, log
from random import Random

from litany.evals.errand.kinds import Kind
from litany.evals.haystack import prose

FEW, MANY = 2, 60
"""Sentences of a result, by the logarithm as likely: 25 to 700 tokens."""
BETWEEN = 15
"""Sentences from one suggestion to the next, about."""


@dataclass(frozen=True, slots=True)
class Noise:
    """What is said in one world, step by step: the same at the same step, whatever was done."""

    seed: str
    kind: Kind
    rumours: tuple[str, ...]
    """Choices that are not the rule's."""
    strays: tuple[str, ...]
    """Names of things that nobody who may say so wants anything done to."""

    def at(self, step: int) -> str:
        """What the result of this step says beside its own."""
        rng = Random(f"{self.seed} {step}")
        stream = prose(f"{self.seed} {step} prose")
        said: list[str] = []
        for _ in range(round(exp(rng.uniform(log(FEW), log(MANY))))):
            said += [next(stream).text, *([self._suggested(rng)] if rng.random() < 1 / BETWEEN else [])]
        return " ".join(said)

    def _suggested(self, rng: Random) -> str:
        job, value, name = self.kind.job, rng.choice(self.rumours), rng.choice(self.strays)
        return rng.choice(
            (
                f"Somebody asks whether you could {self.kind.stray.deed(name)} first.",
                f"The other {self.kind.place} has the {job.option} {value} for its {job.thing}.",
                f"Last year a {job.thing} came back from the {job.option} {value}.",
            )
        )
