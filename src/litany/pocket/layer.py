"""One layer of the pocket reader: its arrays, and what it makes of the tokens that are new."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from litany.pocket.arithmetic import FUTURE, LOGS, attended, convolved, fed, normed, turned, turns, unit
from litany.pocket.context import Context
from litany.pocket.weights import Array, Weights


@dataclass(frozen=True, slots=True)
class Layer:
    """Arrays that are multiplied by the same thing are joined."""

    norm1: Array
    norm2: Array
    conv: Array
    sharp: Array
    q: Array
    kv: Array
    o: Array
    gate_up: Array
    down: Array
    cos: Array
    sin: Array


def layer(weights: Weights, number: int) -> Layer:
    """The layer of that number, from 0."""

    def joined(*names: str) -> Array:
        return np.concatenate([weights.arrays[f"layers.{number}.{name}"] for name in names], axis=-1)

    cos, sin = turns(weights.shape)
    return Layer(
        norm1=joined("norm1"),
        norm2=joined("norm2"),
        conv=joined("conv"),
        sharp=joined("sharp"),
        q=joined("q"),
        kv=joined("k", "v"),
        o=joined("o"),
        gate_up=joined("gate", "up"),
        down=joined("down"),
        cos=cos,
        sin=sin,
    )


def through(layer: Layer, context: Context, number: int, x: Array, rows: npt.NDArray[np.int64]) -> Array:
    """What the layer makes of these rows of x, (len(rows), d); keys and values of all go into the context."""
    heads, start, end = len(layer.sharp), context.length, context.length + len(x)
    past = context.past[number]
    new = np.concatenate((past, normed(x, layer.norm1)))
    context.past[number] = new[len(x) :]
    y = convolved(new, layer.conv)

    kv = (y @ layer.kv).reshape(len(x), 2, heads, -1)
    context.keys[number, :, start:end] = turned(unit(kv[:, 0]), layer.cos[start:end], layer.sin[start:end])
    context.values[number, :, start:end] = kv[:, 1].swapaxes(0, 1)
    if not len(rows):
        return x[:0]

    places = start + rows
    q = unit((y[rows] @ layer.q).reshape(len(rows), heads, -1)) * (LOGS[places, None] * layer.sharp)[..., None]
    q = turned(q, layer.cos[places], layer.sin[places])
    keys, values = context.keys[number, :, :end], context.values[number, :, :end]
    x = x[rows] + attended(q, keys, values, FUTURE[rows, : len(x)], context.veil, context.room) @ layer.o
    return x + fed(normed(x, layer.norm2), layer.gate_up, layer.down)
