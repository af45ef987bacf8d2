"""The recorded runs of real agents, where they are at hand: every one is read, in the format it was written in."""

from collections import Counter
from pathlib import Path

import pytest

from litany.replay.find import find
from litany.replay.read import read
from litany.replay.run import Run
from litany.testing import validate

DATA = Path(__file__).parents[3] / "shared" / "data" / "trajectories"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded trajectories are not beside this checkout")


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    found = [item for file in find([DATA]) if isinstance(file, Path) for item in read(file)]
    assert all(isinstance(item, Run) for item in found)
    return [item for item in found if isinstance(item, Run)]


def test_every_run_is_read_in_its_format(runs: list[Run]) -> None:
    assert Counter(run.format for run in runs) == {
        "openai": 204,
        "anthropic": 4,
        "tau2": 279,
        "swe-agent": 25,
        "mini-swe-agent": 49,
        "who-and-when": 58,
    }


def test_every_run_is_valid_in_its_dialect(runs: list[Run]) -> None:
    for run in runs:
        request = {"messages": list(run.messages), **({"system": run.system} if run.system else {})}
        assert validate(run.dialect, request, open_tail="allow") == [], f"{run.source} {run.index}"


def test_the_goal_drift_runs_name_their_system_message_as_the_goal(runs: list[Run]) -> None:
    named = [run for run in runs if run.goal_is_system]

    assert len(named) == 8
    assert {Path(run.source).parent.name for run in named} == {"goal_drift_agents"}


def test_the_text_only_agents_are_twenty_of_the_swe_agent_runs(runs: list[Run]) -> None:
    assert Counter(run.format for run in runs if run.observations == "user") == {"swe-agent": 20}
    assert sum(len(run.demonstrations) for run in runs) == 5
