"""Todo: a list of todos in a trajectory; the next open one is done by a call, and none that is finished again.

The end is an order of the user's; or the result of the call that did the item before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from litany.evals import words
from litany.evals.case import Agenda, Truth
from litany.evals.tasks.draft import Deed, Draft, Placed
from litany.evals.tasks.facts import spread
from litany.evals.tasks.layout import BASH, Trajectory, tool
from litany.evals.tasks.neutral import aloud, neutral
from litany.evals.tasks.rules import OPENING, SYSTEM, THINGS
from litany.evals.words import spaced

VERBS = spaced("wash paint count inspect label repair weigh polish scan measure")
GOAL = "Work through the plan from top to bottom."
GUIDE = "Look through the guide from start to finish."
ASK = "Do the next open item of the plan."
ORDERLY = f"{SYSTEM} Once an item of the plan is done you do the next open one at once."
LEAST, MOST = 4, 6
"""Items of a list."""


@dataclass(frozen=True, slots=True)
class Todo:
    """Is the next open item done?"""

    name: str = "todo"
    tracked: bool = False
    """Whether what is finished shows only in the calls that were made since, and not as marks in the list."""
    tail: bool = False
    """Whether the last item that is finished is done at the end, so that a tool's result is the last message."""

    def draft(self, seed: int) -> Draft:
        rng = Random(f"{self.name} {seed}")
        verbs = rng.sample(VERBS, 4)
        ours, theirs = rng.sample(THINGS, 2)
        size = rng.randint(LEAST, MOST)
        done = rng.randint(1, size - 1)
        names = rng.sample(words.NAMES, 2 * size)
        items = [(rng.choice(verbs[:2]), name) for name in names[:size]]
        todos = [f"{verb} the {ours} {name}" for verb, name in items]
        guide = [f"{rng.choice(verbs[2:])} the {theirs} {name}" for name in names[size:]]
        verb, name = items[done]
        deeds = tuple(Deed(each, ((ours, whom),)) for each, whom in items[:done])
        last = deeds[-1] if self.tail else None
        agenda = Agenda(GOAL, todos=marked(todos, done))
        placebo = neutral(agenda, f"{self.name} {seed}")
        others = ["\n".join([GUIDE, *(f"- {each}" for each in guide)]), aloud(placebo)]
        return Draft(
            f"{self.name}/{seed}",
            last.result if last else ASK,
            (listed(todos, 0 if self.tracked else done - self.tail),),
            tuple(Placed(at, text) for at, text in zip(spread(rng, len(others)), others, strict=True)),
            Truth("action", call=verb, arguments={ours: name}, forbidden=tuple(whom for _, whom in items[:done])),
            agenda,
            placebo,
            Trajectory(ORDERLY, OPENING, (last.call, last.arguments)) if last else Trajectory(SYSTEM, OPENING),
            (*(tool(each, f"{each.capitalize()} the {ours}.", ours) for each in verbs[:2]), BASH),
            deeds=deeds if self.tracked else (),
        )


def listed(todos: Sequence[str], done: int) -> str:
    """The plan with marks, as a user writes it."""
    return "\n".join([GOAL, *(f"- [{'x' if place < done else ' '}] {todo}" for place, todo in enumerate(todos))])


def marked(todos: Sequence[str], done: int) -> tuple[tuple[str, str], ...]:
    return tuple((todo, "completed" if place < done else "pending") for place, todo in enumerate(todos))


TODOS = (Todo(), Todo("todo:tracked", tracked=True), Todo("todo:tail", tail=True))
"""The task `todo` in its kinds: an agent's list of todos, of which the next is to be done."""
