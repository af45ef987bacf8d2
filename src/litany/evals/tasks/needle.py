"""Needle: one fact, or several, in a text about nothing, among other facts of their kind."""

from dataclasses import dataclass
from random import Random

from litany.evals.case import Agenda, Truth
from litany.evals.tasks.draft import Draft, Placed
from litany.evals.tasks.facts import Facts, Thing, spread
from litany.evals.tasks.layout import Page

GOAL = "Read the text and answer the question at its end."
WIDTH = 0.1
"""Part of the text over which several needles spread."""
PLAIN, ONE = "The {a} of {k} {n} is {v}.", "One {a} of {k} {n} is {v}."
FAR = 4
"""Facts on other things."""


@dataclass(frozen=True, slots=True)
class Needle:
    """What is the A of K N?"""

    name: str = "needle"
    keys: int = 2
    """Things that differ from it in their name alone."""
    values: int = 1
    """Values that it has, all asked for."""
    queries: int = 1
    """Things that are asked about in one question."""

    def draft(self, seed: int) -> Draft:
        rng = Random(f"{self.name} {seed}")
        facts = Facts(rng)
        if self.values > 1 or self.queries > 1:
            facts.value, facts.told = rng.choice(("number", "noun")), ONE if self.values > 1 else PLAIN
        first = facts.thing()
        things = [first, *(facts.namesake(first) for _ in range(self.queries - 1))]
        values = [facts.values.next(facts.value) for _ in range(self.queries * self.values)]
        told = [facts.fact(things[place // self.values], value) for place, value in enumerate(values)]
        placebo, others = self._others(rng, facts, first, len(told))
        return Draft(
            f"{self.name}/{seed}",
            self._ask(facts, things),
            tuple(told),
            others,
            Truth("contains" if len(values) == 1 else "all", tuple(values)),
            Agenda(GOAL, tuple(told)),
            Agenda(GOAL, placebo),
            Page(GOAL),
            width=WIDTH if len(told) > 1 else 0.0,
        )

    def _others(
        self, rng: Random, facts: Facts, first: Thing, count: int
    ) -> tuple[tuple[str, ...], tuple[Placed, ...]]:
        """The placebo's facts, and all that could be mistaken with its place."""
        placebo = tuple(facts.fresh(facts.other(first)) for _ in range(count))
        near = [facts.fresh(facts.namesake(first)) for _ in range(self.keys)]
        far = [facts.fresh(facts.thing()) for _ in range(FAR)]
        all = [*placebo, *near, facts.fresh(facts.sibling(first)), *far]
        places = spread(rng, len(all))
        return placebo, tuple(Placed(at, text) for at, text in zip(places, all, strict=True))

    def _ask(self, facts: Facts, things: list[Thing]) -> str:
        first = things[0]
        if self.values > 1:
            return f"List every {first.attribute} of {first.kind} {first.name}. There are {self.values}."
        if self.queries > 1:
            asked = " and ".join(f"what is the {each.attribute} of {each.kind} {each.name}" for each in things)
            return f"{asked[0].upper()}{asked[1:]}?"
        return facts.asked(first)


NEEDLES = (
    Needle(),
    Needle("needle:multi-key", keys=8),
    Needle("needle:multi-value", values=3),
    Needle("needle:multi-query", queries=2),
)
