"""Conversations that open with the same words under system texts of their own: never taken for one another."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from litany import Litany, SqliteStore
from litany.middleware.shared import Conversations, Exchange
from tests.histories import Native, returns, rows, says, user, uses
from tests.middleware.shared.talks import MARK, POLICY, TOOLS, interleaved, told

OPENING = user("GOAL: find the leak.")
SUMMARY = user("Summary of the work so far: pages were read.")


@dataclass(frozen=True, slots=True)
class Agent:
    """One conversation: a system text and a rule of its own, messages that others may have, too."""

    system: str
    messages: list[Native]

    @property
    def rule(self) -> str:
        return f"RULE of {self.system}."

    @property
    def requests(self) -> list[list[Native]]:
        """All messages so far, call by call; last what the client sends once it has compacted by itself."""
        ends = range(1, len(self.messages) + 1, 2)
        return [*(self.messages[:end] for end in ends), [SUMMARY, *self.messages[-2:]]]


def agent(number: int, dice: random.Random) -> Agent:
    """A random one. Its first answers are words that others say, too; its last call has an id that was drawn."""
    chat = [turn for _ in range(dice.randint(0, 2)) for turn in (says(dice.choice(("Hm.", "Yes."))), user("Go on."))]
    ids = [f"toolu_{dice.getrandbits(96):024x}" for _ in range(dice.randint(1, 5))]
    looked = [turn for id in ids for turn in (uses(id, page=1), returns(id, rows(dice.randint(1, 25))))]
    return Agent(f"agent {number}", [OPENING, *chat, *looked])


def alone(agent: Agent) -> list[str]:
    """The views of a Litany of its own, the rule given after the second call; the client's compaction aside."""
    litany, views = Litany(policy=POLICY, mark=MARK), list[str]()
    for messages in agent.requests[:-1]:
        views.append(json.dumps(litany(messages, agent.system, TOOLS)))
        if len(views) == 2:
            litany.revise(constraints=[agent.rule])
    return views


def together(agent: Agent, doors: list[Conversations], kept: dict[str, list[Exchange]]) -> Iterator[str]:
    """The views of the same calls, each through the next door."""
    own = kept.setdefault(agent.system, [])
    for number, messages in enumerate(agent.requests):
        door = doors[number % len(doors)]
        own.append(door.open(json.loads(json.dumps(messages)), agent.system, TOOLS))
        yield told(own[-1], door.store)
        if number == 1:
            own[-1].revise(constraints=[agent.rule])


@pytest.mark.parametrize("seed", range(10))
def test_each_has_its_own_views_and_key_and_keeps_its_rule_over_a_compaction(tmp_path: Path, seed: int) -> None:
    dice, kept = random.Random(seed), dict[str, list[Exchange]]()
    store = SqliteStore(tmp_path / "all.db") if seed % 2 else None
    doors = [Conversations(policy=POLICY, store=store) for _ in range(3 if seed % 2 else 1)]
    agents = [agent(number, dice) for number in range(6)]

    seen = interleaved([together(one, doors, kept) for one in agents], dice)

    assert [one.system for one, views in zip(agents, seen, strict=True) if views[:-1] != alone(one)] == []
    assert [[exchange.shared for exchange in own] for own in kept.values()] == [
        [True] + [False] * len(one.requests[1:]) for one in map({a.system: a for a in agents}.__getitem__, kept)
    ]
    assert {len({exchange.key for exchange in own[1:]}) for own in kept.values()} == {1}
    assert len({own[1].key for own in kept.values()}) == len(agents)
    for one, views in zip(agents, seen, strict=True):
        assert [other.rule in views[-1] for other in agents] == [other is one for other in agents]
        assert "GOAL: find the leak." in views[-1]


@pytest.mark.parametrize("system", ["You are B.", None, [{"type": "text", "text": "You are B."}]])
def test_the_second_call_beside_one_of_another_system_text_has_a_key_of_its_own(system: object) -> None:
    door = Conversations(policy=POLICY)
    first = [door.open([OPENING, *said], "You are A.", TOOLS) for said in ([], [says("Hm."), user("Go on.")])]

    second = [door.open([OPENING, *said], system, TOOLS) for said in ([], [says("Hm."), user("Go on.")])]

    assert [exchange.shared for exchange in (*first, *second)] == [True, False, True, False]
    assert len({exchange.key for exchange in (*first, *second)}) == 4


