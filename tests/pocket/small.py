"""A small network with drawn weights, written to a file as the real one is."""

from math import prod
from pathlib import Path

import numpy as np

from litany.pocket.shape import Shape
from litany.pocket.weights import layout

SMALL = Shape(vocabulary=50, width=16, layers=2, heads=2, hidden=24, taps=4)


def written(path: Path, shape: Shape = SMALL, seed: int = 0) -> Path:
    """A file of weights at that path: gains near one, heads of some sharpness, matrices that keep a token's size."""
    draw = np.random.default_rng(seed)

    def drawn(name: str, size: tuple[int, ...]) -> list[float]:
        middle = 3.0 if name.endswith("sharp") else float("norm" in name)
        spread = 0.2 if len(size) == 1 else size[-1] ** -0.5
        return list(draw.normal(middle, spread, prod(size)))

    numbers = [number for name, size in layout(shape) for number in drawn(name, size)]
    np.save(path, np.array(numbers, "<f2"))
    return path


def prompt(length: int, seed: int = 1) -> list[int]:
    return [int(id) for id in np.random.default_rng(seed).integers(0, SMALL.vocabulary, length)]
