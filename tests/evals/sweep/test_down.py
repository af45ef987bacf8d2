"""A provider that is down ends a sweep early, and a later run asks what is left."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from litany.core.completion import Completion
from litany.evals.sweep import Pace, run
from litany.evals.sweep.shift import DOWN
from tests.evals.sweep.parts import PARTS, SUITE, HttpError, Model, Still


@pytest.mark.parametrize("workers", [1, 4])
def test_a_sweep_ends_when_nothing_is_answered(workers: int, tmp_path: Path) -> None:
    suite = replace(SUITE, pace=Pace(workers=workers))

    ran = run(suite, Model(errors=[HttpError(401, "bad key")] * 60), tmp_path, parts=PARTS)

    assert ran.stopped == "down"
    assert DOWN <= ran.errors <= DOWN + workers
    assert (ran.left, ran.again) == (60, ran.errors), "what is asked again is left"
    again = run(suite, Model(), tmp_path, parts=PARTS)
    assert (again.stopped, again.now, again.errors) == (None, 60, 0), "they are asked again, and so is what was left"


def test_a_provider_that_goes_down_keeps_what_it_answered(tmp_path: Path) -> None:
    class Falling(Model):
        def __init__(self) -> None:
            super().__init__()
            self.calls = count()

        def said(self, messages: Sequence[Any]) -> Completion:
            if next(self.calls) >= 10:
                raise ConnectionError("reset")
            return super().said(messages)

    suite = replace(SUITE, pace=Pace(workers=1, retries=1))

    ran = run(suite, Falling(), tmp_path, parts=PARTS, clock=Still())

    assert (ran.stopped, ran.now, ran.errors) == ("down", 10 + DOWN, DOWN)


def test_an_answer_now_and_then_keeps_a_sweep_going(tmp_path: Path) -> None:
    class Moody(Model):
        def __init__(self) -> None:
            super().__init__()
            self.calls = count()

        def said(self, messages: Sequence[Any]) -> Completion:
            if next(self.calls) % (DOWN - 1):
                raise HttpError(401, "bad key")
            return super().said(messages)

    ran = run(replace(SUITE, pace=Pace(workers=1)), Moody(), tmp_path, parts=PARTS)

    assert (ran.stopped, ran.now, ran.errors) == (None, 60, 56)
