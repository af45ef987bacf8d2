"""Semantic: the needle and the question share no word; what joins them is known, not read."""

from dataclasses import dataclass
from random import Random
from typing import Literal

from litany.evals import words
from litany.evals.case import Agenda, Truth
from litany.evals.tasks.draft import Draft, Placed
from litany.evals.tasks.facts import spread
from litany.evals.tasks.layout import Page
from litany.evals.tasks.needle import GOAL
from litany.evals.words import parts

SIGHTS = """
the Blue Mosque: Istanbul, Turkey|the Chain Bridge: Budapest, Hungary|the Charles Bridge: Prague, Czechia
the Forbidden Palace: Beijing, China|the Golden Gate: San Francisco, America|the Royal Mile: Edinburgh, Scotland

the Brandenburg Gate: Berlin, Germany|the Little Mermaid: Copenhagen, Denmark|the Taj Mahal: Agra, India
the Prado Museum: Madrid, Spain

the Eiffel Tower: Paris, France|the Wembley Stadium: London, England

the Acropolis Museum: Athens, Greece|the Belem Tower: Lisbon, Portugal|the Trevi Fountain: Rome, Italy
the Atomium Building: Brussels, Belgium|the Hofburg Palace: Vienna, Austria|the Meiji Shrine: Tokyo, Japan
the Bondi Beach: Sydney, Australia

the Bolshoi Theater: Moscow, Russia|the Petronas Towers: Kuala Lumpur, Malaysia|the Wawel Castle: Krakow, Poland
the Sugarloaf Mountain: Rio, Brazil
"""
"""In blocks of sights that take as many tokens."""
WORDINGS = (
    ("{n} rents two rooms beside {s}.", "Who lives in {p}?"),
    ("Every morning {n} jogs around {s}.", "Who is a resident of {p}?"),
    ("From the kitchen {n} looks down on {s}.", "Whose home is in {p}?"),
    ("{n} sells postcards before {s}.", "Who works in {p}?"),
)
OTHERS = 6
"""People at other sights."""


@dataclass(frozen=True, slots=True)
class Semantic:
    """Who lives in Paris? Whoever rents two rooms beside the Eiffel Tower."""

    name: str = "semantic"
    place: Literal["city", "country"] = "city"

    def draft(self, seed: int) -> Draft:
        rng = Random(f"{self.name} {seed}")
        told, ask = rng.choice(WORDINGS)
        names = rng.sample(words.NAMES, OTHERS + 1)
        sight = rng.choice(sorted(TABLE))
        twin = rng.choice(alike(sight))
        sights = [sight, twin, *rng.sample(sorted(TABLE.keys() - {sight, twin}), OTHERS - 1)]
        facts = [told.format(n=name, s=sight) for name, sight in zip(names, sights, strict=True)]
        where = TABLE[sights[0]][self.place == "country"]
        return Draft(
            f"{self.name}/{seed}",
            ask.format(p=where),
            (facts[0],),
            tuple(Placed(at, fact) for at, fact in zip(spread(rng, OTHERS), facts[1:], strict=True)),
            Truth("contains", (names[0],)),
            Agenda(GOAL, (facts[0],)),
            Agenda(GOAL, (facts[1],)),
            Page(GOAL),
        )


def alike(sight: str) -> list[str]:
    """Others that take as many tokens."""
    block = next(block for block in SIGHTS.split("\n\n") if sight in block)
    return [other for other in TABLE if other in block and other != sight]


def _table() -> dict[str, tuple[str, str]]:
    rows = (row.split(": ") for row in parts(SIGHTS))
    return {sight: (place.split(", ")[0], place.split(", ")[1]) for sight, place in rows}


TABLE = _table()
"""City and country of each sight."""
SEMANTICS = (Semantic(), Semantic("semantic:country", "country"))
