"""Work of threads, beside the loop of tasks."""

import asyncio
from threading import Event

import pytest

from litany.serve.aside import Aside


def test_the_loop_goes_on_while_a_thread_takes_long() -> None:
    async def run() -> list[bool]:
        aside, begun, free = Aside(), Event(), Event()

        def long() -> bool:
            begun.set()
            return free.wait(60)

        doing = [asyncio.ensure_future(aside.done(long)), asyncio.ensure_future(aside.done(free.wait, 60))]
        quick = await aside.done(begun.wait, 60)
        free.set()
        done = [quick, *await asyncio.gather(*doing)]
        aside.close()
        return done

    assert asyncio.run(run()) == [True, True, True]


def test_what_goes_wrong_is_raised_where_it_was_asked_for() -> None:
    async def run() -> None:
        await Aside().done(int, "no number")

    with pytest.raises(ValueError, match="no number"):
        asyncio.run(run())


def test_work_that_nobody_waits_for_any_more_goes_on_and_the_next_is_served() -> None:
    async def run() -> tuple[bool, int]:
        aside, free, done = Aside(), Event(), Event()

        def long() -> None:
            free.wait(60)
            done.set()

        doing = asyncio.ensure_future(aside.done(long))
        await asyncio.sleep(0)
        doing.cancel()
        await asyncio.wait((doing,))
        free.set()
        return await aside.done(done.wait, 60), await aside.done(max, 1, 2)

    assert asyncio.run(run()) == (True, 2)
