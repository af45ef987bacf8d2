"""Aside: work of threads, beside the loop of tasks."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

MOMENT = 0.003
"""Seconds for which the loop itself waits: most requests are planned in a third of it, and waking takes long too."""
Given = ParamSpec("Given")
Made = TypeVar("Made")


class Aside:
    """Threads for work that may take long, and mostly does not."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(thread_name_prefix="litany")
        self._under_way = 0

    async def done(self, work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made:
        """What the work gives: at once when that is a matter of a moment, and no other is waited for."""
        doing = self._pool.submit(work, *given, **named)
        if not self._under_way:
            with suppress(TimeoutError):
                return doing.result(MOMENT)
        self._under_way += 1
        try:
            return await asyncio.wrap_future(doing)
        finally:
            self._under_way -= 1

    def close(self) -> None:
        """Takes no more work; what is under way goes on to its end."""
        self._pool.shutdown(wait=False)
