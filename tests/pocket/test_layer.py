"""A layer: the same token by token as at once, and the same as its parts written out plainly."""

import numpy as np
import numpy.typing as npt
import pytest

from litany.pocket.context import Context
from litany.pocket.layer import Layer, layer, through
from litany.pocket.network import Network
from litany.pocket.weights import Weights, read
from tests.pocket.small import SMALL, prompt, written

Floats = npt.NDArray[np.float64]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Weights:
    return read(written(tmp_path_factory.mktemp("pocket") / "weights.npy"), shape=SMALL)


def test_token_by_token_is_what_reading_at_once_gives(weights: Weights) -> None:
    x = np.random.default_rng(0).normal(size=(60, SMALL.width)).astype(np.float32)
    one, context = layer(weights, 0), Context(SMALL)

    at_once = through(one, Context(SMALL), 0, x, np.arange(60))
    by_token = list[npt.NDArray[np.float32]]()
    for token in x:
        by_token.append(through(one, context, 0, token[None], np.array([0])))
        context.length += 1

    assert np.abs(np.concatenate(by_token) - at_once).max() < 1e-4


def test_only_the_wanted_rows_are_computed_and_they_are_the_same(weights: Weights) -> None:
    x = np.random.default_rng(0).normal(size=(60, SMALL.width)).astype(np.float32)
    one, rows = layer(weights, 0), np.array([3, 17, 59])

    some = through(one, Context(SMALL), 0, x, rows)

    assert some.shape == (3, SMALL.width)
    assert np.abs(some - through(one, Context(SMALL), 0, x, np.arange(60))[rows]).max() < 1e-5


def test_a_network_is_its_parts_written_out_plainly(weights: Weights) -> None:
    ids, arrays = prompt(200), weights.arrays
    x = arrays["embed"][ids].astype(np.float64) * SMALL.width**0.5
    for number in range(SMALL.layers):
        x = plain(layer(weights, number), x)

    said = (sized(x) * arrays["norm"]) @ arrays["embed"].T

    assert np.abs(Network(weights).logits(ids, range(200)) - said).max() < 1e-3


def plain(one: Layer, x: Floats) -> Floats:
    """A layer in double floats, a position and a head at a time."""
    y = sized(x) * one.norm1
    y = np.array([sum(y[t - back] * one.conv[back] for back in range(min(t + 1, SMALL.taps))) for t in range(len(y))])
    size = SMALL.width // SMALL.heads
    mixed = np.zeros_like(x)
    for head in range(SMALL.heads):
        own = slice(head * size, head * size + size)
        q, k = (rotated(sized(part[:, own]) * size**-0.5) for part in (y @ one.q, y @ one.kv[:, : SMALL.width]))
        v = (y @ one.kv[:, SMALL.width :])[:, own]
        for t in range(len(x)):
            weigh = np.exp(k[: t + 1] @ q[t] * one.sharp[head] * np.log(t + 2))
            mixed[t, own] = weigh @ v[: t + 1] / weigh.sum()
    x = x + mixed @ one.o
    gate, up = np.split(sized(x) * one.norm2 @ one.gate_up, 2, axis=-1)
    return np.asarray(x + gate / (1 + np.exp(-gate)) * up @ one.down)


def sized(x: Floats) -> Floats:
    return np.asarray(x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6))


def rotated(x: Floats) -> Floats:
    half = x.shape[-1] // 2
    turn = np.exp(1j * np.arange(len(x))[:, None] * SMALL.base ** (-np.arange(half) / half))
    both = (x[:, :half] + 1j * x[:, half:]) * turn
    return np.concatenate((both.real, both.imag), axis=-1)
