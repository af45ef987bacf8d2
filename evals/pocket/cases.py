"""The cases of the reader's examination: one question each, with its answer and what could be mistaken for it.

Wordings, names, attributes, values and filler occur nowhere in training (tests/pocket holds them apart).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from evals.pocket import corpus

Message = dict[str, Any]
WORDINGS = (
    ("The {a} assigned to {k} {n} turned out to be {v}.", "Please report the {a} assigned to {k} {n}."),
    ("Everybody at {k} {n} knows that its {a} is {v}.", "Can you look up the {a} known at {k} {n}?"),
    ("According to the log, the {a} belonging to {k} {n} is {v}.", "What is the {a} belonging to {k} {n}, please?"),
    ("Records show that the {a} of {k} {n} is {v}.", "Which {a} do the records show for {k} {n}?"),
    ("It was agreed that the {a} for {k} {n} would be {v}.", "On which {a} for {k} {n} was it agreed?"),
    ("Someone wrote down the {a} of {k} {n}: {v}.", "Someone wrote down the {a} of {k} {n}. Repeat it."),
    ("At the moment the {a} in use at {k} {n} is {v}.", "Which {a} is in use at {k} {n} at the moment?"),
    ("The special {a} of {k} {n} is: {v}.", "What is the special {a} of {k} {n} mentioned in the text?"),
)
ODD = (
    ("The crew of {k} {n} received {v} as its {a}.", "What did the crew of {k} {n} receive as its {a}?"),
    ("Inspectors saw {k} {n} with the {a} {v}.", "With which {a} did inspectors see {k} {n}?"),
    ("These days {k} {n} operates with {a} {v}.", "With which {a} does {k} {n} operate these days?"),
    ("{v}, as anybody could tell, was what {k} {n} chose for {a}.", "What had {k} {n} chosen for {a}?"),
)
"""Wordings in which no `is` or colon says where the value begins."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question about what stands in a text."""

    pieces: tuple[str, ...]
    """What answers it; the last one is moved to the depth, those before it stand above it."""
    others: tuple[str, ...]
    """What could be mistaken for it; the first is as long as the last piece and serves as the placebo."""
    ask: str
    truth: str
    """The answer, or a call as name(key=value, ...)."""
    tools: tuple[Message, ...] = ()
    restated: str = ""
    """What is restated at the end."""
    lead: str = "{text}\n\n{ask}"
    between: str = " "
    """What stands between two lines."""
    chat: bool = False
    """Whether filler are calls and their results, and the pieces the user's messages."""


def needle(rng: Random, spare: int, wordings: Sequence[tuple[str, str]] = WORDINGS) -> Case:
    """One fact, among others of its kind: some on the same thing, some of the same attribute."""
    fact, ask = rng.choice(wordings)
    k, (n, other), (a, b) = rng.choice(corpus.KINDS), rng.sample(corpus.NAMES, 2), rng.sample(corpus.ATTRIBUTE, 2)
    v = corpus.value(rng)
    told = fact.format(a=a, k=k, n=n, v=v)
    placebo = fact.format(a=a, k=k, n=other, v=alike(rng, v))
    near = [placebo, fact.format(a=b, k=k, n=n, v=corpus.value(rng))]
    return Case((told,), (*near, *facts(rng, spare, {n, other})), ask.format(a=a, k=k, n=n), v, restated=told)


def odd(rng: Random, spare: int) -> Case:
    """The same in a wording that is harder to take apart."""
    return needle(rng, spare, ODD)


def needles(rng: Random, spare: int) -> Case:
    """Two facts asked for at once, in the order of the question."""
    fact, _ = rng.choice(WORDINGS)
    k, names, a = rng.choice(corpus.KINDS), rng.sample(corpus.NAMES, 4), rng.choice(corpus.ATTRIBUTE)
    values = [rng.choice(corpus.NOUNS) for _ in names]
    if len(set(values)) < 4:
        return needles(rng, spare)
    told = [fact.format(a=a, k=k, n=n, v=v) for n, v in zip(names, values, strict=True)]
    ask = f"What is the {a} of {k} {names[0]} and what is the {a} of {k} {names[1]}?"
    return Case(
        (told[0], told[1]),
        (f"{told[2]} {told[3]}", *facts(rng, spare, set(names))),
        ask,
        f"{values[0]}, {values[1]}",
        restated=f"{told[0]} {told[1]}",
    )


def kv(rng: Random, spare: int) -> Case:
    """A JSON object of short keys; the text is nothing but pairs."""
    keys = rng.sample([f"{a}-{b}" for a in corpus.KEYS for b in range(10, 60)], 2 + spare)
    lines = [f'"{key}": "{rng.randrange(16**8):08x}",' for key in keys]
    ask = f'Key: "{keys[0]}"\nCorresponding value:'
    lead = "Extract the value corresponding to the specified key in the JSON object below.\n\n{{\n{text}\n}}\n\n{ask}"
    return Case((lines[0],), tuple(lines[1:]), ask, lines[0].split('"')[3], restated=lines[0], lead=lead, between="\n")


