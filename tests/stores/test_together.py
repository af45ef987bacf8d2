"""Many processes and threads on one file: nothing vanishes, and nothing crosses."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from litany import SqliteStore
from tests.stores.worker import talk

ROOT = Path(__file__).parent.parent.parent


def together(*lines: list[str]) -> list[Any]:
    """What each of the processes printed; they run at the same time."""
    command = [sys.executable, "-m", "tests.stores.worker"]
    running = [subprocess.Popen([*command, *line], cwd=ROOT, stdout=subprocess.PIPE, text=True) for line in lines]
    out = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0] * len(lines)
    return [json.loads(said) for said, _ in out]


def notes(path: Path) -> list[str]:
    held = SqliteStore(path).load("talk")
    assert held is not None
    return [note.text for note in held[1].agenda.notes]


def sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def test_eight_processes_on_one_new_file_are_each_sent_what_they_are_sent_alone(tmp_path: Path) -> None:
    path = tmp_path / "s"
    names = [[f"canary{process}{thread}x" for thread in "ab"] for process in range(8)]

    for own, (same, crossed) in zip(names, together(*(["alone", str(path), *own] for own in names)), strict=True):
        assert same == dict.fromkeys(own, True)
        assert crossed == []
    store = SqliteStore(path)
    assert store.names() == sorted(name for own in names for name in own)
    for key in store.names():
        kept = store.kept(key)
        assert kept
        assert all(key in item.plain and item.plain.count("canary") == item.plain.count(key) for item in kept)
    assert sound(path)


def test_two_processes_on_one_conversation_lose_none_of_what_either_wrote(tmp_path: Path) -> None:
    path = tmp_path / "s"
    together(["notes", str(path), "one", "40"], ["notes", str(path), "two", "40"])

    assert sorted(notes(path)) == sorted(f"{name}-{n}" for name in ("one", "two") for n in range(40))
    left = {item.index: json.loads(item.plain) for item in SqliteStore(path).kept("talk")}
    assert left
    assert all(message == talk("leak")[index] for index, message in left.items())
    assert sound(path)


def test_a_store_may_be_carried_over_a_fork(tmp_path: Path) -> None:
    path = tmp_path / "s"
    together(["forks", str(path)])

    assert sorted(notes(path)) == sorted(f"{name}-{n}" for name in ("parent", "child") for n in range(30))
    assert sound(path)
