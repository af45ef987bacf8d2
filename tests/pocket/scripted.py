"""A reader whose weights make it say what a test wants: a real file of weights, in which each token calls the next."""

from collections.abc import Sequence
from math import sqrt
from pathlib import Path

import numpy as np

from litany.pocket.chat import prompt
from litany.pocket.network import load
from litany.pocket.reader import Pocket
from litany.pocket.shape import Shape
from litany.pocket.weights import layout
from litany.pocket.words import ASSISTANT, CALL, END


def saying(
    path: Path,
    text: str,
    messages: Sequence[object],
    tools: Sequence[object] = (),
    *,
    call: bool = False,
    most: int = 48,
) -> Pocket:
    """A reader that answers this request with this text, of tokens that differ.

    Its layers add nothing, so what follows a token is told by the embeddings alone, x * norm @ x.T. Each token has an
    own direction, some of the next one's measure in the direction of the one before, and as much in one where the norm
    is negative: by itself it scores 0, the one before a little, the next one most.
    """
    said = [CALL] * call + prompt(messages, tools).words.ids(text)
    assert len({*said}) == len(said), "each token can have one successor"
    sizes, shape = dict(layout(Shape())), Shape()
    arrays = {name: np.zeros(size) for name, size in sizes.items()}
    arrays["norm"][:] = np.where(np.arange(shape.width) < shape.width // 2, 1, -1)
    for place, token in enumerate([ASSISTANT, *said, END]):
        pull = (1 + place / 2) * bool(place)
        row = arrays["embed"][token]
        row[place], row[place - 1], row[shape.width // 2 + place] = 1, pull, sqrt(1 + pull**2)
    np.save(path, np.concatenate([arrays[name].ravel() for name in sizes]).astype("<f2"))
    return Pocket(load(path), most)