def update(rng: Random, spare: int) -> Case:
    """A value that changes twice; the latest holds."""
    k, n, a = rng.choice(corpus.KINDS), rng.choice(corpus.NAMES), rng.choice(corpus.ATTRIBUTE)
    values = [corpus.value(rng) for _ in range(4)]
    told = (
        f"At first {k} {n} had the {a} {values[0]}.",
        f"Then the {a} of {k} {n} became {values[1]}.",
        f"As of this week the {a} of {k} {n} is {values[2]}.",
    )
    other = rng.choice([name for name in corpus.NAMES if name != n])
    placebo = f"As of this week the {a} of {k} {other} is {alike(rng, values[2])}."
    ask = f"What is the {a} of {k} {n} at present?"
    return Case(told, (placebo, *facts(rng, spare, {n, other})), ask, values[2], restated=told[-1])


def constraint(rng: Random, spare: int) -> Case:
    """A rule, replaced by another half the time: what it says in words, or obeyed in a call."""
    p, q = rng.sample(("region", "folder", "format", "branch", "queue", "channel", "carrier", "currency"), 2)
    verb = rng.choice(("publish", "deliver", "archive", "submit", "transfer"))
    thing, old, new, other = rng.choice(corpus.TOPICS), *rng.sample(corpus.NOUNS, 3)
    rule = f"Whatever happens, {verb} each {thing} with {p} {{}}."
    told: tuple[str, ...] = (rule.format(old), f"That was revoked: {verb} each {thing} with {p} {new}.")
    if rng.random() < 0.5:
        told = (rule.format(new),)
    placebo = told[-1].replace(p, q).replace(new, other)
    x = rng.choice(corpus.NAMES)
    ask, truth, tools = f"Which {p} applies to a {thing} according to the rules?", new, list[Message]()
    if rng.random() >= 0.5:
        ask, truth = f"Could you {verb} the {thing} {x} for us?", f"{verb}({thing}={x}, {p}={new})"
        tools = [_tool(verb, thing, p), _tool("look_around", "place")]
    return Case(told, (placebo, *facts(rng, spare, set())), ask, truth, tuple(tools), told[-1], chat=True)


def todo(rng: Random, spare: int) -> Case:
    """A list with marks, stated once at the start of a run and again with more of it done."""
    verbs = rng.sample(("wash", "label", "weigh", "pack", "count", "polish"), 2)
    size = rng.randint(3, 7)
    things = rng.sample(corpus.NOUNS, size + 4)
    items = [(rng.choice(verbs), thing) for thing in things[:size]]
    done = rng.randint(0, size - 1)
    plan = _listed(items, done)
    placebo = "Here is what others do.\n" + "\n".join(f"- {rng.choice(verbs)} the {thing}" for thing in things[size:])
    verb, thing = items[done]
    ask, truth, tools = "Which entry of the plan comes next?", f"{verb} the {thing}", list[Message]()
    if rng.random() >= 0.3:
        ask, truth = "Please go ahead with the plan.", f"{verb}(object={thing})"
        tools = [_tool(each, "object") for each in verbs]
    return Case((plan,), (placebo,), ask, truth, tuple(tools), plan, chat=True)


def _listed(items: Sequence[tuple[str, str]], done: int) -> str:
    marks = ("- [x]", "- [ ]")
    lines = (f"{marks[place >= done]} {verb} the {thing}" for place, (verb, thing) in enumerate(items))
    return "Here is the plan.\n" + "\n".join(lines)


TASKS: dict[str, Callable[[Random, int], Case]] = {
    "needle": needle,
    "odd": odd,
    "needles": needles,
    "kv": kv,
    "update": update,
    "constraint": constraint,
    "todo": todo,
}


def facts(rng: Random, count: int, but: set[str]) -> list[str]:
    """Facts on other things."""
    return [_fact(rng, but) for _ in range(count)]


def alike(rng: Random, value: str) -> str:
    """Another value, of as many words."""
    while True:
        other = corpus.value(rng)
        if other != value and len(other.split()) == len(value.split()):
            return other


def _fact(rng: Random, but: set[str]) -> str:
    n = rng.choice([name for name in corpus.NAMES if name not in but])
    k, a, v = rng.choice(corpus.KINDS), rng.choice(corpus.ATTRIBUTE), corpus.value(rng)
    return rng.choice(WORDINGS)[0].format(a=a, k=k, n=n, v=v)


def _tool(name: str, *keys: str) -> Message:
    properties = {key: {"type": "string"} for key in keys}
    return {
        "type": "function",
        "function": {"name": name, "parameters": {"type": "object", "properties": properties, "required": list(keys)}},
    }
