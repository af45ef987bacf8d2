"""The shell, through a toolbox as a model calls it."""

import asyncio
import os
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from litany.loop.tools import Ran, Toolbox, toolbox
from tests.loop.tools.boxes import called, ended, within

SRC = Path(__file__).parents[3] / "src"


def ran(folder: Path, command: object, *, limit: float | None = None, **options: object) -> Ran:
    box = toolbox(["shell"], folder, shell=True, **options)  # type: ignore[arg-type] # each test gives what it needs
    return called(box, "shell", {"command": command} | ({} if limit is None else {"seconds": limit}))


def test_a_command_runs_in_the_work_folder_and_gives_what_it_wrote(tmp_path: Path) -> None:
    assert ran(tmp_path, "pwd; echo wrong >&2") == Ran(f"{tmp_path}\nwrong\n")
    assert ran(tmp_path, "true") == Ran("[no output]")
    assert ran(tmp_path, "cat") == Ran("[no output]")
    assert ran(tmp_path, r"printf '\344\n'") == Ran("\ufffd\n")


def test_a_command_that_failed_says_how(tmp_path: Path) -> None:
    assert ran(tmp_path, "echo a; exit 3") == Ran("a\n\n[exit status 3]", failed=True)
    assert ran(tmp_path, "kill -9 $$") == Ran("[ended by signal SIGKILL]", failed=True)
    assert ran(tmp_path, "kill -40 $$") == Ran("[ended by signal 40]", failed=True)
    assert ran(tmp_path, "no-such-command").text.endswith("[exit status 127]")


def test_a_command_that_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    before = time.monotonic()

    late = ran(tmp_path, "sleep 60 & echo $! > pid; echo begun; sleep 60", seconds=2)

    assert late == Ran("begun\n\n[ended after 2 s, with all that it started]", failed=True)
    assert time.monotonic() - before < 30
    assert ended(tmp_path / "pid")


def test_a_model_may_ask_for_less_time_and_not_for_more(tmp_path: Path) -> None:
    assert "[ended after 0.2 s" in ran(tmp_path, "sleep 5", limit=0.2).text
    assert "[ended after 0.3 s" in ran(tmp_path, "sleep 5", limit=60, seconds=0.3).text


@pytest.mark.parametrize("command", ["sleep 60 & echo $! > pid", "(sleep 60; echo late) & echo $! > pid; echo done"])
def test_what_is_left_in_the_background_is_ended_with_its_command(tmp_path: Path, command: str) -> None:
    before = time.monotonic()

    assert not ran(tmp_path, command).failed
    assert time.monotonic() - before < 30
    assert ended(tmp_path / "pid")


def test_a_command_that_closes_its_output_is_waited_for(tmp_path: Path) -> None:
    assert ran(tmp_path, "exec >&- 2>&-; sleep 0.2; echo > done") == Ran("[no output]")
    assert (tmp_path / "done").exists()


def test_fifty_megabytes_never_lie_in_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        flood = ran(tmp_path, "head -c 50000000 /dev/zero | tr '\\0' m; echo end", longest=100_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert "characters were left out here" in flood.text
    assert flood.text.endswith("mmmend\n")
    assert len(flood.text) < 100_200
    assert peak < 5_000_000


def test_a_cancelled_call_ends_its_command(tmp_path: Path) -> None:
    async def interrupted(box: Toolbox) -> None:
        call = asyncio.create_task(box.call("shell", '{"command": "echo $$ > pid; sleep 60"}', "1"))
        while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()):
            await asyncio.sleep(0.01)
        call.cancel()
        await asyncio.wait({call})

    within(toolbox(["shell"], tmp_path, shell=True), interrupted)

    assert ended(tmp_path / "pid")


def test_a_command_ends_with_the_process_that_runs_it(tmp_path: Path) -> None:
    script = f"""
import asyncio, pathlib
from litany.loop.tools import toolbox
async def main():
    async with toolbox([], pathlib.Path({str(tmp_path)!r}), shell=True) as box:
        await box.call("shell", '{{"command": "echo $$ > pid; echo begun; sleep 60 & sleep 60"}}', "1")
asyncio.run(main())
"""
    running = subprocess.Popen([sys.executable, "-c", script], env={"PYTHONPATH": str(SRC)})
    while not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()):
        assert running.poll() is None
        os.sched_yield()
    running.kill()
    running.wait()

    assert ended(tmp_path / "pid")


def test_the_shells_wait_waits_for_nothing_of_litanys(tmp_path: Path) -> None:
    assert ran(tmp_path, "echo a & wait; echo b; cat") == Ran("a\nb\n")


def test_the_environment_is_what_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "of the run")

    assert ran(tmp_path, "echo $SECRET") == Ran("of the run\n")
    assert ran(tmp_path, "echo $SECRET$OWN", environment={"OWN": "mine"}) == Ran("mine\n")


@pytest.mark.parametrize(
    ("command", "limit", "says"),
    [("", None, "`command` is"), (3, None, "`command` is"), ("a\0b", None, "`command` is"), ("a", -1, "`seconds` is")],
)
def test_arguments_that_do_not_fit_are_told(tmp_path: Path, command: object, limit: float | None, says: str) -> None:
    told = ran(tmp_path, command, limit=limit)

    assert told.failed
    assert told.text.startswith(says)


def test_an_unknown_argument_is_told(tmp_path: Path) -> None:
    box = toolbox(["shell"], tmp_path, shell=True)

    assert called(box, "shell", {"cmd": "ls"}) == Ran(
        "`cmd` is no argument of shell; it takes command, seconds", failed=True
    )


def test_a_work_folder_that_went_away_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    box = toolbox(["shell"], folder, shell=True)
    folder.rmdir()

    assert "could not be started" in called(box, "shell", {"command": "ls"}).text
