"""Many conversations at once over one store, one policy and one counter: each gets the views it would get alone."""

import asyncio
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from litany import AsyncLitany, Litany, MemoryStore, Policy
from litany.archive import Store
from litany.dialects import DIALECTS
from litany.testing import validate
from tests.histories import asks, gives, replies, request, rows, spoken

Native = dict[str, Any]

MANY = 64
POLICY = Policy(window=3_000, reserve=300, recite=("turns", 2))


def canary(number: int) -> str:
    return f"canary-{number:03d}-{(number * 2_654_435_761) % 2**32:08x}"


def mark(number: int) -> str:
    return f"{(number * 40_503 + 7) % 2**32:08x}"


def dialect(number: int) -> str:
    return tuple(DIALECTS)[number % len(DIALECTS)]


def history(number: int, turns: int = 12) -> list[Native]:
    """A conversation in which every message holds its canary."""
    own = canary(number)
    name = dialect(number)
    made = [spoken(name, f"Find {own} in the pages.")]
    for turn in range(turns):
        id, text = f"c{turn}", f"{own} page {turn}\n{rows(14 + (number + turn) % 9, own)}"
        made += [asks(name, id, page=turn, of=own), gives(name, id, text)]
    return [*made, spoken(name, f"{own} is found", "assistant")]


def ends(messages: Sequence[Native]) -> list[int]:
    """Where the agent calls its model."""
    return [place for place in range(1, len(messages)) if replies(messages[place])]


def summary(number: int) -> str:
    return f"## Done\n- looked for {canary(number)}"


def todo(number: int) -> Native:
    operations = [{"op": "add", "content": f"compare {canary(number)}"}]
    return {"id": "t", "function": {"name": "update_todos", "arguments": json.dumps({"operations": operations})}}


def given(number: int, store: Store, traced: list[Native]) -> dict[str, Any]:
    return {
        "goal": f"Find {canary(number)}.",
        "constraints": [f"Say nothing of {canary(number)}."],
        "policy": POLICY,
        "store": store,
        "key": f"conversation {number}",
        "mark": mark(number),
        "trace": traced.append,
    }


def ran(number: int, store: Store) -> list[str]:
    """Every view of one conversation, and its last State."""
    traced: list[Native] = []
    litany = Litany(**given(number, store, traced), summarize=lambda messages, prompt: summary(number))
    messages, views = history(number), []
    for end in ends(messages):
        view = litany(messages[:end])
        assert validate(dialect(number), request(dialect(number), view)) == []
        views.append(json.dumps(view))
        if end == 5:
            litany.answer(todo(number))
    recalled = [found.message for found in litany.recall(canary(number))]
    return [*views, json.dumps(litany.state), json.dumps(recalled), json.dumps(traced)]


async def ran_async(number: int, store: Store) -> list[str]:
    """The same, as a task that gives way to the others while its summary is written."""

    async def written(messages: object, prompt: str) -> str:
        for _ in range(number % 5):
            await asyncio.sleep(0)
        return summary(number)

    traced: list[Native] = []
    litany = AsyncLitany(**given(number, store, traced), summarize=written)
    messages, views = history(number), []
    for end in ends(messages):
        views.append(json.dumps(await litany(messages[:end])))
        await asyncio.sleep(0)
        if end == 5:
            litany.answer(todo(number))
    recalled = [found.message for found in litany.recall(canary(number))]
    return [*views, json.dumps(litany.state), json.dumps(recalled), json.dumps(traced)]


@pytest.fixture(scope="module")
def alone() -> list[list[str]]:
    """Each conversation by itself, in a store of its own."""
    return [ran(number, MemoryStore()) for number in range(MANY)]


def crossed(seen: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Which conversation saw whose canary."""
    names = [canary(number) for number in range(MANY)]
    return [
        (reader, owner)
        for reader, texts in enumerate(seen)
        for owner, name in enumerate(names)
        if owner != reader and any(name in text for text in texts)
    ]


def test_a_conversation_alone_compacts_recites_and_recalls(alone: list[list[str]]) -> None:
    assert all('"summary": "model"' in seen[-1] for seen in alone)
    assert all(f"[next] compare {canary(number)}" in "".join(seen[:-3]) for number, seen in enumerate(alone))
    assert crossed(alone) == []


def test_sixty_four_threads(alone: list[list[str]]) -> None:
    store, start = MemoryStore(), Barrier(MANY)

    def run(number: int) -> list[str]:
        start.wait()
        return ran(number, store)

    with ThreadPoolExecutor(MANY) as pool:
        together = list(pool.map(run, range(MANY)))

    assert crossed(together) == []
    assert [number for number in range(MANY) if together[number] != alone[number]] == []


def test_sixty_four_tasks(alone: list[list[str]]) -> None:
    async def everyone() -> list[list[str]]:
        store = MemoryStore()
        return list(await asyncio.gather(*(ran_async(number, store) for number in range(MANY))))

    together = asyncio.run(everyone())

    assert crossed(together) == []
    assert [number for number in range(MANY) if together[number] != alone[number]] == []
