"""What the pocket reader computes: each part of a layer as a function of arrays, all in single floats.

Shapes in comments and docstrings: n tokens are read, of them m are new; d is the width, h the heads, e = d / h.
"""

from functools import lru_cache

import numpy as np

from litany.pocket.shape import Shape
from litany.pocket.weights import Array

BLOCK = 128
"""Tokens that are read at once, from a multiple of itself on: the same shapes give the same bits."""
REACH = 2_304
"""Positions there are: a window of 2,048 tokens and room for an answer."""
EPSILON = 1e-6


@lru_cache
def turns(shape: Shape) -> tuple[Array, Array]:
    """Cosine and sine of each position's turn, (REACH, 1, e / 2) each."""
    half = shape.width // shape.heads // 2
    speeds = np.float32(shape.base) ** (-np.arange(half, dtype=np.float32) / half)
    turn = np.arange(REACH, dtype=np.float32)[:, None, None] * speeds
    return np.cos(turn), np.sin(turn)


LOGS: Array = np.log(np.arange(REACH, dtype=np.float32) + 2)
"""What a head's sharpness grows by: the logarithm of what is read."""
FUTURE: Array = np.triu(np.full((BLOCK, BLOCK), -np.inf, np.float32), 1)
"""Added to scores inside a block: nothing of what comes later."""


def normed(x: Array, gain: Array) -> Array:
    """RMSNorm."""
    out: Array = x / _size(x) * gain
    return out


def unit(x: Array) -> Array:
    """Each head's vector at length one."""
    out: Array = x / (_size(x) * x.shape[-1] ** 0.5)
    return out


def convolved(joined: Array, taps: Array) -> Array:
    """Each channel's weighted sum of a token and the ones just before; `joined` begins with len(taps) - 1 of those."""
    first = len(taps) - 1
    out: Array = joined[first:] * taps[0]
    for back in range(1, len(taps)):
        out += joined[first - back : len(joined) - back] * taps[back]
    return out


def turned(x: Array, cos: Array, sin: Array) -> Array:
    """Rotary positions: the halves of each head's vector turned by where it stands. (m, h, e) to (h, m, e)."""
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    out = np.empty((x.shape[1], x.shape[0], x.shape[2]), np.float32)
    by_token = out.swapaxes(0, 1)
    np.subtract(a * cos, b * sin, out=by_token[..., :half])
    np.add(a * sin, b * cos, out=by_token[..., half:])
    return out


def attended(q: Array, k: Array, v: Array, future: Array, veil: Array | None, room: Array) -> Array:
    """Softmax attention, (h, m, e) over (h, n, e) to (m, d).

    `future`: what is added for the newest keys, (m, newest). `veil`: what is added for every key, None for nothing.
    `room`: a flat array to work in, which is at least h * m * n long. Who sees nothing gets zeros.
    """
    heads, some, size = q.shape
    length = k.shape[1]
    scores = room[: heads * some * length].reshape(heads, some, length)
    np.matmul(q, k.swapaxes(1, 2), out=scores)
    scores[..., length - future.shape[1] :] += future
    if veil is not None:
        scores += veil[:length]
    scores -= np.maximum(scores.max(-1, keepdims=True), -1e30)
    np.exp(scores, out=scores)
    mixed: Array = np.matmul(scores, v)
    mixed /= np.maximum(scores.sum(-1, keepdims=True), 1e-30)
    return mixed.swapaxes(0, 1).reshape(some, heads * size)


def fed(x: Array, gate_up: Array, down: Array) -> Array:
    """SwiGLU; silu by way of tanh, which never overflows."""
    both = x @ gate_up
    half = both.shape[-1] // 2
    gate, up = both[:, :half], both[:, half:]
    open = np.tanh(gate * 0.5)
    open += 1
    open *= gate
    open *= up
    open *= 0.5
    out: Array = open @ down
    return out


def _size(x: Array) -> Array:
    """The root of the mean square of the last axis."""
    squares: Array = np.einsum("...i,...i->...", x, x)[..., None]
    size: Array = np.sqrt(squares / x.shape[-1] + EPSILON)
    return size
