"""A run whose process is killed goes on as if nothing had happened. `make soak-loop`: 200 points and more."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from litany import SqliteStore
from litany.adapters.langgraph import Steps
from litany.core.agenda import Agenda
from litany.core.state import State
from litany.loop.folder import Folder
from litany.loop.journal import Journal, Message
from litany.loop.prompt import UNKNOWN
from litany.loop.work import KEY
from tests.stores.crash.test_crash import shim as shim  # noqa: PLC0414 -- a fixture, known here by its name

ROOT = Path(__file__).parent.parent.parent.parent
ALL = os.environ.get("CRASH") == "all"
POINTS, WRITES = (60, 150) if ALL else (12, 8)
"""How many points within model, tools and compactions, and how many writes of a file, a run is killed at."""
Kills = Sequence[tuple[str, int]]
GO_ON = ("", 0)
DONE = {"status": "done", "seen": 0, "ends": []}


def driven(jobs: Sequence[tuple[Path, Kills]], preload: Path | None = None) -> list[Any]:
    """What the processes of each job told."""
    given = json.dumps([(str(folder), list(kills)) for folder, kills in jobs])
    beside = {"LD_PRELOAD": str(preload)} if preload else {}
    line = [sys.executable, "-W", "ignore", "-m", "tests.loop.crash.driver"]
    ran = subprocess.run(
        line, input=given, env={**os.environ, **beside}, cwd=ROOT, check=True, capture_output=True, text=True
    )
    told: list[Any] = json.loads(ran.stdout)
    return told


def record(folder: Path) -> list[Message]:
    """The record as it lies on the disk."""
    return messages(Folder(folder / "run"))


def messages(run: Folder) -> list[Message]:
    """The record of a run or of a sub-task."""
    with closing(Journal(run.journal, create=False)) as journal:
        return list(journal.messages)


def joined(folder: Path) -> list[Message]:
    """The record, and that of the sub-task where it was given away: all answers in their order."""
    own = record(folder)
    (part,) = Folder(folder / "run").children()
    at = next(n for n, message in enumerate(own, 1) if "'subtask'" in str(message.get("tool_calls")))
    return [*own[:at], *messages(part), *own[at:]]


def state(run: Folder) -> State:
    """The State of a run or of a sub-task, as it lies on the disk."""
    with closing(SqliteStore(run.state)) as store:
        held = store.load(KEY)
    assert held is not None
    return held[1]


def agendas(folder: Path) -> list[Agenda]:
    """The agenda of the run, and that of the sub-task."""
    run = Folder(folder / "run")
    return [state(each).agenda for each in (run, *run.children())]


def views(folder: Path) -> dict[int, str]:
    """The views that the model was sent last, by the number of its answer; the marks of the sessions left out."""
    lines = [json.loads(line) for line in (folder / "views").read_text().splitlines()]
    run = Folder(folder / "run")
    marks = re.compile("|".join(re.escape(state(each).mark) for each in (run, *run.children())))
    return {place: marks.sub("MARK", json.dumps(view)) for place, view in lines}


def effects(folder: Path) -> list[str]:
    """What was done outside."""
    path = folder / "effects"
    return path.read_text().splitlines() if path.exists() else []


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, int]:
    """A run that nothing stopped, how many points it passed, and the one at which its sub-task had just ended."""
    folder = tmp_path_factory.mktemp("whole") / "job"
    ((told,),) = driven([(folder, [("point", 0)])])
    assert told["status"] == "done"
    assert any(name == "user" and "still open" in text for name, text in said(record(folder)))
    assert any("ended as: asks" in text for name, text in said(record(folder)) if name == "tool")
    return folder, told["seen"], told["ends"][0]


def said(messages: Sequence[Message]) -> list[tuple[str, str]]:
    return [(message["role"], str(message["content"])) for message in messages]


def judged(folder: Path, whole: Path) -> None:
    """After the kill and the resume nothing is lost, nothing is done twice, and the model was sent the same."""
    expected, got = joined(whole), joined(folder)
    unknown = [place for place, message in enumerate(got) if message["content"] == UNKNOWN.format(tool="put")]
    assert len(unknown) <= 1, "one process was killed"
    assert [m for n, m in enumerate(got) if n not in unknown] == [m for n, m in enumerate(expected) if n not in unknown]
    assert agendas(folder) == agendas(whole)
    put = [line for line in effects(folder) if line.startswith("put")]
    assert len(put) == len(set(put)), "an effect was made twice"
    assert len(put) >= 13 - len(unknown), "an effect is missing"
    until = min((answer_of(got, place) for place in unknown), default=99)
    sent, before = views(folder), views(whole)
    assert all(view == before[place] for place, view in sent.items() if place < until)


def answer_of(messages: Sequence[Message], place: int) -> int:
    """The number of the answer that is the next one behind this place."""
    return sum(message["role"] == "assistant" for message in messages[:place])


def test_a_run_that_is_killed_in_the_model_in_a_tool_or_in_a_compaction_goes_on_as_if_it_was_not(
    whole: tuple[Path, int, int], tmp_path: Path
) -> None:
    folder, most, ends = whole
    numbers = sorted({ends, *(1 + n * (most - 1) // (POINTS - 1) for n in range(POINTS))})
    folders = [tmp_path / f"point{n}" for n in numbers]

    told = driven([(each, [("point", n), GO_ON]) for each, n in zip(folders, numbers, strict=True)])

    for each, n, (killed, ended) in zip(folders, numbers, told, strict=True):
        assert killed is None, f"point {n}: {killed}"
        assert ended == DONE, f"point {n}: {ended}"
        judged(each, folder)


def test_right_after_the_kill_the_run_stands_where_its_last_completed_step_left_it(
    whole: tuple[Path, int, int], tmp_path: Path
) -> None:
    folder, most, _ = whole
    expected = record(folder)
    numbers = range(2, most, max(1, most // (60 if ALL else 6)))

    driven([(tmp_path / f"n{n}", [("point", n)]) for n in numbers])

    for n in numbers:
        run = Folder(tmp_path / f"n{n}" / "run")
        got = record(run.path.parent)
        with closing(Steps(run.steps, {})) as steps:
            held = steps.held()
        at = 2 if held is None else held["at"]
        assert got == expected[: len(got)]
        assert at <= len(got) <= at + 3, "nothing but the step that was under way lies behind the checkpoint"


def test_a_run_that_is_killed_between_any_two_writes_goes_on_as_if_it_was_not(
    whole: tuple[Path, int, int], shim: Path, tmp_path: Path
) -> None:
    ((counted,),) = driven([(tmp_path / "count", [("count", 0)])], shim)
    most = counted["seen"]
    assert most > 150, "the shim sees the writes"
    numbers = sorted({3 + n * (most - 4) // (WRITES - 1) for n in range(WRITES)})
    jobs = [(tmp_path / f"write{n}", [(("kill", "torn")[n % 2], n), GO_ON]) for n in numbers]

    for (each, _), n, (killed, ended) in zip(jobs, numbers, driven(jobs, shim), strict=True):
        assert killed is None, f"write {n} of {most}: {killed}"
        assert ended == DONE, f"write {n} of {most}: {ended}"
        judged(each, whole[0])
        shutil.rmtree(each)


def test_a_disk_that_fails_is_told_of_and_the_run_goes_on_when_it_is_well_again(
    whole: tuple[Path, int, int], shim: Path, tmp_path: Path
) -> None:
    jobs = [(tmp_path / f"{mode}{n}", [(mode, n), GO_ON]) for mode in ("full", "broken") for n in (60, 150, 210)]

    for (each, ((mode, n), _)), (failed, ended) in zip(jobs, driven(jobs, shim), strict=True):
        assert "StateError" in failed["error"], f"{mode} at write {n}: {failed}"
        assert ended == DONE, f"{mode} at write {n}: {ended}"
        judged(each, whole[0])
