"""Writes the card of the weights: what they are, how they were made, what they can do and what not.

    python -m evals.pocket.card

The tables come from results/, as train.py and measure.py left them; the prose stands in card.in.md.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from evals.pocket.cases import TASKS
from evals.pocket.tables import cells_in, differences_in, table
from litany.pocket.shape import Shape
from litany.pocket.weights import FILE, layout, read
from litany.pocket.words import KNOWN, SLOTS

RESULTS = Path(__file__).with_name("results")
PROSE = Path(__file__).with_name("card.in.md")
CARD = FILE.with_name("CARD.md")


def card() -> str:
    """The whole card."""
    training: Mapping[str, Any] = json.loads((RESULTS / "training.json").read_text(encoding="utf-8"))
    cells = cells_in(RESULTS / "cells.jsonl")
    weights, shape = read(), Shape()
    numbers = sum(int(np.prod(size)) for _, size in layout(shape))
    parts = {
        "sha256": weights.sha256,
        "bytes": f"{FILE.stat().st_size:,}",
        "numbers": f"{numbers:,}",
        "asked": f"{min(cell.asked for cell in cells):,}",
        "known": f"{len(KNOWN):,}",
        "slots": f"{SLOTS:,}",
        "shape": ", ".join(f"{name} {getattr(shape, name):,}" for name in Shape.__slots__ if name != "sharp"),
        **{name: f"{value:,}" if isinstance(value, int) else str(value) for name, value in training.items()},
        "curve": "\n".join(curve((RESULTS / "curve.jsonl").read_text(encoding="utf-8").splitlines())),
        "needle": "\n".join(table(cells, ["needle"])),
        "others": "\n".join(table(cells, [task for task in TASKS if task != "needle"])),
        "differences": "\n".join(f"- {each}" for each in differences_in(RESULTS / "differences.jsonl")),
    }
    return Template(PROSE.read_text(encoding="utf-8")).substitute(parts)


def curve(lines: Sequence[str]) -> Iterator[str]:
    """About a dozen lines of the training's curve."""
    yield "| step | loss | answer tokens right | minutes |"
    yield "|---|---|---|---|"
    read = [json.loads(line) for line in lines]
    step = max(1, len(read) // 12)
    for line in [read[0], *read[step - 1 :: step]]:
        yield f"| {line['step']:,} | {line['loss']:.2f} | {100 * line['right']:.0f} % | {line['seconds'] / 60:.0f} |"


if __name__ == "__main__":
    CARD.write_text(card(), encoding="utf-8")
    print(f"wrote {CARD}")
