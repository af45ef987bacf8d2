"""Asking: one answer of a model."""

import asyncio
import threading
import time
from collections.abc import Sequence

from litany.loop.asking import Asking
from litany.models.agent import Agent


def test_a_model_that_does_not_answer_holds_up_nobody_who_leaves() -> None:
    never = threading.Event()

    def silent(_messages: Sequence[object], _tools: Sequence[object]) -> str:
        never.wait(5)
        return "too late"

    async def left() -> None:
        asked = asyncio.create_task(Asking([Agent(silent)], lambda kind, **fields: None)([], [], 0))
        await asyncio.sleep(0.1)
        asked.cancel()
        await asyncio.wait([asked])

    before = time.monotonic()
    asyncio.run(left())
    took = time.monotonic() - before
    never.set()

    assert took < 4
