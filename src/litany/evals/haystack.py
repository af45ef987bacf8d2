"""Prose filler: sentences of no account, drawn from a seed, none twice before half of some 700,000 are used up."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from litany.evals.words import DID, WHAT, WHEN, WHO

SENTENCES = len(WHO) * len(DID) * len(WHAT) * (len(WHEN) + 1)


@dataclass(frozen=True, slots=True)
class Unit:
    """The least that filler grows by: a sentence, a pair, or a line of a tool's result."""

    text: str
    command: str | None = None
    """For the first line of a result: what was called."""
    said: str | None = None
    """For the first line of an assistant's turn: what it said beside its calls, "" for nothing."""


def prose(seed: str) -> Iterator[Unit]:
    """Sentences without end."""
    rng, seen = Random(seed), set[int]()
    while True:
        number = rng.randrange(SENTENCES)
        if number in seen:
            continue
        seen.add(number)
        if len(seen) > SENTENCES // 2:
            seen.clear()
        yield Unit(_sentence(number))


def _sentence(number: int) -> str:
    number, who = divmod(number, len(WHO))
    number, did = divmod(number, len(DID))
    when, what = divmod(number, len(WHAT))
    said = f"{WHO[who]} {DID[did]} {WHAT[what]}"
    said = f"{said} {WHEN[when]}." if when < len(WHEN) else f"{said}."
    return said[0].upper() + said[1:]
