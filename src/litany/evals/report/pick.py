"""Which samples a reader is shown: failures first, taken in turn from every arm and cell."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Literal

from litany.evals.outcome import Outcome

Kind = Literal["wrong", "part", "error", "right"]
ORDER: tuple[Kind, ...] = ("wrong", "part", "error", "right")
KEPT = 0.15
"""The share of places that errors and right answers each have, however much went wrong."""
ENDING = "prompt_end"
"""Where an outcome's details hold the last words of its prompt."""


def kind(outcome: Outcome) -> Kind:
    """What came of it."""
    if outcome.score is None:
        return "error"
    return "right" if outcome.score == 1 else "part" if outcome.score else "wrong"


def picked(outcomes: Iterable[Outcome], most: int) -> list[Outcome]:
    """At most so many: wrong ones, half right ones, errors, right ones. The same outcomes give the same ones."""
    every: dict[Kind, list[Outcome]] = {name: [] for name in ORDER}
    for outcome in outcomes:
        every[kind(outcome)].append(outcome)
    few = int(most * KEPT)
    kept = {name: min(few, len(every[name])) for name in ("error", "right")}
    room, chosen = most, []
    for name in ORDER:
        later = sum(kept[other] for other in ORDER[ORDER.index(name) + 1 :] if other in kept)
        part = in_turn(every[name])[: max(0, room - later)]
        room -= len(part)
        chosen += part
    return chosen


def in_turn(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """One of each arm and cell, then a second of each, and so on."""
    cells: dict[object, list[Outcome]] = {}
    for outcome in sorted(outcomes, key=_order):
        place = (outcome.task, outcome.model, outcome.length, outcome.depth, outcome.arm, outcome.policy)
        cells.setdefault(place, []).append(outcome)
    return [outcome for round_ in zip_longest(*cells.values()) for outcome in _some(round_)]


def ending(outcome: Outcome) -> str | None:
    """The last words of its prompt, where the results hold them."""
    found = (outcome.details or {}).get(ENDING)
    return found if isinstance(found, str) else None


def _order(outcome: Outcome) -> tuple[object, ...]:
    return (outcome.task, outcome.model, outcome.seed, outcome.trial, outcome.length, outcome.depth, outcome.arm)


def _some(found: Iterable[Outcome | None]) -> Iterator[Outcome]:
    return (outcome for outcome in found if outcome is not None)
