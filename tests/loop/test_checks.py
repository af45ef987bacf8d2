"""Checks: what a task names as its end."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from litany.loop.checks import unmet
from litany.loop.task import Check
from tests.loop.tools.boxes import ended

ROOT = Path(__file__).parents[2]


def checked(at: Path, *checks: Check, seconds: float = 30.0) -> list[str]:
    return asyncio.run(unmet(checks, at, seconds))


def test_what_holds_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("x")
    (tmp_path / "ends.py").write_text("def all_is_well():\n    return True\nasync def later():\n    return True\n")
    held = [Check(shell="test -f there"), Check(python="ends:all_is_well"), Check(python="ends:later")]

    assert checked(tmp_path, *held, Check(file="there")) == []


def test_what_does_not_hold_says_why(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "bad.py").write_text("def one():\n    return 1\ndef breaks():\n    raise KeyError('x')\n")

    assert checked(tmp_path, Check(file="empty"), Check(file="none")) == [
        "file = empty: it is empty",
        "file = none: there is none",
    ]
    assert checked(tmp_path, Check(python="bad:one"), Check(python="bad:breaks"), Check(python="bad:none")) == [
        "python = bad:one: it gave 1",
        "python = bad:breaks: KeyError: 'x'",
        "python = bad:none: bad has no 'none'",
    ]


def test_a_command_that_never_ends_is_ended_with_all_that_it_began(tmp_path: Path) -> None:
    (told,) = checked(tmp_path, Check(shell="sleep 3600 & echo $! > pid; wait"), seconds=2)

    assert "not done within 2 seconds" in told
    assert ended(tmp_path / "pid")


def test_what_a_function_does_to_its_process_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text(
        "import os, sys, threading, time\n"
        "def leaves(): sys.exit(0)\n"
        "def dies(): os._exit(0)\n"
        "def fails(): os._exit(3)\n"
        "def kills(): os.kill(os.getpid(), 9)\n"
        "def speaks(): print('two are left'); return False\n"
        "def truthy(): return 'True'\n"
        "def lingers(): threading.Thread(target=time.sleep, args=(3600,)).start(); return True\n"
    )
    names = ("leaves", "dies", "fails", "kills", "speaks", "truthy", "lingers")

    told = checked(tmp_path, *(Check(python=f"odd:{name}") for name in names))

    assert [line.partition(": ")[2] for line in told] == [
        "it called sys.exit(0) and gave nothing; return True instead",
        "it ended its own process and gave nothing; return True instead",
        "exit status 3",
        "ended by signal SIGKILL",
        "it gave False, it said: two are left",
        "it gave 'True'",
    ]


def test_a_module_that_is_not_there_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "half.py").write_text("import none_such\n")
    (tmp_path / "json.py").write_text("raise OSError\n")  # a file of the agent's hides no module from litany

    assert checked(tmp_path, Check(python="missing:f"), Check(python="half:f")) == [
        "python = missing:f: there is no module 'missing'",
        "python = half:f: there is no module 'none_such'",
    ]


def test_a_function_sees_the_code_as_it_is_now_and_what_litany_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, library = tmp_path / "work", tmp_path / "library"
    at.mkdir()
    library.mkdir()
    monkeypatch.syspath_prepend(library)
    (library / "wanted_by_a_check.py").write_text("ANSWER = 42\n")
    (at / "sol.py").write_text("def answer(): return 41\n")
    (at / "chk.py").write_text("import sol, wanted_by_a_check as w\ndef right(): return sol.answer() == w.ANSWER\n")
    check = Check(python="chk:right")

    before = checked(at, check)
    (at / "sol.py").write_text("def answer(): return 42\n")

    assert (before, checked(at, check)) == (["python = chk:right: it gave False"], [])


def test_a_function_that_never_returns_is_ended(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text("def f():\n    while True: pass\n")

    assert checked(tmp_path, Check(python="endless:f"), seconds=0.3) == [
        "python = endless:f: not done within 0.3 seconds"
    ]


BUSY = """
import os, subprocess
from pathlib import Path
def f():
    begun = subprocess.Popen(["sleep", "3600"])
    Path("python").write_text(f"{begun.pid}\\n")
    while True: pass
"""
BOTH = (Check(shell="sleep 3600 & echo $! > shell; wait"), Check(python="busy:f"))


def test_who_waits_no_longer_ends_a_check_with_all_that_it_began(tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text(BUSY)

    async def left() -> None:
        waiting = [asyncio.create_task(unmet([check], tmp_path)) for check in BOTH]
        while not all(number(tmp_path / name) for name in ("shell", "python")):
            await asyncio.sleep(0.01)
        for each in waiting:
            each.cancel()
        await asyncio.wait(waiting)

    asyncio.run(left())

    assert ended(tmp_path / "shell")
    assert ended(tmp_path / "python")


def test_a_check_ends_with_the_process_that_waits_for_it(tmp_path: Path) -> None:
    (tmp_path / "busy.py").write_text(BUSY)
    script = f"""
import asyncio, pathlib
from litany.loop.checks import unmet
from tests.loop.test_checks import BOTH
async def main():
    await asyncio.gather(*(unmet([check], pathlib.Path({str(tmp_path)!r})) for check in BOTH))
asyncio.run(main())
"""
    running = subprocess.Popen([sys.executable, "-c", script], env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"})
    while not all(number(tmp_path / name) for name in ("shell", "python")):
        assert running.poll() is None
        os.sched_yield()
    running.kill()
    running.wait()

    assert ended(tmp_path / "shell")
    assert ended(tmp_path / "python")


def test_a_work_folder_that_went_away_is_told(tmp_path: Path) -> None:
    (told,) = checked(tmp_path / "none", Check(shell="true"))

    assert "it could not be started" in told


def number(written: Path) -> str:
    return written.read_text().strip() if written.exists() else ""
