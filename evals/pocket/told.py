"""What an episode tells: things that can be asked about, in pieces that are spread at random."""

from collections.abc import Sequence
from dataclasses import dataclass

from evals.pocket.pen import Pen
from evals.pocket.plans import todos
from evals.pocket.things import Subject, Thing, fact, many, pairs, rule
from evals.pocket.wording import BREAK


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of a thing."""

    text: list[int]
    thing: Thing | None
    """What can be asked about from here on; None while more of it is to come."""


def things(pen: Pen, mode: str, until: int) -> list[Thing]:
    """Things that fill a good share of that many tokens."""
    share = pen.rng.choice((0.15, 0.3, 0.45, 0.6, 0.8) if mode == "mixed" else (0.5, 0.8))
    if mode == "pairs":
        return pairs(pen, max(2, int(until * share / 6.5)))
    found, subjects, size, misses = list[Thing](), list[Subject](), 0, 0
    while size < share * until and misses < 4:
        more = _more(pen, mode, found, subjects, share * until - size)
        taken = sum(len(text) for thing in more for text in thing.told)
        if size + taken > 0.85 * until:
            misses += 1
            continue
        found += more
        size += taken
    return found


def _more(pen: Pen, mode: str, found: Sequence[Thing], subjects: list[Subject], room: float) -> list[Thing]:
    """Facts mostly; in a mixed episode things of any kind, todos once at most."""
    dice = pen.rng.random()
    if mode == "rules":
        return [rule(pen) if dice < 0.75 else fact(pen, subjects)]
    if mode == "facts" or dice >= 0.32:
        return [fact(pen, subjects)]
    if dice < 0.05:
        return pairs(pen, pen.rng.randint(3, max(3, int(room / 7))))
    if dice < 0.18:
        return [rule(pen)]
    if dice < 0.28 and not any(thing.together for thing in found):
        return [todos(pen)]
    return [many(pen)]


def pieces(pen: Pen, found: Sequence[Thing]) -> list[Piece]:
    """All that the things tell: shuffled, but each thing's own in its order, and pairs in one place."""
    block, spots = pen.rng.random(), list[tuple[float, int, list[int]]]()
    for place, thing in enumerate(found):
        near = sorted(pen.rng.random() for _ in thing.told)
        if len(thing.told) == 1 and thing.told[0][-1] == BREAK and not thing.together:
            near = [block]
        spots += [(spot, place, text) for spot, text in zip(near, thing.told, strict=True)]
    spots.sort(key=lambda spot: spot[:2])
    last = {place: number for number, (_, place, _) in enumerate(spots)}
    return [
        Piece(text, found[place] if last[place] == number else None) for number, (_, place, text) in enumerate(spots)
    ]
