"""What has been read: keys and values of every layer, and the blocks of them that prompts share."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from litany.pocket.arithmetic import BLOCK, REACH
from litany.pocket.shape import Shape
from litany.pocket.weights import Array


@dataclass(frozen=True, slots=True)
class Block:
    """BLOCK tokens as every layer has read them; nothing in it may be written to."""

    keys: Array
    values: Array
    past: Array
    """What the convolution of each layer must still see of them."""

    @property
    def size(self) -> int:
        """In bytes."""
        return self.keys.nbytes + self.values.nbytes + self.past.nbytes


class Context:
    """One reading's working memory: what it has read so far, from the first token on."""

    def __init__(self, shape: Shape, veil: Array | None = None) -> None:
        room = (shape.layers, shape.heads, REACH, shape.width // shape.heads)
        self.keys = np.empty(room, np.float32)
        self.values = np.empty(room, np.float32)
        self.past = np.zeros((shape.layers, shape.taps - 1, shape.width), np.float32)
        self.room = np.empty(shape.heads * BLOCK * REACH, np.float32)
        self.veil = veil
        self.length = 0

    def adopt(self, block: Block) -> None:
        """Read on by a block that is known."""
        start, self.length = self.length, self.length + BLOCK
        self.keys[:, :, start : self.length] = block.keys
        self.values[:, :, start : self.length] = block.values
        self.past[:] = block.past

    def newest(self) -> Block:
        """The last BLOCK tokens, to be kept."""
        place = slice(self.length - BLOCK, self.length)
        block = Block(self.keys[:, :, place].copy(), self.values[:, :, place].copy(), self.past.copy())
        for array in (block.keys, block.values, block.past):
            array.flags.writeable = False
        return block


class Prefixes:
    """The blocks last read, by all the tokens up to their end; the one that was not used for longest goes first."""

    def __init__(self, most: int) -> None:
        self.most = most
        """In bytes."""
        self.size = 0
        self._blocks: OrderedDict[bytes, Block] = OrderedDict()

    def __len__(self) -> int:
        return len(self._blocks)

    def known(self, names: Iterable[bytes]) -> list[Block]:
        """The blocks of these names, up to the first that is not here."""
        blocks = []
        for name in names:
            if name not in self._blocks:
                break
            blocks.append(self._blocks[name])
        return blocks

    def keep(self, names: Sequence[bytes], blocks: Sequence[Block]) -> None:
        """Keep a prompt's blocks; its later ones go before its earlier ones, which more prompts share."""
        for name, block in zip(reversed(names), reversed(blocks), strict=True):
            if name not in self._blocks:
                self._blocks[name] = block
                self.size += block.size
            self._blocks.move_to_end(name)
        while self.size > self.most:
            self.size -= self._blocks.popitem(last=False)[1].size


def names(ids: npt.NDArray[np.int64]) -> list[bytes]:
    """Each full block's name: a hash of every token up to its end."""
    running, out = blake2b(digest_size=16), []
    for end in range(BLOCK, len(ids) + 1, BLOCK):
        running.update(ids[end - BLOCK : end].tobytes())
        out.append(running.digest())
    return out
