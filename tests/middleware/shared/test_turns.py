"""Several callers on one conversation at once: each waits its turn, a thread as well as a task."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest

from litany import MemoryStore
from litany.middleware import Conversations
from litany.middleware.shared.alone import Alone
from tests.histories import SMALL, steps, user

HOST: list[dict[str, Any]] = [user("Mend the pump."), *steps(40)]
DONE = "## Done\n- looked at forty pages"


def test_a_second_thread_waits_for_the_first() -> None:
    inside, leave, asked = Event(), Event(), list[int]()

    def slow(messages: object, prompt: str) -> str:
        asked.append(1)
        inside.set()
        assert leave.wait(30)
        return DONE

    door = Conversations(policy=SMALL, summarize=slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(door.open, HOST, key="one")
        assert inside.wait(30)
        second = pool.submit(door.open, HOST, key="one")
        leave.set()
        views = [json.dumps(future.result(30).view) for future in (first, second)]

    assert views[0] == views[1]
    assert "looked at forty pages" in views[0]
    assert len(asked) == 1


def test_a_second_task_waits_for_the_first() -> None:
    asked = list[int]()

    async def slow(messages: object, prompt: str) -> str:
        asked.append(1)
        await asyncio.sleep(0)
        return DONE

    async def both() -> list[str]:
        door = Conversations(policy=SMALL, summarize=slow)
        exchanges = await asyncio.gather(*(door.open_async(HOST, key="one") for _ in range(5)))
        return [json.dumps(exchange.view) for exchange in exchanges]

    views = asyncio.run(both())

    assert len(set(views)) == 1
    assert len(asked) == 1


def test_a_thread_that_runs_the_tasks_does_not_wait_for_one_of_them() -> None:
    async def mixed() -> list[str]:
        async def slow(messages: object, prompt: str) -> str:
            if not views:
                views.append(json.dumps(door.open(HOST[:9], key="one").view))
            return DONE

        views = list[str]()
        door = Conversations(policy=SMALL, summarize=slow)
        views.append(json.dumps((await door.open_async(HOST, key="one")).view))
        return views

    inner, outer = asyncio.run(mixed())

    assert "Mend the pump." in inner
    assert "looked at forty pages" in outer


def test_tasks_and_threads_take_turns_in_order() -> None:
    async def order() -> list[int]:
        alone, seen = Alone(), list[int]()

        async def enter(number: int) -> None:
            async with alone.entered_async():
                await asyncio.sleep(0)
                seen.append(number)

        await asyncio.gather(*map(enter, range(6)))
        with alone.entered():
            seen.append(6)
        return seen

    assert asyncio.run(order()) == list(range(7))


@pytest.mark.parametrize("early", [True, False])
def test_a_task_that_is_cancelled_while_it_waits_passes_its_turn_on(early: bool) -> None:
    async def cancelled() -> list[str]:
        alone, seen = Alone(), list[str]()

        async def enter(name: str) -> None:
            async with alone.entered_async():
                seen.append(name)

        async with alone.entered_async():
            given_up, patient = asyncio.create_task(enter("given up")), asyncio.create_task(enter("patient"))
            await asyncio.sleep(0)
            if early:
                given_up.cancel()
                await asyncio.sleep(0)
        if not early:
            given_up.cancel()
        await patient
        assert not alone.taken
        return seen

    assert asyncio.run(cancelled()) == ["patient"]


def test_eight_doors_that_go_on_with_the_same_conversation_at_once_agree() -> None:
    store, start = MemoryStore(), Barrier(8)

    def run(number: int) -> list[str]:
        door, keys = Conversations(policy=SMALL, store=store), list[str]()
        for end in (1, 3, 5):
            start.wait(30)
            keys.append(door.open(HOST[:end]).key)
        return keys

    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(run, range(8)))

    assert len({tuple(seen) for seen in keys}) == 1


@pytest.mark.parametrize("named", [True, False])
def test_conversations_that_open_alike_in_eight_doors_at_once_do_not_cross(named: bool) -> None:
    store, start = MemoryStore(), Barrier(8)

    def run(number: int) -> list[str]:
        door = Conversations(policy=SMALL, store=store)
        own = [HOST[0], *json.loads(json.dumps(steps(9)).replace("row", f"canary{number}"))]
        start.wait(30)
        return [json.dumps(door.open(own[:end], key=f"t{number}" if named else None).view) for end in range(1, 19, 2)]

    with ThreadPoolExecutor(8) as pool:
        views = list(pool.map(run, range(8)))

    crossed = [(a, b) for a in range(8) for b in range(8) if a != b and f"canary{b}" in "".join(views[a])]
    assert crossed == []
