"""The file of a store: versions and migrations, files that are no store, and what is said of them."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from litany import SqliteStore
from litany.errors import StateError
from litany.stores.schema import APPLICATION, VERSION
from tests.stores.fixtures.make import BEGUN, HERE, KEPT, made


def asked(path: Path, statement: str) -> list[object]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


@pytest.mark.parametrize("version", range(VERSION + 1))
def test_a_store_of_every_version_opens_with_all_that_it_held(version: int, tmp_path: Path) -> None:
    path = Path(shutil.copy(HERE / f"v{version}.litany", tmp_path))
    store = SqliteStore(path)

    assert store.names() == ["run/7", "run/8"]
    assert (store.load("run/7") or (0, None))[1] == BEGUN
    assert store.find("run/7", "sfirst") == list(KEPT)
    assert store.search("run/7", "leaks") == [KEPT[0]]
    assert store.search("run/8", "数据库") == []
    assert asked(path, "PRAGMA user_version") == [(VERSION,)]


def test_the_fixture_of_this_version_is_what_this_litany_writes(tmp_path: Path) -> None:
    def tables(path: Path) -> list[object]:
        return asked(path, "SELECT name, sql FROM sqlite_master ORDER BY name")

    made(tmp_path / "new.litany")
    shutil.copy(HERE / f"v{VERSION}.litany", tmp_path / "kept.litany")
    shutil.copy(HERE / "v0.litany", tmp_path / "old.litany")
    SqliteStore(tmp_path / "old.litany").close()

    assert tables(tmp_path / "new.litany") == tables(tmp_path / "kept.litany")
    assert tables(tmp_path / "new.litany") == tables(tmp_path / "old.litany")


def test_a_newer_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "new.litany"
    made(path)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(StateError, match=f"version {VERSION + 1}, made by a newer litany"):
        SqliteStore(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"role,content\nuser,hello\n" * 9, "not an SQLite file", id="text"),
        pytest.param(b"\x00" * 4_096, "not an SQLite file", id="zeros"),
    ],
)
def test_a_file_that_is_no_store_is_refused_and_left_as_it_is(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(StateError, match=says):
        SqliteStore(path)
    assert path.read_bytes() == content


def test_the_file_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE mine (x)")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(StateError, match="another program"):
        SqliteStore(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["other.db"]


def test_a_folder_a_missing_folder_and_no_path_are_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="is a folder"):
        SqliteStore(tmp_path)
    with pytest.raises(StateError, match="there is no folder"):
        SqliteStore(tmp_path / "nowhere" / "s")
    with pytest.raises(StateError, match="there is no store"):
        SqliteStore(tmp_path / "s", create=False)
    with pytest.raises(StateError, match="MemoryStore"):
        SqliteStore(":memory:")


def read(path: Path) -> None:
    store = SqliteStore(path)
    for key in store.names():
        store.load(key)
        store.kept(key)
        store.search(key, "leaks")


@pytest.mark.parametrize("page", [0, 1, 2, 4])
def test_a_damaged_file_is_told_and_never_overwritten(page: int, tmp_path: Path) -> None:
    path = tmp_path / "s"
    made(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: page * 4_096 + 100 * (page == 0)] + b"\xff" * 4_000 + whole[(page + 1) * 4_096 :])
    before = path.read_bytes()

    with pytest.raises(StateError, match=f"{path}"):
        read(path)
    assert path.read_bytes() == before


def test_a_state_that_was_tampered_with_is_told(tmp_path: Path) -> None:
    made(tmp_path / "s")
    connection = sqlite3.connect(tmp_path / "s")
    connection.execute("UPDATE conversation SET state = x'789c'")
    connection.commit()
    connection.close()

    with pytest.raises(StateError, match="damaged"):
        SqliteStore(tmp_path / "s").load("run/7")


def test_a_file_that_cannot_be_written_is_told_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "s"
    made(path)
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    me = os.geteuid()
    try:
        for folder in (tmp_path, *list(tmp_path.parents)[:3]):
            folder.chmod(folder.stat().st_mode | 0o055)
        if me == 0:
            os.seteuid(65_534)  # root writes everywhere
        with pytest.raises(StateError, match=r"cannot be (read or )?written"):
            SqliteStore(path)
    finally:
        os.seteuid(me)
        tmp_path.chmod(0o755)


def test_a_store_bears_its_own_mark_and_keeps_a_log(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "s").close()
    connection = sqlite3.connect(tmp_path / "s")

    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_durable_store_waits_for_the_disk(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "s", durable=True)

    with store._file.bare() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_new_store_and_its_log_are_for_their_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = SqliteStore(tmp_path / "s")
        store.save("talk", 0, BEGUN, KEPT, "")
    finally:
        os.umask(before)

    assert modes(tmp_path) == {"s": 0o600, "s-wal": 0o600, "s-shm": 0o600}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_store_that_exists_keeps_the_mode_that_it_was_given(tmp_path: Path) -> None:
    made(tmp_path / "s")
    (tmp_path / "s").chmod(0o640)
    store = SqliteStore(tmp_path / "s")
    store.load("run/7")

    assert modes(tmp_path) == {"s": 0o640, "s-wal": 0o640, "s-shm": 0o640}
