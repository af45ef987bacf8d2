"""Semantic: the needle and the question share no word that means anything; what joins them is known, not read."""

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
the Eiffel Tower: Paris, France|the Brandenburg Gate: Berlin, Germany|the Sagrada Familia: Barcelona, Spain
the Trevi Fountain: Rome, Italy|the Charles Bridge: Prague, Czechia|the Blue Mosque: Istanbul, Turkey
the Golden Gate: San Francisco, the United States|the Forbidden Palace: Beijing, China
the Burj Khalifa: Dubai, the Emirates
the Chain Bridge: Budapest, Hungary|the Wembley Stadium: London, England|the Little Mermaid: Copenhagen, Denmark
the Acropolis Museum: Athens, Greece|the Belem Tower: Lisbon, Portugal|the Wawel Castle: Krakow, Poland
the Hofburg Palace: Vienna, Austria|the Bolshoi Theater: Moscow, Russia|the Meiji Shrine: Tokyo, Japan
the Taj Mahal: Agra, India|the Petronas Towers: Kuala Lumpur, Malaysia|the Atomium Building: Brussels, Belgium
the Copacabana Beach: Rio de Janeiro, Brazil|the Bondi Beach: Sydney, Australia
"""
WORDINGS = (
    ("{n} rents two rooms beside {s}.", "Who lives in {p}?"),
    ("Every morning {n} jogs around {s}.", "Who is a resident of {p}?"),
    ("From the kitchen {n} looks down on {s}.", "Whose home is in {p}?"),
    ("{n} sells postcards in front of {s}.", "Who works in {p}?"),
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
        sights = rng.sample(sorted(TABLE), OTHERS + 1)
        facts = [told.format(n=name, s=sight) for name, sight in zip(names, sights, strict=True)]
        placebo = min(facts[1:], key=lambda fact: abs(len(fact) - len(facts[0])))
        where = TABLE[sights[0]][self.place == "country"]
        return Draft(
            f"{self.name}/{seed}",
            ask.format(p=where),
            (facts[0],),
            tuple(Placed(at, fact) for at, fact in zip(spread(rng, OTHERS), facts[1:], strict=True)),
            Truth("contains", (names[0],)),
            Agenda(GOAL, (facts[0],)),
            Agenda(GOAL, (placebo,)),
            Page(GOAL),
        )


def _table() -> dict[str, tuple[str, str]]:
    rows = (row.split(": ") for row in parts(SIGHTS))
    return {sight: (place.split(", ")[0], place.split(", ")[1]) for sight, place in rows}


TABLE = _table()
"""City and country of each sight."""
SEMANTICS = (Semantic(), Semantic("semantic:country", "country"))
