"""Holds the NumPy network to torch, on the weights as they ship: `make pocket-check`.

    python -m evals.pocket.check [--weights FILE] [--store FILE]

With --store it also writes torch's logits, which the tests hold NumPy to where there is no torch.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from evals.pocket.cases import TASKS
from evals.pocket.model import Pocket
from evals.pocket.questions import page
from litany.pocket.chat import prompt
from litany.pocket.network import load
from litany.pocket.weights import FILE, read

STORED = Path(__file__).parents[2] / "tests" / "pocket" / "data" / "logits.npz"
CLOSE = 2e-3
"""The largest difference between two logits that rounding may make; they are about ten apart where it matters."""


def prompts() -> list[tuple[int, ...]]:
    """A question of each task at each of three lengths, in tokens."""
    texts = [page(task, 7, length, "recite") for task in TASKS for length in (128, 600, 2_000)]
    return [prompt(text.at(0.5), text.case.tools).ids for text in texts]


def spoken(model: Pocket, ids: Sequence[int]) -> npt.NDArray[np.float32]:
    """Torch's logits at the last token."""
    with torch.no_grad():
        logits = model(torch.tensor([list(ids)]), torch.tensor([[len(ids) - 1]]))[0, 0]
    return np.asarray(logits.numpy(), np.float32)


def restored(path: Path) -> Pocket:
    """The torch model of a file of weights."""
    weights = read(path)
    model = Pocket(weights.shape)
    model.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in weights.arrays.items()})
    return model.eval()


def store(path: Path, asked: Sequence[Sequence[int]], logits: Sequence[npt.NDArray[np.float32]]) -> None:
    """Write the prompts in a row, their lengths, and torch's logits of each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ids = np.concatenate([np.array(each, np.int16) for each in asked])
    np.savez_compressed(path, ids=ids, lengths=np.array([len(each) for each in asked]), logits=np.stack(logits))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 when they differ."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--weights", type=Path, default=FILE)
    given.add_argument("--store", type=Path, nargs="?", const=STORED)
    chosen = given.parse_args(arguments)
    model, network, asked = restored(chosen.weights), load(chosen.weights), prompts()
    torchs = [spoken(model, ids) for ids in asked]
    numpys = [network.logits(ids, [len(ids) - 1])[0] for ids in asked]
    apart = [float(np.abs(one - other).max()) for one, other in zip(torchs, numpys, strict=True)]
    alike = sum(int(one.argmax() == other.argmax()) for one, other in zip(torchs, numpys, strict=True))
    sizes = [len(ids) for ids in asked]
    print(f"{len(asked)} prompts of {min(sizes)} to {max(sizes)} tokens, weights {network.weights.sha256[:8]}")
    print(
        f"largest difference of a logit between torch {torch.__version__} and NumPy: {max(apart):.1e}, at most {CLOSE}"
    )
    print(f"the same first token: {alike} of {len(asked)}")
    if chosen.store:
        store(chosen.store, asked, torchs)
        print(f"stored in {chosen.store}")
    return int(max(apart) > CLOSE or alike < len(asked))


if __name__ == "__main__":
    raise SystemExit(main())
