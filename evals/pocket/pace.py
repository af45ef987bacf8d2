"""Says how long training takes on this machine, from some steps of each length: run it where nothing else runs.

python -m evals.pocket.pace [--fast]
"""

import sys
import time
from collections import Counter
from statistics import median

import torch

from evals.pocket.episodes import batch
from evals.pocket.model import Pocket
from evals.pocket.train import MORE, STEPS, TOKENS, Forward, Stage, halved, optimizers_of, stepped
from litany.pocket.shape import Shape

STAGES = (Stage(0, STEPS), Stage(STEPS, MORE, last=True))
TIMED = 25
"""Steps of each length."""


def main() -> None:
    """The command."""
    torch.set_num_threads(1)
    model = Pocket(Shape())
    optimizers = optimizers_of(model)
    forward = halved(model) if "--fast" in sys.argv[1:] else model
    lengths = Counter(stage.length(step) for stage in STAGES for step in range(stage.steps))
    started = time.monotonic()
    _seconds(forward, model, optimizers, 96, 2)
    seconds = time.monotonic() - started
    print(f"beginning: {seconds:.0f} s")
    for length, steps in sorted(lengths.items()):
        took = _seconds(forward, model, optimizers, length, TIMED)
        seconds += took * steps
        print(f"{steps:6,} steps of {length} tokens an episode: {1000 * took:.0f} ms each")
    print(f"{STEPS + MORE:,} steps on one core: {seconds / 60:.0f} minutes")


def _seconds(
    forward: Forward, model: Pocket, optimizers: list[torch.optim.Optimizer], length: int, steps: int
) -> float:
    """The median step, its episodes' making included."""
    took = []
    for seed in range(steps):
        started = time.monotonic()
        stepped(forward, model, optimizers, batch(seed, TOKENS // length, length), "cpu")
        took.append(time.monotonic() - started)
    return median(took)


if __name__ == "__main__":
    main()
