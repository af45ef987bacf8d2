"""The pocket reader's measures."""

from dataclasses import dataclass

from litany.pocket.words import VOCABULARY


@dataclass(frozen=True, slots=True)
class Shape:
    """What a network looks like; its weights fit no other."""

    vocabulary: int = VOCABULARY
    """Tokens: the known ones and the word slots."""
    width: int = 128
    """Numbers a token is carried by."""
    layers: int = 3
    heads: int = 2
    hidden: int = 256
    """Width of the feed-forward part."""
    taps: int = 4
    """Tokens that the convolution sees, its own among them."""
    base: float = 10_000.0
    """Of the rotary positions."""
    sharp: float = 2.0
    """What a head's sharpness starts from in training."""
