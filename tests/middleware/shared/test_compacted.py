"""A client that compacts by itself: its conversation is found again, on any worker, and is taken for no other one."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from litany import Policy
from litany.middleware import Conversations, Exchange
from litany.stores import SqliteStore
from tests.histories import Native, calls, result, says, user

POLICY = Policy(window=8_000, recite="every")
TOOLS: list[Native] = [
    {"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}
    for name in ("look", "update_plan")
]
SYSTEM: Native = {"role": "system", "content": "You look at pages."}
SUMMARY = user("Summary of the work so far: pages were read.")
GO = user("Go on.")
WAYS = ("summary and tail", "summary alone", "first and summary", "first, summary and tail")


def doors(folder: Path, number: int = 2) -> list[Conversations]:
    """As many workers over one store."""
    return [Conversations(policy=POLICY, store=SqliteStore(folder / "s.litany")) for _ in range(number)]


def planned(name: str, dice: random.Random, drawn: bool = True, length: int = 4) -> list[Native]:
    """A run that writes a plan and looks at pages. `drawn`: whether its calls have ids of their own."""

    def step(number: int, tool: str, given: dict[str, Any]) -> list[Native]:
        id = f"call_{dice.getrandbits(96):024x}" if drawn else f"call_{number}"
        function = {"name": tool, "arguments": json.dumps(given)}
        call = {"id": id, "type": "function", "function": function}
        return [{"role": "assistant", "content": None, "tool_calls": [call]}, result(id, "seen")]

    plan = {"plan": [{"step": f"STEP {name}", "status": "in_progress"}]}
    looked = [message for number in range(1, length) for message in step(number, "look", {"page": number})]
    return [SYSTEM, user(f"GOAL {name}"), *step(0, "update_plan", plan), *looked]


def compacted(record: list[Native], way: str) -> list[Native]:
    """What the client sends once it has put a summary in the place of the record."""
    return {
        "summary and tail": [SYSTEM, SUMMARY, *record[-2:]],
        "summary alone": [SYSTEM, SUMMARY, GO],
        "first and summary": [*record[:2], SUMMARY],
        "first, summary and tail": [*record[:2], SUMMARY, *record[-2:]],
    }[way]


def walked(record: list[Native], workers: list[Conversations], dice: random.Random, key: str | None) -> Exchange:
    """The run, each call on any worker."""
    ends = range(2, len(record) + 1, 2)
    return [dice.choice(workers).open(record[:end], tools=TOOLS, key=key) for end in ends][-1]


def holding(exchange: Exchange, name: str) -> tuple[bool, bool]:
    """Whether the view holds the goal and the todo of that run."""
    view = json.dumps(exchange.view)
    return f"GOAL {name}" in view, f"STEP {name}" in view


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(3))
def test_under_a_name_goal_and_todos_stay_however_the_client_compacts(tmp_path: Path, way: str, seed: int) -> None:
    dice, workers = random.Random(seed), doors(tmp_path)
    names = [f"canary-{number}" for number in range(3)]
    records = {name: planned(name, dice, drawn=bool(seed)) for name in names}
    for name in names:
        walked(records[name], workers, dice, name)

    for name in dice.sample(names, 3):
        sent = compacted(records[name], way)
        for later in (sent, [*sent, calls("z"), result("z", "seen")], [*sent, calls("z"), result("z", "seen"), GO]):
            exchange = dice.choice(workers).open(later, tools=TOOLS, key=name)

            assert exchange.key == name
            assert holding(exchange, name) == (True, True)
            assert not any(any(holding(exchange, other)) for other in names if other != name)


@pytest.mark.parametrize("way", [way for way in WAYS if "tail" in way])
@pytest.mark.parametrize("seed", range(3))
def test_without_a_name_it_is_told_by_its_last_messages(tmp_path: Path, way: str, seed: int) -> None:
    dice, workers = random.Random(seed), doors(tmp_path)
    names = [f"canary-{number}" for number in range(4)]
    records = {name: planned(name, dice) for name in names}
    told = {name: walked(records[name], workers, dice, None).key for name in names}

    for name in dice.sample(names, 4):
        sent = compacted(records[name], way)
        for later in (sent, [*sent, says("Hm.")], [*sent, says("Hm."), GO, calls("z"), result("z", "seen")]):
            exchange = dice.choice(workers).open(later, tools=TOOLS)

            assert exchange.key == told[name]
            assert holding(exchange, name) == (True, True)
            assert not any(any(holding(exchange, other)) for other in names if other != name)


def test_calls_whose_ids_were_counted_tell_no_conversation_from_another(tmp_path: Path) -> None:
    dice, workers = random.Random(1), doors(tmp_path)
    first = walked(planned("one", dice, drawn=False), workers, dice, None)
    other = planned("two", dice, drawn=False)

    for worker in workers:
        whole = worker.open([SYSTEM, user("GOAL two"), *other[-2:]], tools=TOOLS)

        assert whole.key != first.key
        assert holding(whole, "one") == (False, False)


def test_what_two_conversations_hold_tells_neither(tmp_path: Path) -> None:
    dice, workers = random.Random(1), doors(tmp_path)
    tail = planned("tail", dice)[-2:]
    for name in ("one", "two"):
        walked([*planned(name, dice), *tail], workers, dice, None)

    exchange = workers[0].open([SYSTEM, SUMMARY, *tail], tools=TOOLS)

    assert not any(any(holding(exchange, name)) for name in ("one", "two"))


@pytest.mark.parametrize("key", [None, "session"])
@pytest.mark.parametrize("tools", [TOOLS, TOOLS[:1], []])
def test_a_sub_agent_or_a_title_takes_nothing_over(tmp_path: Path, key: str | None, tools: list[Native]) -> None:
    dice, workers = random.Random(2), doors(tmp_path)
    record = planned("main", dice)
    before = walked(record, workers, dice, key)
    own = {"role": "system", "content": "You write titles." if tools == TOOLS else SYSTEM["content"]}

    for worker in workers:
        for sent in ([own, user("Read the manual.")], [own, user("Name this:"), *record[-2:]]):
            exchange = worker.open(sent, tools=tools, key=key)

            assert exchange.key != before.key
            assert holding(exchange, "main") == (False, False)
    again = workers[0].open([*record, calls("z"), result("z", "seen")], tools=TOOLS, key=key)
    assert (again.key, holding(again, "main")) == (before.key, (True, True))
