"""Constraints on a tool's argument, in plain words that name the tool and the argument, and the tools themselves."""

from dataclasses import dataclass
from random import Random

from litany.evals import words
from litany.evals.case import Message
from litany.evals.tasks.layout import tool
from litany.evals.words import parts, spaced

CHOICES = {
    name.strip(): values.split()
    for name, values in (
        row.split(":")
        for row in parts("""
region: Norway Kenya Peru Japan Chile Canada|folder: finance legal marketing research travel|format: csv html xml pdf
branch: stable staging legacy preview|queue: night batch express bulk|channel: press partners alumni radio
carrier: rail truck ferry plane|currency: euro dollar yen peso|language: Dutch Polish Greek Danish
""")
    )
}
"""Arguments and what they can be."""
VERBS = spaced("publish archive deliver submit transfer print upload confirm register")
THINGS = spaced(
    "invoice order report ticket parcel article photo recipe letter contract statement sample review poster"
)
PLACES = spaced("museum theater library hotel school farm tower garden")
WORDINGS = (
    "{V} every {t} with {p} {v}.",
    "When you {c} any {t}, use the {p} {v}.",
    "{V} each {t} by {p} {v} only.",
    "To {c} any {t} always take {p} {v}.",
)
SYSTEM = "You work through a long job with the tools that you have."
NEXT = "next"
"""A tool that says what comes next."""
WAITING = f"{SYSTEM} What {NEXT} names you do at once, with the tool for it and as you were told to."
OPENING = "We start now. Look around in the code first, and I will tell you more as we go."


@dataclass(frozen=True, slots=True)
class Errand:
    """Something that is done to things, for somebody."""

    verb: str
    thing: str
    place: str
    options: tuple[str, ...]
    """Arguments of its tool beside the thing."""

    def goal(self) -> str:
        return f"Help the {self.place} to {self.verb} all of its {self.thing}s."

    def ask(self, name: str) -> str:
        return f"{self.verb.capitalize()} the {self.thing} {name} now."

    def next(self, name: str) -> str:
        return f"Next is the {self.thing} {name}."

    def tool(self) -> Message:
        return tool(self.verb, f"{self.verb.capitalize()} the {self.thing}.", self.thing, *self.options)


class Rules:
    """Draws errands and constraints for one draft: no verb, thing or option of one serves the other."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._verbs = rng.sample(VERBS, len(VERBS))
        self._things = rng.sample(THINGS, len(THINGS))
        self._places = rng.sample(PLACES, len(PLACES))
        self._options = rng.sample(sorted(CHOICES), len(CHOICES))
        self._wording = rng.choice(WORDINGS)
        self._names = rng.sample(words.NAMES, len(words.NAMES))

    def errand(self, options: int) -> Errand:
        taken = tuple(self._options.pop() for _ in range(options))
        return Errand(self._verbs.pop(), self._things.pop(), self._places.pop(), taken)

    def values(self, option: str, count: int) -> list[str]:
        return self._rng.sample(CHOICES[option], count)

    def name(self) -> str:
        return self._names.pop()

    def rule(self, errand: Errand, option: str, value: str) -> str:
        return self._wording.format(V=errand.verb.capitalize(), c=errand.verb, t=errand.thing, p=option, v=value)


def stated(goal: str, constraints: tuple[str, ...]) -> str:
    """A goal with its constraints, as a user writes them."""
    return "\n".join([goal, "Constraints:", *(f"- {each}" for each in constraints)])
