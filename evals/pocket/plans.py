"""Plans: todos that are done one after another, listed with their marks, asked for in words or by a call."""

from dataclasses import dataclass

from evals.pocket.asking import Question, asked, call, offered
from evals.pocket.pen import Pen
from evals.pocket.phrases import DONE, ITEMS, NEXT, NEXT_ASKS, NEXTS, PENDING
from evals.pocket.things import Thing
from evals.pocket.wording import BREAK, NAMED


@dataclass(frozen=True, slots=True)
class Plan:
    """Todos that are done one after another."""

    pen: Pen
    verbs: list[list[int]]
    key: list[int]
    """What the argument of their calls is named."""
    items: list[tuple[list[int], list[int]]]
    """A verb and a thing each."""
    texts: list[list[int]]
    """The items as they are listed."""
    style: int
    """Which marks they bear."""
    marked: bool
    """Whether the next one bears a mark of its own."""

    def listed(self, done: int, short: bool = False) -> list[int]:
        """The list with this many done; short: without those."""
        out = self.pen.filled(self.pen.pick(self.pen.titles), 0)
        for place, text in enumerate(self.texts):
            if short and place < done:
                continue
            kind = DONE if place < done else NEXT if place == done and self.marked else PENDING
            out += [*self.pen.filled(kind[self.style], 0, i=text), BREAK]
        return out

    def ask(self, done: int) -> Question:
        """Which is next, in words or by its call."""
        if self.pen.rng.random() < 0.3:
            return Question(asked(self.pen, self.pen.filled(self.pen.pick(NEXT_ASKS))), self.texts[done])
        question = asked(self.pen, self.pen.filled(self.pen.pick(NEXTS)))
        step = self.step(done)
        return Question(question, step.answer, step.tools)

    def step(self, done: int) -> Question:
        """The call for the next, and the tools on offer; nobody asks for it."""
        verb, thing = self.items[done]
        return Question([], call(verb, [(self.key, thing)]), offered(self.pen, verb, [self.key], self.verbs))


def plan(pen: Pen) -> Plan:
    """Two to eight todos of one wording."""
    rng = pen.rng
    size, wording = rng.randint(2, 8), pen.pick(ITEMS)
    verbs = [[pen.fresh()] for _ in range(rng.randint(1, 3))]
    key = [pen.fresh()] if rng.random() < 0.6 else [rng.choice(NAMED)]
    items = [(rng.choice(verbs), [pen.fresh()] if rng.random() < 0.85 else pen.value()[:2]) for _ in range(size)]
    texts = [pen.filled(wording, 0, c=c, o=key if rng.random() < 0.5 else [pen.word()], x=x) for c, x in items]
    return Plan(pen, verbs, key, items, texts, rng.randrange(len(PENDING)), rng.random() < (0.3 if pen.varied else 0.4))


def todos(pen: Pen) -> Thing:
    """A list of todos with marks, restated with more of them done."""
    listed, rng = plan(pen), pen.rng
    size = len(listed.items)
    stops = sorted(rng.sample(range(size), 1 if rng.random() < 0.7 else min(2, size)))
    if pen.varied and rng.random() < 0.4:
        stops = [0]
    return Thing(
        [listed.listed(done) for done in stops],
        lambda: listed.ask(stops[-1]),
        lambda: listed.listed(stops[-1], rng.random() < 0.5),
        together=True,
    )
