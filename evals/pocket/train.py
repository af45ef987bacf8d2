"""Trains the pocket reader from a seed in a fixed number of steps, and writes its weights and its curve.

python -m evals.pocket.train --fast --seed 1 --steps 19000 --more 4500 --out FOLDER
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from shutil import which

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.func import functional_call

from evals.pocket.episodes import Batch, batch
from evals.pocket.model import Pocket, Tables, tables_of
from evals.pocket.muon import Muon
from litany.pocket.shape import Shape
from litany.pocket.weights import layout

Forward = Callable[[Tensor, Tensor], Tensor]
"""Token ids and wanted positions to logits."""
Kept = npt.NDArray[np.float16]
"""All weights in a row, as the file holds them."""
TOKENS = 4_096
"""Read in a step."""
STEPS, MORE = 19_000, 4_500
"""Of the first stage, and of the last one: from the first one's weights as they are kept, with more wordings."""
STAGES = ((0.1, (96,)), (0.25, (96, 192)), (0.5, (96, 192, 320)), (1.0, (96, 192, 320, 512, 320, 512)))
"""Until which share of the steps episodes of which lengths are drawn, in turn: no text is longer than 512 tokens."""
HARD = 0.4
"""The share of the steps after which episodes are as hard as they get."""
FLAT, LEAST = 0.3, 0.02
"""The rates stay for this share of the steps, then fall in a line to this share of themselves."""
AGAIN = 0.25
"""The share of the rates that the last stage keeps: its weights do not settle, and what is kept is their mean."""
APART, SETTLED = 10, 400
"""Steps from one that counts for the mean to the next, and steps of the stage before the first."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Some steps in a row, with optimizers of their own."""

    first: int
    """Steps before it."""
    steps: int
    last: bool = False

    def rate(self, step: int) -> float:
        """The share of the rates' height."""
        return AGAIN if self.last else rate(step / self.steps)

    def length(self, step: int) -> int:
        """How long the episodes of a step are."""
        lengths = STAGES[-1][1]
        return lengths[(self.first + step) % len(lengths)] if self.last else length_at(step, self.steps)

    def drawn(self, seed: int, step: int) -> tuple[int, Batch]:
        """The length of the step's episodes, and those."""
        length = self.length(step)
        hard = 1.0 if self.last else min(1.0, step / self.steps / HARD)
        return length, batch(seed * 1_000_003 + self.first + step, TOKENS // length, length, hard, self.last)


class Mean:
    """The mean of a model's weights over some steps (arXiv 1803.05407)."""

    def __init__(self) -> None:
        self._sum = torch.zeros(0, dtype=torch.float64)
        self.steps = 0

    def add(self, model: Pocket) -> None:
        """One step more."""
        now = row(model).double()
        self._sum = self._sum + now if self.steps else now
        self.steps += 1

    def flat(self) -> Kept:
        """As the file holds it; for one step at least."""
        return (self._sum / self.steps).half().numpy()


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the curve, averaged since the line before."""

    step: int
    length: int
    loss: float
    right: float
    """Share of answer tokens guessed right."""
    seconds: float


def trained(
    model: Pocket, seed: int, stage: Stage, curve: Path, device: str = "cpu", fast: bool = False, spent: float = 0.0
) -> Kept:
    """Trains the model and gives what is kept of it; the curve is written as it goes, one JSON line every 100 steps.

    spent -- seconds that earlier stages took.
    """
    optimizers, forward = optimizers_of(model), halved(model) if fast else model
    plan = [torch.optim.lr_scheduler.LambdaLR(each, stage.rate) for each in optimizers]
    started, sums, mean = time.monotonic() - spent, np.zeros(3), Mean()
    for step in range(stage.steps):
        length, drawn = stage.drawn(seed, step)
        loss, right, asked = stepped(forward, model, optimizers, drawn, device)
        for each in plan:
            each.step()
        if stage.last and step >= SETTLED and (step + 1) % APART == 0:
            mean.add(model)
        sums += loss, right, asked
        if (step + 1) % 1_000 == 0:
            np.save(curve.with_name("weights.npy"), flat(model))
        if (step + 1) % 100 == 0:
            line = Step(stage.first + step + 1, length, sums[0] / 100, sums[1] / sums[2], time.monotonic() - started)
            _told(curve, line)
            sums[:] = 0
    return mean.flat() if mean.steps else flat(model)


def rate(done: float) -> float:
    """The learning rates' share of their height when this share of the steps is done."""
    return 1.0 if done < FLAT else LEAST + (1 - LEAST) * (1 - done) / (1 - FLAT)


def optimizers_of(model: Pocket) -> list[torch.optim.Optimizer]:
    """Muon for the layers' matrices, AdamW for the rest."""
    matrices = [
        each
        for name, each in model.named_parameters()
        if each.ndim == 2 and name.startswith("layers") and "conv" not in name
    ]
    own = set(map(id, matrices))
    rest = [each for each in model.parameters() if id(each) not in own]
    return [
        Muon(matrices, lr=0.02, weight_decay=0.02, momentum=0.95),
        torch.optim.AdamW(rest, lr=3e-3, betas=(0.9, 0.98), weight_decay=0.01),
    ]


def halved(model: Pocket) -> Forward:
    """The model's forward in bfloat16, compiled; its weights, their gradients and the loss stay in float32."""
    weights = dict(model.named_parameters())

    @partial(torch.compile, dynamic=True)
    def forward(ids: Tensor, at: Tensor, tables: Tables) -> Tensor:
        halves = {name: each.bfloat16() for name, each in weights.items()}
        return functional_call(model, halves, (ids, at, tables)).float()

    known = cache(partial(tables_of, model.shape))
    return lambda ids, at: forward(ids, at, known(ids.shape[1], ids.device))


def length_at(step: int, steps: int) -> int:
    """How long the episodes of a step are."""
    lengths = next(lengths for until, lengths in STAGES if (step + 0.5) / steps < until)
    return lengths[step % len(lengths)]


def stepped(
    forward: Forward, model: Pocket, optimizers: Sequence[torch.optim.Optimizer], drawn: Batch, device: str
) -> tuple[float, float, float]:
    """One step: its loss, and how many of how many answer tokens were guessed right."""
    ids, at, truth = (torch.from_numpy(part).to(device) for part in (drawn.ids, drawn.at, drawn.truth))
    asked = (truth.flatten() >= 0).nonzero()[:, 0]
    logits, wanted = forward(ids, at).flatten(0, 1).index_select(0, asked), truth.flatten()[asked]
    loss = F.cross_entropy(logits, wanted)
    for each in optimizers:
        each.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for each in optimizers:
        each.step()
    return loss.item(), (logits.detach().argmax(-1) == wanted).sum().item(), len(wanted)


def _told(curve: Path, line: Step) -> None:
    shown = {
        "step": line.step,
        "length": line.length,
        "loss": round(line.loss, 4),
        "right": round(line.right, 4),
        "seconds": round(line.seconds),
    }
    with curve.open("a", encoding="utf-8") as file:
        file.write(json.dumps(shown) + "\n")
    print(json.dumps(shown), flush=True)


def row(model: Pocket) -> Tensor:
    """All weights in a row, in the file's order."""
    by = dict(model.named_parameters())
    with torch.no_grad():
        return torch.cat([by[name].detach().cpu().flatten() for name, _ in layout(model.shape)])


def flat(model: Pocket) -> Kept:
    """All weights as the file holds them."""
    return row(model).half().numpy()


def filled(model: Pocket, path: Path) -> None:
    """Gives the model the weights of a file."""
    kept, at, by = torch.from_numpy(np.load(path).astype(np.float32)), 0, dict(model.named_parameters())
    with torch.no_grad():
        for name, size in layout(model.shape):
            end = at + int(np.prod(size))
            by[name].copy_(kept[at:end].view(*size))
            at = end


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--steps", type=int, default=STEPS)
    given.add_argument("--more", type=int, default=MORE, help="steps of the last stage, with more wordings")
    given.add_argument("--start", type=Path, help="weights of the first stage: the last one alone")
    given.add_argument("--layers", type=int, default=Shape().layers)
    given.add_argument("--heads", type=int, default=Shape().heads)
    given.add_argument("--base", type=float, default=Shape().base)
    given.add_argument("--device", default="cpu")
    given.add_argument("--fast", action="store_true", help="compiled, in bfloat16: about twice as fast, other weights")
    given.add_argument("--out", type=Path, required=True)
    chosen = given.parse_args(arguments)
    if chosen.fast and chosen.device == "cpu" and not any(map(which, ("c++", "g++", "clang++"))):
        given.error("--fast compiles with a C++ compiler and there is none; install one (g++), or leave it out")
    chosen.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    curve = chosen.out / "curve.jsonl"
    curve.unlink(missing_ok=True)
    shape = Shape(layers=chosen.layers, heads=chosen.heads, base=chosen.base)
    started = time.monotonic()
    torch.manual_seed(chosen.seed)
    model, weights = Pocket(shape).to(chosen.device), chosen.out / "weights.npy"
    if chosen.start is None:
        np.save(weights, trained(model, chosen.seed, Stage(0, chosen.steps), curve, chosen.device, chosen.fast))
    if chosen.more:
        filled(model, chosen.start or weights)
        last, spent = Stage(chosen.steps, chosen.more, last=True), time.monotonic() - started
        np.save(weights, trained(model, chosen.seed, last, curve, chosen.device, chosen.fast, spent))
    said = {
        "seed": chosen.seed,
        "steps": chosen.steps + chosen.more,
        "tokens": (chosen.steps + chosen.more) * TOKENS,
        "minutes": round((time.monotonic() - started) / 60),
        "torch": torch.__version__,
        "device": chosen.device,
        "precision": "bfloat16" if chosen.fast else "float32",
    }
    (chosen.out / "training.json").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
