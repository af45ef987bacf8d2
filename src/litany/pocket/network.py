"""The pocket reader's network in NumPy: token ids to logits, or to the answer that they make likeliest.

Tokens are read in blocks that begin at multiples of BLOCK, and a block is computed with the same shapes whatever was
known before: an answer has the same bits with a warm cache and with none. Of the last layer only keys and values
are computed for all tokens; the rest only where logits are wanted, which is most of the speed.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

from litany.errors import PocketError
from litany.pocket.arithmetic import BLOCK, REACH, normed
from litany.pocket.context import Block, Context, Prefixes, names
from litany.pocket.layer import layer, through
from litany.pocket.shape import Shape
from litany.pocket.weights import FILE, Array, Precision, Weights, read

Ids = npt.NDArray[np.int64]
Allowed = Callable[[tuple[int, ...]], Collection[int] | None]
"""The answer so far to the ids that may come next, None for any."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the network says."""

    ids: tuple[int, ...]
    """Without the stop."""
    cached: int
    """Tokens of the prompt that were known from prompts before."""
    finished: bool
    """The stop was reached."""


def load(path: Path | None = None, precision: Precision = "f16", shape: Shape | None = None) -> "Network":
    """The network of a file of weights, without one that which ships with litany.

    Raises: PocketError when the file is missing or holds no weights of this shape.
    """
    return Network(read(path or FILE, precision, shape))


class Network:
    """Reads token ids. Any number of threads may ask; they are served one after the other."""

    def __init__(self, weights: Weights, cache: int = 64_000_000) -> None:
        """`cache`: the bytes that known prefixes may take; 0 keeps none."""
        self.weights = weights
        self.prefixes = Prefixes(cache)
        self._layers = tuple(layer(weights, number) for number in range(weights.shape.layers))
        self._lock = Lock()

    def logits(self, ids: Sequence[int], at: Sequence[int], hidden: frozenset[int] = frozenset()) -> Array:
        """What may follow each of these positions, (len(at), vocabulary).

        `hidden`: positions that no attention sees, in any layer, be it their own.
        Raises: PocketError when an id is not in the vocabulary, a position not in the ids, or the ids are too many.
        """
        prompt = self._checked(ids, 0)
        if not all(0 <= place < len(prompt) for place in (*at, *hidden)):
            raise PocketError(f"a position lies outside of the {len(prompt)} ids; give positions from 0 on")
        with self._lock:
            wanted, places = np.unique(np.asarray(at, np.int64), return_inverse=True)
            context = Context(self.weights.shape, _veil(hidden))
            return self._said(self._read(context, prompt, wanted)[0])[places]

    def answer(self, ids: Sequence[int], stop: int, most: int, allowed: Allowed | None = None) -> Answered:
        """The likeliest next id, again and again, until it is the stop or `most` of them were chosen.

        Raises: PocketError when an id is not in the vocabulary, or ids and answer are too many.
        """
        prompt, out = self._checked(ids, most), list[int]()
        with self._lock:
            context = Context(self.weights.shape)
            x, cached = self._read(context, prompt, np.array([len(prompt) - 1]))
            while len(out) < most:
                choice = _likeliest(self._said(x)[0], allowed(tuple(out)) if allowed else None)
                if choice == stop:
                    return Answered(tuple(out), cached, finished=True)
                out.append(choice)
                x = self._advance(context, np.array([choice]), np.array([0]))
        return Answered(tuple(out), cached, finished=False)

    def _checked(self, ids: Sequence[int], most: int) -> Ids:
        prompt, size = np.asarray(ids, np.int64), self.weights.shape.vocabulary
        if not 0 < len(prompt) <= REACH - most:
            raise PocketError(f"{len(prompt)} ids and {most} for the answer; give at least one and {REACH} in all")
        if prompt.min() < 0 or prompt.max() >= size:
            raise PocketError(f"ids go from {prompt.min()} to {prompt.max()}; the vocabulary has 0 to {size - 1}")
        return prompt

    def _read(self, context: Context, ids: Ids, at: Ids) -> tuple[Array, int]:
        """What the last layer says at the wanted positions, each given once, and how many tokens were known."""
        labels = [] if context.veil is not None else names(ids)
        known, blocks, cached = self.prefixes.known(labels), list[Block](), 0
        out = np.empty((len(at), self.weights.shape.width), np.float32)
        for number, start in enumerate(range(0, len(ids), BLOCK)):
            here = (at >= start) & (at < start + BLOCK)
            if number < len(known) and not here.any():
                context.adopt(known[number])
                cached += BLOCK
            else:
                out[here] = self._advance(context, ids[start : start + BLOCK], at[here] - start)
            if number < len(labels):
                blocks.append(known[number] if number < len(known) else context.newest())
        self.prefixes.keep(labels, blocks)
        return out, cached

    def _advance(self, context: Context, ids: Ids, rows: Ids) -> Array:
        """Read on by these ids; what the last layer says at these rows of them."""
        x = self.weights.arrays["embed"][ids] * sqrt(self.weights.shape.width)
        every = np.arange(len(ids))
        for number, one in enumerate(self._layers):
            x = through(one, context, number, x, rows if number == len(self._layers) - 1 else every)
        context.length += len(ids)
        return x

    def _said(self, x: Array) -> Array:
        logits: Array = normed(x, self.weights.arrays["norm"]) @ self.weights.arrays["embed"].T
        return logits


def _veil(hidden: frozenset[int]) -> Array | None:
    if not hidden:
        return None
    veil = np.zeros(REACH, np.float32)
    veil[list(hidden)] = -np.inf
    return veil


def _likeliest(logits: Array, allowed: Collection[int] | None) -> int:
    if allowed is None:
        return int(logits.argmax())
    if not allowed:
        raise PocketError("no id is allowed to come next; allow at least the stop")
    choices = sorted(allowed)  # of two that are alike the lower one, in whatever order they come
    return choices[int(logits[choices].argmax())]
