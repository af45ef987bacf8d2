"""Work on threads: what it gives or raises reaches whoever waits."""

import asyncio

import pytest

from litany.loop.tools.threads import Work


def raising(error: BaseException) -> None:
    raise error


def test_what_it_gives_is_given() -> None:
    assert asyncio.run(Work(lambda: 3, "work").done()) == 3


@pytest.mark.parametrize("error", [OSError("full"), KeyboardInterrupt(), SystemExit(2), StopIteration(1)])
def test_what_it_raises_is_raised_and_nobody_waits_for_ever(error: BaseException) -> None:
    with pytest.raises((OSError, RuntimeError), match=r"full|KeyboardInterrupt|SystemExit|StopIteration"):
        asyncio.run(Work(lambda: raising(error), "work").done())
