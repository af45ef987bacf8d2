"""Recorded runs of real agents, where they are at hand: one in twenty, replayed in two windows without a fault."""

from itertools import islice
from pathlib import Path

import pytest

from litany.replay.find import find
from litany.replay.jobs import Terms, replayed
from litany.replay.read import read
from litany.replay.run import Run

DATA = Path(__file__).parents[3] / "shared" / "data" / "trajectories"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded trajectories are not beside this checkout")


@pytest.mark.parametrize("settings", [{}, {"prefer": "cost"}, {"recite": "every"}])
@pytest.mark.slow
def test_a_sample_of_the_recorded_runs_is_replayed_without_a_fault(settings: dict[str, object]) -> None:
    runs = (item for file in find([DATA]) if isinstance(file, Path) for item in read(file))
    terms = Terms(settings, (8_000, 32_000))

    for run in islice(runs, 3, None, 20):
        assert isinstance(run, Run)
        for walk in replayed(run, terms):
            assert not walk.report.failed, f"{run.source}, run {run.index}, window {walk.report.window}"
