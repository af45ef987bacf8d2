"""Variable: what was said last holds; a value that was replaced is wrong, a constraint that was revoked not obeyed."""

from dataclasses import dataclass
from random import Random

from litany.evals.case import Agenda, Truth
from litany.evals.tasks.draft import Draft, Placed
from litany.evals.tasks.facts import Facts, Thing, spread
from litany.evals.tasks.goal import OTHERS, formerly, said
from litany.evals.tasks.layout import BASH, Page, Trajectory
from litany.evals.tasks.needle import GOAL
from litany.evals.tasks.neutral import aloud, neutral
from litany.evals.tasks.rules import OPENING, SYSTEM, Rules

CHANGES = (
    "The {a} of {k} {n} is now {v}.",
    "The {a} of {k} {n} has changed to {v}.",
    "From then on the {a} of {k} {n} was {v}.",
)
REVOKED = "That rule is revoked. This holds now."
FAR = 3
"""Things that change too."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that is updated; the latest is asked for."""

    name: str = "variable"
    updates: int = 2

    def draft(self, seed: int) -> Draft:
        rng = Random(f"{self.name} {seed}")
        facts = Facts(rng)
        facts.told, facts.ask = "The {a} of {k} {n} is {v}.", "What is the {a} of {k} {n} now?"
        thing = facts.thing()
        values = [facts.values.next(facts.value) for _ in range(self.updates + 1)]
        wordings = [facts.told, *(rng.choice(CHANGES) for _ in range(self.updates))]
        told = [_said(wording, thing, value) for wording, value in zip(wordings, values, strict=True)]
        placebo = _said(wordings[-1], facts.other(thing), facts.values.next(facts.value))
        near = (facts.namesake(thing), facts.sibling(thing), *(facts.thing() for _ in range(FAR)))
        others = [placebo, *(_said(rng.choice(wordings), other, facts.values.next(facts.value)) for other in near)]
        return Draft(
            f"{self.name}/{seed}",
            facts.asked(thing),
            tuple(told),
            tuple(Placed(at, text) for at, text in zip(spread(rng, len(others)), others, strict=True)),
            Truth("contains", (values[-1],), forbidden=tuple(values[:-1])),
            Agenda(GOAL, (told[-1],)),
            Agenda(GOAL, (placebo,)),
            Page(GOAL),
            width=None,
        )


@dataclass(frozen=True, slots=True)
class Revoked:
    """A constraint that is revoked for another, in a trajectory; the call obeys the new one."""

    name: str = "variable:revoked"

    def draft(self, seed: int) -> Draft:
        rng = Random(f"{self.name} {seed}")
        rules = Rules(rng)
        ours, theirs = rules.errand(1), rules.errand(1)
        chosen = {errand.options[0]: rules.values(errand.options[0], 2) for errand in (ours, theirs)}
        option = ours.options[0]
        new, old = (rules.rule(ours, option, value) for value in chosen[option])
        agenda = Agenda(ours.goal(), (new,))
        rival = Agenda(theirs.goal(), (rules.rule(theirs, theirs.options[0], chosen[theirs.options[0]][0]),))
        placebo = neutral(agenda, f"{self.name} {seed}")
        others = [f"{OTHERS}\n{said(rival)}", aloud(placebo), formerly(ours, option, chosen)]
        name = rules.name()
        return Draft(
            f"{self.name}/{seed}",
            ours.ask(name),
            (old, f"{REVOKED}\n{said(agenda)}"),
            tuple(Placed(at, text) for at, text in zip(spread(rng, len(others)), others, strict=True)),
            Truth(
                "action",
                call=ours.verb,
                arguments={ours.thing: name, option: chosen[option][0]},
                forbidden=(chosen[option][1],),
            ),
            agenda,
            placebo,
            Trajectory(SYSTEM, OPENING),
            (ours.tool(), theirs.tool(), BASH),
            width=None,
        )


def _said(wording: str, thing: Thing, value: str) -> str:
    return wording.format(a=thing.attribute, k=thing.kind, n=thing.name, v=value)


VARIABLES = (Variable(), Revoked())
