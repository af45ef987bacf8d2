"""Facts in plain words, how they are asked for, and others of their kind."""

from dataclasses import dataclass
from random import Random

from litany.evals import words
from litany.evals.words import Values

WORDINGS = (
    ("The {a} of {k} {n} is {v}.", "What is the {a} of {k} {n}?"),
    ("The {a} for {k} {n} is {v}.", "What is the {a} for {k} {n}?"),
    ("The {a} at {k} {n} is {v}.", "What is the {a} at {k} {n}?"),
    ("Note that {k} {n} has the {a} {v}.", "Which {a} does {k} {n} have?"),
    ("For {k} {n} the {a} is {v}.", "For {k} {n}, what is the {a}?"),
)


@dataclass(frozen=True, slots=True)
class Thing:
    """What a fact is about."""

    attribute: str
    kind: str
    name: str


class Facts:
    """Draws things and values for one draft: no name and no value comes twice unless it is asked to."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.values = Values(rng)
        self.value = self.values.kind()
        """The kind of value that the draft asks for."""
        self.told, self.ask = rng.choice(WORDINGS)
        self._names = rng.sample(words.NAMES, len(words.NAMES))

    def thing(self) -> Thing:
        return Thing(self._rng.choice(words.ATTRIBUTES), self._rng.choice(words.KINDS), self._names.pop())

    def other(self, thing: Thing) -> Thing:
        """A thing of another kind, name and attribute, with as many words."""
        size = len(thing.attribute.split())
        alike = [each for each in words.ATTRIBUTES if each != thing.attribute and len(each.split()) == size]
        kinds = [each for each in words.KINDS if each != thing.kind]
        return Thing(self._rng.choice(alike), self._rng.choice(kinds), self._names.pop())

    def namesake(self, thing: Thing) -> Thing:
        """The same attribute and kind under another name: what is mistaken for it most easily."""
        return Thing(thing.attribute, thing.kind, self._names.pop())

    def sibling(self, thing: Thing) -> Thing:
        """Another attribute of the same."""
        return Thing(self.other(thing).attribute, thing.kind, thing.name)

    def fact(self, thing: Thing, value: str) -> str:
        said = self.told.format(a=thing.attribute, k=thing.kind, n=thing.name, v=value)
        return said[0].upper() + said[1:]

    def fresh(self, thing: Thing) -> str:
        """A fact with a value of the draft's kind."""
        return self.fact(thing, self.values.next(self.value))

    def asked(self, thing: Thing) -> str:
        return self.ask.format(a=thing.attribute, k=thing.kind, n=thing.name)


def spread(rng: Random, count: int) -> list[float]:
    """Places for what stands among the filler: each in a part of its own, none at either end."""
    places = [(place + rng.uniform(0.2, 0.8)) / count for place in range(count)]
    rng.shuffle(places)
    return places
