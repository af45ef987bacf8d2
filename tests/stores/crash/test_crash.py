"""A store whose process is killed, or whose disk fails, holds the old State or the new one. `make crash`: all n."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from litany import SqliteStore
from tests.stores.crash.script import STEPS, Shown, expected, path, shown

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent
ALL = os.environ.get("CRASH") == "all"
MODES = ("kill", "torn", "full", "broken", "enospc", "eio", "short")
"""Killed before the call, or with half of it done; the disk full, or broken, from there on, or for that call only."""
SPREAD = 5
"""Runs a mode in the default test."""
Job = tuple[str, int, str]


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library that stands between the process and the disk."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("the crash test needs Linux and a C compiler (Debian: apt install gcc libc6-dev)")
    built = tmp_path_factory.mktemp("shim") / "shim.so"
    line = [compiler, "-shared", "-fPIC", "-O1", "-o", str(built), str(HERE / "shim.c"), "-ldl"]
    ran = subprocess.run(line, check=False, capture_output=True, text=True)
    if ran.returncode:
        pytest.skip(f"the C compiler cannot build the shim: {ran.stderr.strip().splitlines()[0]}")
    return built


@pytest.fixture(scope="module")
def writes(shim: Path, tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many calls of the whole script change a file."""
    (told,) = driven(shim, [("count", 0, str(tmp_path_factory.mktemp("count") / "run"))])
    done, number = told[: len(STEPS)], int(told[len(STEPS) :])
    assert done == "d" * len(STEPS)
    assert number > 100, "the shim sees the store's writes"
    return number


def driven(shim: Path, jobs: list[Job]) -> list[str]:
    """What each run left in its log."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.stores.crash.driver"],
        input=json.dumps(jobs),
        env={**os.environ, "LD_PRELOAD": str(shim)},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    logs: list[str] = json.loads(ran.stdout)
    return logs


def spread(most: int, mode: str) -> list[int]:
    """Every n, or some of them from the first to the last, in each mode others."""
    if ALL:
        return list(range(1, most + 1))
    first = 1 + MODES.index(mode) * (most // SPREAD) // len(MODES)
    return list(range(first, most, most // SPREAD))


def held(folder: Path) -> Shown:
    """What the store holds, opened as any process opens it, and sound in every page."""
    store = SqliteStore(path(folder))
    out = shown(store)
    store.close()
    connection = sqlite3.connect(path(folder))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.execute("INSERT INTO word (word) VALUES ('integrity-check')")
    connection.close()
    return out


def searchable(folder: Path, contents: Shown) -> bool:
    """Whether every kept message is found by its word."""
    store = SqliteStore(path(folder))
    out = all(
        [found.index for found in store.search(key, f"canary{item.index}")][:1] == [item.index]
        for key, (_, kept, _) in contents.items()
        for item in kept[::9]
    )
    store.close()
    return out


def ran(shim: Path, mode: str, numbers: list[int], folder: Path) -> list[tuple[str, Path]]:
    folders = [folder / f"{mode}{n}" for n in numbers]
    return list(
        zip(
            driven(shim, [(mode, n, str(each)) for n, each in zip(numbers, folders, strict=True)]), folders, strict=True
        )
    )


@pytest.mark.parametrize("mode", MODES[:4])
def test_a_store_that_was_stopped_at_any_write_holds_the_old_state_or_the_new_one(
    mode: str, shim: Path, writes: int, tmp_path: Path
) -> None:
    after = expected()
    numbers = spread(writes, mode)

    for n, (log, folder) in zip(numbers, ran(shim, mode, numbers, tmp_path), strict=True):
        contents, done = held(folder), log.count("d")
        assert set(log) <= {"d", "e"}, f"{mode} at write {n}: {log}"
        assert done < len(STEPS) or mode in ("full", "broken"), "a killed process does not end"
        assert contents in after[done : done + 2], f"{mode} at write {n}, after step {done}"
        assert searchable(folder, contents), f"{mode} at write {n}"
        shutil.rmtree(folder)


@pytest.mark.parametrize("mode", MODES[4:])
def test_a_write_that_failed_can_be_repeated_and_the_store_ends_as_if_nothing_had_happened(
    mode: str, shim: Path, writes: int, tmp_path: Path
) -> None:
    last = expected()[-1]
    numbers = spread(writes, mode)
    logs = ran(shim, mode, numbers, tmp_path)

    assert any("e" in log for log, _ in logs) or mode == "short", "the store tells of a disk that fails"
    for n, (log, folder) in zip(numbers, logs, strict=True):
        assert log.replace("er", "d") == "d" * len(STEPS), f"{mode} at write {n}: {log}"
        assert held(folder) == last, f"{mode} at write {n}"
        shutil.rmtree(folder)


def test_a_store_that_was_killed_at_any_moment_holds_the_old_state_or_the_new_one(shim: Path, tmp_path: Path) -> None:
    after = expected()
    moments = [500 + 97 * step * (1 if ALL else 25) for step in range(1_000 if ALL else SPREAD)]

    for moment, (log, folder) in zip(moments, ran(shim, "timer", moments, tmp_path), strict=True):
        done = log.count("d")
        assert held(folder) in after[done : done + 2], f"killed after {moment} microseconds, after step {done}"
        shutil.rmtree(folder)
