"""The folder of a run: what is said of one that is damaged, and what is read of one that nobody can write."""

import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from litany.errors import StateError
from litany.loop.folder import Folder
from litany.loop.journal import Journal, held
from litany.loop.work import KEY
from litany.stores.reading import kept_state
from tests.loop.runs import END, calls, ran, resumed, says

WHOLE = {"version": 2, "id": "x", "folder": "/", "shell": False, "task": {"goal": "Put.", "model": "pocket"}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"version":1}', "`folder`: field required"),
        ("[]", "input should be an object"),
        ("null", "input should be an object"),
        ('{"vers', "invalid json"),
        ("", "invalid json"),
        ("\udcff", "invalid json"),
        ("[" * 9_000, "invalid json"),
        (json.dumps({**WHOLE, "version": "2"}), "`version`: input should be a valid integer"),
        (json.dumps({**WHOLE, "version": 0}), "version 0"),
        (json.dumps({**WHOLE, "id": ""}), "id ''"),
        (json.dumps({**WHOLE, "folder": 3}), "`folder`: input should be a valid string"),
        (json.dumps({**WHOLE, "task": []}), "`task`: input should be"),
        (json.dumps({**WHOLE, "task": {"model": "pocket"}}), "`goal` is missing"),
        (json.dumps({**WHOLE, "task": {"goal": "x", "model": "pocket", "limits": 3}}), "`limits` is 3"),
        (json.dumps({**WHOLE, "more": 1}), "`more`: unexpected keyword argument"),
    ],
)
def test_a_task_that_is_damaged_is_told_of(text: str, says: str, tmp_path: Path) -> None:
    done = ran(tmp_path, [{"role": "assistant", "content": END}])
    (done.folder.path / "task.json").write_bytes(text.encode("utf-8", "surrogateescape"))

    with pytest.raises(StateError) as told:
        _ = done.folder.order

    assert says in str(told.value)
    assert str(told.value).startswith(f"{done.folder.path}/task.json is damaged (")
    assert "restore a copy of it, or take the folder" in str(told.value)


def test_the_task_of_a_newer_litany_is_not_damaged(tmp_path: Path) -> None:
    done = ran(tmp_path, [says(END)])
    (done.folder.path / "task.json").write_text(json.dumps({"version": 9, "other": 1}))

    with pytest.raises(StateError, match=r"of version 9, and this litany reads 2; upgrade litany"):
        _ = done.folder.order


def test_a_journal_that_is_gone_or_shorter_than_its_checkpoint_is_told_of(tmp_path: Path) -> None:
    done = ran(tmp_path, [calls(("put", {"text": "a"})), says(END)])
    done.folder.journal.unlink()

    with pytest.raises(
        StateError, match=r"journal.sqlite holds 0 messages.*the checkpoint stands at 5.*restore a copy"
    ):
        resumed(done)
    with pytest.raises(StateError, match="holds 0 messages"):
        resumed(done, "Go on.")


@pytest.mark.parametrize(
    "body", [b"no deflate", zlib.compress(b"{no json"), zlib.compress(b"[]"), zlib.compress(b"{}")]
)
def test_a_record_that_is_no_record_is_told_of(body: bytes, tmp_path: Path) -> None:
    done = ran(tmp_path, [says(END)])
    with closing(sqlite3.connect(done.folder.journal)) as connection:
        connection.execute("UPDATE message SET body = ? WHERE place = 1", (body,))
        connection.commit()

    for read in (held, Journal):
        with pytest.raises(StateError, match="damaged"):
            read(done.folder.journal)


def test_the_file_of_another_program_is_no_journal(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "journal.sqlite")) as connection:
        connection.execute("CREATE TABLE message (mine)")

    with pytest.raises(StateError, match="another program"):
        held(tmp_path / "journal.sqlite")


def test_whether_a_run_is_at_work_is_seen_without_a_trace(tmp_path: Path) -> None:
    done = ran(tmp_path, [says(END)])
    with done.folder.alone():
        assert done.folder.busy()
    (done.folder.path / "lock").unlink()
    before = sorted(done.folder.path.iterdir())

    assert not done.folder.busy()
    assert held(done.folder.journal).status == "done"
    assert sorted(done.folder.path.iterdir()) == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("killed", [False, True])
def test_a_run_is_read_where_nothing_can_be_written(killed: bool, tmp_path: Path) -> None:
    done = ran(tmp_path, [calls(("put", {"text": "a"})), says(END)])
    folder = done.folder
    if killed:
        folder = Folder(tmp_path / "store" / "killed")
        with closing(Journal(done.folder.journal)) as journal:  # a log is there as long as it is open
            journal.add(5, {"role": "user", "content": "said last"})
            shutil.copytree(done.folder.path, folder.path)
    with unwritable(folder.path):
        read, state = held(folder.journal), kept_state(folder.state, KEY)
        assert not folder.busy()

    assert read.messages[-1]["content"] == ("said last" if killed else END)
    assert (read.status, read.spent.steps) == ("done", 2)
    assert state is not None
    assert state.agenda.goal is not None
    assert state.agenda.goal.text == "Put a thing."


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Nobody, not even root, can write into the folder or what is in it meanwhile."""
    closed = [path for path in folder.parents if not path.stat().st_mode & 0o001]
    me, own = os.geteuid(), {path: path.stat().st_mode for path in (*folder.rglob("*"), folder, *closed)}
    try:
        for path in (*folder.rglob("*"), folder):
            path.chmod(0o555 if path.is_dir() else 0o444)
        for parent in closed:
            parent.chmod(own[parent] | 0o055)
        if me == 0:
            os.seteuid(65_534)
        yield
    finally:
        os.seteuid(me)
        for path, mode in own.items():
            path.chmod(mode)
