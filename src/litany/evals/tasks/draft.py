"""Draft: a question with its truth and what stands in its history, before a length and a depth are chosen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from litany.evals.case import Agenda, Message, Truth
from litany.evals.haystack import Unit


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the agent has done: a call and its result."""

    call: str
    arguments: tuple[tuple[str, str], ...]
    result: str = "done"


Piece = str | Deed
"""What stands among the filler: a text, which in a trajectory is a user message; or a deed."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece and where it stands: 0 before all filler, 1 behind it."""

    at: float
    piece: Piece


class Filler(Protocol):
    """What a history is made of beside its pieces, and how it is written."""

    def units(self, seed: str, length: int, /) -> Iterator[Unit]:
        """Filler for a history of about so many tokens; the same for the same seed and length."""

    def written(self, units: Sequence[Unit], placed: Sequence[Placed], ask: str, /) -> tuple[Message, ...]:
        """The history, with the pieces among the units."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a task asks with one seed."""

    question: str
    """Its name, which no other draft has."""
    ask: str
    """What the last message says: the user's question or order, or the result of the last call."""
    pieces: tuple[str, ...]
    """What answers it, in this order; the last one stands at the depth."""
    others: tuple[Placed, ...]
    """What could be mistaken for it, each at a place of its own at any depth; the placebo's texts among them."""
    truth: Truth
    agenda: Agenda
    placebo: Agenda
    filler: Filler
    tools: tuple[Message, ...] = ()
    width: float | None = 0.0
    """Over which part of the history the pieces spread; None: from the start to the depth, evenly."""
    deeds: tuple[Deed, ...] = ()
    """What is done about it afterwards, between the depth and the end, evenly."""
    whole: bool = False
    """Whether the filler is all there is, at any length, and must fit."""

    def placed(self, depth: float) -> list[Placed]:
        """All that stands among the filler at this depth, in its order."""
        count = len(self.pieces)
        if self.width is None:
            shares = [depth * (place + 1) / count for place in range(count)]
        else:
            step = self.width / max(1, count - 1)
            shares = [depth * (1 - self.width) + step * place for place in range(count)]
        pieces = [Placed(share, piece) for share, piece in zip(shares, self.pieces, strict=True)]
        rest = [depth + (1 - depth) * (place + 1) / (len(self.deeds) + 1) for place in range(len(self.deeds))]
        deeds = [Placed(share, deed) for share, deed in zip(rest, self.deeds, strict=True)]
        return sorted([*pieces, *deeds, *self.others], key=lambda each: each.at)


class Task(Protocol):
    """A frozen dataclass that is declared by its fields."""

    @property
    def name(self) -> str:
        """As the command line names it."""

    def draft(self, seed: int, /) -> Draft:
        """The same seed gives the same draft, whatever the length and the depth."""