@pytest.mark.parametrize("workers", [1, 2])
def test_one_whose_system_text_changes_stays_the_same_conversation(tmp_path: Path, workers: int) -> None:
    doors = [Conversations(policy=POLICY, store=SqliteStore(tmp_path / "all.db")) for _ in range(workers)]
    said = [OPENING, *(turn for number in range(6) for turn in (says(f"{number}?"), user(f"Go on to {number}.")))]
    system = "It is 9:00.", "It is 9:00.", "It is 9:01.", "It is 9:02.", "It is 9:02."

    keys = [doors[place % workers].open(said[: 2 * place + 1], text, TOOLS).key for place, text in enumerate(system)]

    assert len(set(keys[1:])) == 1


def test_a_system_text_that_changes_with_each_call_has_a_key_of_its_own_from_the_second_on() -> None:
    door = Conversations(policy=POLICY)
    said = [OPENING, *(turn for number in range(6) for turn in (says(f"{number}?"), user(f"Go on to {number}.")))]

    sent = [door.open(said[: 2 * place + 1], f"It is 9:0{place}.", TOOLS) for place in range(4)]

    assert [exchange.shared for exchange in sent] == [True, False, False, False]
    assert len({exchange.key for exchange in sent[1:]}) == 1


@pytest.mark.parametrize("tools", [TOOLS, ()])
def test_under_a_name_a_sub_agent_or_a_title_with_the_same_first_words_takes_nothing_over(tools: list[Native]) -> None:
    door = Conversations(policy=POLICY)
    said = [OPENING, says("Hm."), user("Go on."), says("Yes."), user("Go on.")]
    door.open(said[:1], "You are A.", TOOLS, "thread-1")

    beside = [door.open([OPENING, *more], "You are B.", tools, "thread-1") for more in ([], [says("B."), user("On.")])]
    main = [door.open(said[:end], "You are A.", TOOLS, "thread-1") for end in (3, 5)]

    assert "thread-1" not in {exchange.key for exchange in beside}
    assert {exchange.key for exchange in main} == {"thread-1"}


def test_under_a_name_the_system_text_may_change_from_call_to_call() -> None:
    door = Conversations(policy=POLICY)
    said = [OPENING, *(turn for number in range(6) for turn in (says(f"{number}?"), user(f"Go on to {number}.")))]

    sent = [door.open(said[: 2 * place + 1], f"It is 9:0{place}.", TOOLS, "thread-1").key for place in range(4)]

    assert set(sent) == {"thread-1"}


@pytest.mark.parametrize("key", [None, "thread-1"])
def test_a_look_up_without_the_system_text_finds_the_conversation(key: str | None) -> None:
    door = Conversations(policy=POLICY)
    said = [OPENING, says("Hm."), user("Go on."), says("Yes."), user("Go on."), says("Done.")]
    door.find(said[:1], key=key)
    sent = door.open(said[:1], "You are A.", TOOLS, key)

    beside, parted = (door.find(said[:end], key=key) for end in (1, 2))
    later = [door.open(said[:end], "You are A.", TOOLS, key).key for end in (3, 5)]

    assert beside.key == sent.key
    assert not parted.shared
    assert {*later, door.find(said, key=key).key} == {parted.key}


def test_what_only_goes_on_with_results_stays_in_its_conversation() -> None:
    door = Conversations(policy=POLICY)

    sent = [door.open(calls_of(9)[:end], "You are A.", (), "thread-1").key for end in (2, 4, 6, 8)]

    assert len(set(sent[1:])) == 1


def calls_of(number: int) -> list[Native]:
    """Calls and their results, as items."""
    made: list[Native] = []
    for id in map(str, range(number)):
        made += [{"type": "function_call", "call_id": id, "name": "look", "arguments": "{}"}]
        made += [{"type": "function_call_output", "call_id": id, "output": id}]
    return made
