"""Examines the pocket reader as it ships: exact answers by task, arm, length and depth, with their intervals.

python -m evals.pocket.measure [--weights FILE] [-n 200] [--first 0] [--tasks needle,kv] [--until 2000] [--out FOLDER]
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from evals.pocket.cases import TASKS
from evals.pocket.questions import DEPTHS, Page, page
from evals.pocket.tables import Answer, Counted, Difference, counted, difference, table
from litany.core.completion import Completion
from litany.core.ports import Complete
from litany.pocket.network import load
from litany.pocket.reader import Pocket
from litany.pocket.shape import Shape

NEEDLE: dict[str, tuple[int, ...]] = {
    "bare": (128, 256, 512, 1_000, 2_000),
    "placebo": (1_000,),
    "recite": (128, 256, 512, 1_000, 2_000),
}
OTHERS: dict[str, tuple[int, ...]] = {"bare": (256, 1_000), "recite": (1_000,)}
N = 200
APART = 1_000
"""Tokens of the texts in which two arms are held against each other."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One question of a task in an arm at a length, asked at every depth."""

    task: str
    arm: str
    length: int
    seed: int


def answers(model: Complete, cell: Cell, depths: Sequence[float] = DEPTHS) -> list[Answer]:
    """The cell's question at each depth, put to the model."""
    text = page(cell.task, cell.seed, cell.length, cell.arm)
    return [_answer(model, cell, text, depth) for depth in depths]


def _answer(model: Complete, cell: Cell, text: Page, depth: float) -> Answer:
    done = model(text.at(depth), text.case.tools)
    assert isinstance(done, Completion)
    said, truth = _said(done.message), text.case.truth
    right = said.casefold() == truth.casefold()
    return Answer(**asdict(cell), depth=depth, tokens=done.usage.prompt, answer=said, truth=truth, right=right)


def _said(message: Mapping[str, object]) -> str:
    """The text, or the call as name(key=value, ...)."""
    calls = message.get("tool_calls")
    if not isinstance(calls, list):
        return str(message["content"])
    function = calls[0]["function"]
    given = ", ".join(f"{key}={value}" for key, value in json.loads(function["arguments"]).items())
    return f"{function['name']}({given})"


def plan(tasks: Sequence[str], n: int, first: int = 0, until: int = 2_000) -> list[Cell]:
    """Every cell of the card's tables. first -- the first question's seed; until -- the longest text, in tokens."""
    return [
        Cell(task, arm, length, seed)
        for task in tasks
        for arm, lengths in (NEEDLE if task == "needle" else OTHERS).items()
        for length in lengths
        if length <= until
        for seed in range(first, first + n)
    ]


def examined(weights: Path | None, cells: Sequence[Cell], shape: Shape, jobs: int) -> list[Answer]:
    """All answers, in the order of the cells."""
    if jobs == 1:
        _open(weights, shape)
        return [one for cell in cells for one in _asked(cell)]
    with ProcessPoolExecutor(jobs, initializer=_open, initargs=(weights, shape)) as pool:
        return [one for each in pool.map(_asked, cells, chunksize=8) for one in each]


_model: list[Pocket] = []


def _open(weights: Path | None, shape: Shape) -> None:
    _model[:] = [Pocket(load(weights, shape=shape))]


def _asked(cell: Cell) -> list[Answer]:
    return answers(_model[0], cell)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--weights", type=Path)
    given.add_argument("--layers", type=int, default=Shape().layers)
    given.add_argument("--heads", type=int, default=Shape().heads)
    given.add_argument("--base", type=float, default=Shape().base)
    given.add_argument("-n", type=int, default=N)
    given.add_argument("--first", type=int, default=0, help="the first question: others than the card's from 200 on")
    given.add_argument("--until", type=int, default=2_000, help="the longest texts, in tokens")
    given.add_argument("--tasks", default=",".join(TASKS))
    given.add_argument("--jobs", type=int, default=1)
    given.add_argument("--out", type=Path, help="a folder for the answers and the counts")
    chosen = given.parse_args(arguments)
    shape = Shape(layers=chosen.layers, heads=chosen.heads, base=chosen.base)
    tasks = chosen.tasks.split(",")
    if unknown := set(tasks) - set(TASKS):
        given.error(f"there is no task {', '.join(sorted(unknown))}; take of {', '.join(TASKS)}")
    asked = plan(tasks, chosen.n, chosen.first, chosen.until)
    if not asked:
        given.error("nothing would be asked; take -n of 1 or more, and --until of 256 or more (128 for the needle)")
    found = examined(chosen.weights, asked, shape, chosen.jobs)
    cells = counted(found)
    print("\n".join(table(cells)))
    arms = ("placebo", "recite") if "needle" in tasks and chosen.until >= APART else ()
    apart = [each for arm in arms if (each := difference(found, arm, "bare", APART))]
    for each in apart:
        print(f"\n{each}")
    if chosen.out:
        chosen.out.mkdir(parents=True, exist_ok=True)
        _written(chosen.out / "answers.jsonl", found)
        _written(chosen.out / "cells.jsonl", cells)
        _written(chosen.out / "differences.jsonl", apart)


def _written(path: Path, lines: Sequence[Answer] | Sequence[Counted] | Sequence[Difference]) -> None:
    path.write_text("".join(json.dumps(asdict(line)) + "\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
