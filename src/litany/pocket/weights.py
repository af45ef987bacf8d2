"""The pocket reader's weights: one flat file of half floats, cut into named arrays."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import prod
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt

from litany.errors import PocketError
from litany.pocket.shape import Shape

Array = npt.NDArray[np.float32]
Precision = Literal["f16", "int8"]
FILE = Path(__file__).with_name("weights.npy")
"""What ships with litany."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A network's numbers."""

    shape: Shape
    arrays: Mapping[str, Array]
    """By the names that `layout` gives; none may be written to."""
    sha256: str
    """Of the file's bytes: what a result names."""


def layout(shape: Shape) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Names and shapes of the arrays in the order in which the file holds them, each by rows."""
    d, hidden = shape.width, shape.hidden
    layer: tuple[tuple[str, tuple[int, ...]], ...] = (
        ("norm1", (d,)),
        ("norm2", (d,)),
        ("conv", (shape.taps, d)),
        ("sharp", (shape.heads,)),
        *((name, (d, d)) for name in "qkvo"),
        ("gate", (d, hidden)),
        ("up", (d, hidden)),
        ("down", (hidden, d)),
    )
    layers = ((f"layers.{number}.{name}", size) for number in range(shape.layers) for name, size in layer)
    return ("embed", (shape.vocabulary, d)), *layers, ("norm", (d,))


def read(path: Path = FILE, precision: Precision = "f16", shape: Shape | None = None) -> Weights:
    """The weights in a file; "int8" rounds every matrix to one byte a number, as a smaller file would hold it.

    Raises: PocketError when the file is missing, is no flat array of little-endian half floats, or fits another shape.
    """
    shape = shape or Shape()
    raw = _bytes(path)
    cuts = [0, *accumulate(prod(size) for _, size in layout(shape))]
    flat = _flat(raw, path, cuts[-1])
    parts = zip(layout(shape), pairwise(cuts), strict=True)
    arrays = {name: flat[start:end].reshape(size) for (name, size), (start, end) in parts}
    if precision == "int8":
        arrays = {name: rounded(array) if _is_matrix(name, array) else array for name, array in arrays.items()}
    for array in arrays.values():
        array.flags.writeable = False
    return Weights(shape, MappingProxyType(arrays), hashlib.sha256(raw).hexdigest())


def rounded(matrix: Array) -> Array:
    """Each row in whole steps, 127 of them to its largest number: what is left of it after one byte a number."""
    step = np.maximum(np.abs(matrix).max(-1, keepdims=True) / 127, np.finfo(np.float32).tiny)
    steps = np.rint(matrix / step).astype(np.int8)
    again: Array = steps * step
    return again


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PocketError(f"the weights cannot be read from {path}: {error.strerror}; install litany again") from error


def _flat(raw: bytes, path: Path, size: int) -> Array:
    try:
        found = np.load(io.BytesIO(raw), allow_pickle=False)
    except (ValueError, EOFError) as error:
        text = f"{path} holds {len(raw):,} bytes that are no whole .npy array ({error}); install litany again"
        raise PocketError(text) from error
    if not isinstance(found, np.ndarray) or found.dtype.str != "<f2" or found.shape != (size,):
        kind = f"{found.dtype.str} of {found.shape}" if isinstance(found, np.ndarray) else type(found).__name__
        raise PocketError(f"{path} holds {kind}; this network needs <f2 of ({size},); give the file of its shape")
    return found.astype(np.float32)


def _is_matrix(name: str, array: Array) -> bool:
    return array.ndim == 2 and not name.endswith("conv")  # the convolution is a handful of numbers a channel
