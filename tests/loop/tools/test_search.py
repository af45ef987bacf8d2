"""A search that explodes is ended, and holds up nothing meanwhile."""

import asyncio
import time
from pathlib import Path

import pytest

from litany.loop.tools.files.search import searched
from litany.loop.tools.tool import Told


def test_an_expression_that_explodes_is_ended_and_the_loop_goes_on_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "trap").write_text("a" * 60 + "!")
    ticks = 0

    async def beside() -> None:
        nonlocal ticks

        async def tick() -> None:
            nonlocal ticks
            while True:
                await asyncio.sleep(0.01)
                ticks += 1

        ticking = asyncio.create_task(tick())
        with pytest.raises(Told, match="the search took more than 1 s; name a smaller folder or a simpler text"):
            await asyncio.to_thread(searched, tmp_path, None, "(a+)+$", ".", "*", True, False, seconds=1)
        ticking.cancel()

    before = time.monotonic()
    asyncio.run(beside())

    assert time.monotonic() - before < 10
    assert ticks > 5
