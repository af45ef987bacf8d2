"""Several callers on one conversation: one object refuses the second; of two objects the loser plans anew."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest

from litany import AsyncLitany, Busy, Litany, MemoryStore, SqliteStore
from litany.archive import Store
from litany.dialects.canonical import digest
from litany.testing import validate
from tests.histories import SMALL, steps, user

Native = dict[str, Any]

GOAL = "Find the leak in house 7."
HOST: list[Native] = [user(GOAL), *steps(40)]
DONE = "## Done\n- looked at forty pages"
ENTRIES: dict[str, Callable[[Litany], object]] = {
    "call": lambda litany: litany(HOST),
    "answer": lambda litany: litany.answer(todo("x")),
    "revise": lambda litany: litany.revise(goal="another"),
    "used": lambda litany: litany.used({"prompt_tokens": 100}),
    "pin": lambda litany: litany.pin(0),
}


def todo(text: str, id: str = "t") -> Native:
    operations = [{"op": "add", "content": text}]
    return {"id": id, "function": {"name": "update_todos", "arguments": json.dumps({"operations": operations})}}


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "one.db")


@pytest.mark.parametrize("enter", ENTRIES.values(), ids=ENTRIES)
def test_a_second_caller_is_refused_while_the_first_is_at_work(enter: Callable[[Litany], object]) -> None:
    inside, leave = Event(), Event()

    def slow(messages: object, prompt: str) -> str:
        inside.set()
        assert leave.wait(30)
        return DONE

    litany = Litany(goal=GOAL, policy=SMALL, summarize=slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(litany, HOST)
        assert inside.wait(30)
        with pytest.raises(Busy, match="a Litany of its own"):
            enter(litany)
        leave.set()
        assert "looked at forty pages" in json.dumps(first.result(30))
    assert litany.agenda.goal is not None
    assert litany.agenda.goal.text == GOAL
    assert litany(HOST)


def test_a_second_task_is_refused_while_the_first_waits() -> None:
    async def both() -> list[object]:
        async def slow(messages: object, prompt: str) -> str:
            await asyncio.sleep(0)
            return DONE

        litany = AsyncLitany(goal=GOAL, policy=SMALL, summarize=slow)
        return list(await asyncio.gather(litany(HOST), litany(HOST), return_exceptions=True))

    first, second = asyncio.run(both())

    assert isinstance(first, list)
    assert isinstance(second, Busy)


def test_the_loser_plans_anew_on_what_the_winner_saved(store: Store) -> None:
    asked: list[int] = []

    def meanwhile(messages: object, prompt: str) -> str:
        asked.append(len(asked))
        if len(asked) == 1:
            other = Litany(policy=SMALL, store=store, key="shared")
            other.answer(todo("dig out the valve"))
            other.revise(constraints=["Keep the water running."])
        return DONE

    litany = Litany(goal=GOAL, policy=SMALL, store=store, key="shared", summarize=meanwhile)

    view = litany(HOST)

    assert len(asked) == 2
    assert "dig out the valve" in view[-1]["content"]
    assert "Keep the water running." in view[-1]["content"]
    assert [todo.content for todo in litany.agenda.todos] == ["dig out the valve"]
    assert validate("openai", {"messages": view}) == []


def test_of_two_that_compact_at_once_both_get_a_valid_view_and_everything_is_kept(store: Store) -> None:
    together = Barrier(2)

    def work(number: int) -> list[Native]:
        litany = Litany(goal=GOAL, policy=SMALL, store=store, key="shared", summarize=lambda messages, prompt: DONE)
        together.wait(30)
        return litany(HOST)

    with ThreadPoolExecutor(2) as pool:
        views = list(pool.map(work, range(2)))

    late = Litany(policy=SMALL, store=store, key="shared")
    cut = late.state["cut"]
    gone = [HOST[index] for index in range(cut["end"]) if index not in cut["kept"]]
    assert all(GOAL in json.dumps(view) and validate("openai", {"messages": view}) == [] for view in views)
    assert len(gone) > 20
    assert [message for message in gone if late.recall(digest(message))[0].message != message] == []


def test_todos_that_many_add_at_once_are_all_there(store: Store) -> None:
    workers, each = 8, 10
    Litany(goal=GOAL, policy=SMALL, store=store, key="shared")
    start = Barrier(workers)

    def work(number: int) -> None:
        litany = Litany(policy=SMALL, store=store, key="shared")
        start.wait(30)
        for place in range(each):
            litany.answer(todo(f"{number}/{place}", f"call-{number}-{place}"))

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(workers)))

    agenda = Litany(policy=SMALL, store=store, key="shared").agenda
    wanted = {f"{number}/{place}" for number in range(workers) for place in range(each)}
    assert {todo.content for todo in agenda.todos} == wanted
    assert len({todo.id for todo in agenda.todos}) == workers * each
    assert agenda.goal is not None
