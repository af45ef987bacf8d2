"""Conversations as hosts drive them through one shared door, beside the same ones each alone."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from litany import Litany, Policy
from litany.archive import Store
from litany.middleware.shared import Conversations, Exchange
from tests.histories import calls, result, returns, rows, says, user, uses

Native = dict[str, Any]

POLICY = Policy(window=3_000, reserve=300, recite=("turns", 2))
MARK = "5e55104a"
TOOLS: list[Native] = [{"name": "look", "description": "Looks at a page.", "input_schema": {"type": "object"}}]


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: its calls, each all messages so far."""

    name: str
    dialect: str
    messages: list[Native]
    system: str | None

    @property
    def ends(self) -> list[int]:
        """Where the host calls the model."""
        return [place for place in range(1, len(self.messages)) if self.messages[place]["role"] == "assistant"]


def talk(number: int, dice: random.Random, opening: str | None = None) -> Talk:
    """A random conversation; every message but a shared opening holds its name."""
    name = f"canary-{number:03d}-{dice.getrandbits(32):08x}"
    dialect = dice.choice(("openai", "anthropic"))
    made = [user(opening or f"Find {name} in the pages.")]
    if dialect == "openai":
        made.insert(0, {"role": "system", "content": "You look at pages."})
    for turn in range(dice.randint(1, 9)):
        id, text = f"{name}-{turn}", f"{name} page {turn}\n{rows(dice.randint(1, 25), name)}"
        if dice.random() < 0.2:
            made += [says(f"{name}: and now?"), user(f"{name}: go on, {turn}")]
        elif dialect == "openai":
            made += [calls(id, page=turn, of=name), result(id, text)]
        else:
            made += [uses(id, page=turn, of=name), returns(id, text)]
    system = "You look at pages." if dialect == "anthropic" else None
    return Talk(name, dialect, [*made, says(f"{name} is found")], system)


def alone(talk: Talk, **given: Any) -> list[str]:
    """The views of a Litany of its own."""
    litany = Litany(policy=POLICY, mark=MARK, **given)
    return [json.dumps(litany(talk.messages[:end], talk.system, TOOLS)) for end in talk.ends]


def together(talk: Talk, doors: list[Conversations], copied: bool, key: str | None = None) -> Iterator[str]:
    """The views of the same calls, each through the next door. `copied`: as a server reads them, anew each time."""
    for number, end in enumerate(talk.ends):
        door, sent = doors[number % len(doors)], talk.messages[:end]
        sent = json.loads(json.dumps(sent)) if copied else sent
        yield told(door.open(sent, talk.system, TOOLS, key), door.store)


def told(exchange: Exchange, store: Store) -> str:
    """The view as JSON, under the mark of all these tests."""
    held = store.load(exchange.key)
    assert held is not None
    return json.dumps(exchange.view).replace(held[1].mark, MARK)


def interleaved(runs: list[Iterator[str]], dice: random.Random) -> list[list[str]]:
    """Each run's views, the calls in any order among the runs."""
    seen: list[list[str]] = [[] for _ in runs]
    left = list(range(len(runs)))
    while left:
        number = dice.choice(left)
        view = next(runs[number], None)
        if view is None:
            left.remove(number)
        else:
            seen[number].append(view)
    return seen
