"""Nothing leads out of the work folder: any path, any links, also while another program exchanges folders for links."""

import contextlib
import os
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litany.loop.tools.files.confined import Folder
from litany.loop.tools.tool import Told

PARTS = st.sampled_from(
    ["a", "b", "in", "out", "up", "self", "..", ".", "", "secret", "inside", "outside", "\0", "loop"]
)
PATHS = st.lists(PARTS, max_size=6).map("/".join) | st.text(max_size=20)


def world(root: Path) -> Path:
    """A work folder full of links, beside a folder with a secret."""
    work, outside = root / "inside", root / "outside"
    (work / "a" / "b").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (work / "a" / "plain").write_text("plain")
    links = {"out": "../outside", "up": "..", "self": ".", "loop": "loop", "a/out": str(outside), "a/in": str(work)}
    links |= {"in": "a/b/../b", "secret": "../outside/secret", "a/b/a": "../../../inside/a", "b": "a/up"}
    for name, target in links.items():
        (work / name).symlink_to(target)
    return work


def seen(folder: Folder, path: str) -> os.stat_result | None:
    try:
        with folder.opened(path) as number:
            return os.fstat(number)
    except Told:
        return None


@given(PATHS, st.sampled_from(["", "/", "work"]))
def test_no_path_is_read_outside(path: str, before: str) -> None:
    with TemporaryDirectory() as root:
        work = world(Path(root))
        before = f"{work}/" if before == "work" else before
        inside = {(known.st_dev, known.st_ino) for known in [work.stat(), *(p.lstat() for p in work.rglob("*"))]}

        found = seen(Folder(work), before + path)

        assert found is None or (found.st_dev, found.st_ino) in inside


@given(PATHS)
def test_no_path_is_written_outside(path: str) -> None:
    with TemporaryDirectory() as root:
        work = world(Path(root))

        with contextlib.suppress(Told):
            Folder(work).write(path, b"written")

        assert sorted(entry.name for entry in Path(root).iterdir()) == ["inside", "outside"]
        assert [entry.name for entry in (Path(root) / "outside").iterdir()] == ["secret"]
        assert (Path(root) / "outside" / "secret").read_text() == "secret"


@pytest.mark.parametrize("path", ["in", "self/a/plain", "a/in/a/plain", "self/self/in"])
def test_a_link_that_stays_inside_is_followed(tmp_path: Path, path: str) -> None:
    assert seen(Folder(world(tmp_path)), path) is not None


def test_a_write_through_a_link_changes_what_it_leads_to_and_keeps_the_link(tmp_path: Path) -> None:
    work = world(tmp_path)
    (work / "alias").symlink_to("a/plain")

    Folder(work).write("alias", b"new")

    assert (work / "alias").is_symlink()
    assert (work / "a" / "plain").read_text() == "new"


def test_a_hard_link_to_what_lies_outside_is_not_written_through(tmp_path: Path) -> None:
    work = world(tmp_path)
    os.link(tmp_path / "outside" / "secret", work / "hard")

    Folder(work).write("hard", b"new")

    assert (tmp_path / "outside" / "secret").read_text() == "secret"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("../outside/secret", "goes up by `..`"),
        ("a/../a/plain", "goes up by `..`"),
        ("/etc/passwd", "lies outside the work folder"),
        ("out/secret", "leads out of the work folder by a link"),
        ("a/out", "leads out of the work folder by a link"),
        ("secret", "leads out of the work folder by a link"),
        ("loop", "leads through too many links"),
        ("a/plain/x", "there is no a/plain/x in the work folder"),
        ("x" * 300, "File name too long"),
    ],
)
def test_why_a_path_is_refused_is_told(tmp_path: Path, path: str, says: str) -> None:
    with pytest.raises(Told, match=says), Folder(world(tmp_path)).opened(path):
        pass


def test_a_folder_that_is_exchanged_for_a_link_meanwhile_leads_nowhere(tmp_path: Path) -> None:
    work = world(tmp_path)
    folder, stop = Folder(work), threading.Event()
    (work / "swap").mkdir()
    (work / "swap" / "secret").write_text("own")
    (work / "trap").symlink_to("../outside")

    def exchange() -> None:
        steps = (("swap", "held"), ("trap", "swap"), ("swap", "trap"), ("held", "swap"))
        while not stop.is_set():
            for old, new in steps:
                with contextlib.suppress(OSError):  # the write has made a folder in between
                    os.rename(work / old, work / new)

    thread = threading.Thread(target=exchange)
    thread.start()
    try:
        for _ in range(300):
            with contextlib.suppress(Told):
                folder.write("swap/secret", b"new")
            with contextlib.suppress(Told), folder.opened("swap/secret") as number:
                assert os.read(number, 10) in (b"own", b"new")
    finally:
        stop.set()
        thread.join()

    assert (tmp_path / "outside" / "secret").read_text() == "secret"
    assert os.listdir(tmp_path / "outside") == ["secret"]


def test_a_write_is_the_old_text_or_the_new_one_to_whoever_reads_meanwhile(tmp_path: Path) -> None:
    folder, stop, read = Folder(tmp_path), threading.Event(), set[bytes]()
    folder.write("file", b"a" * 100_000)

    def watch() -> None:
        while not stop.is_set():
            read.add((tmp_path / "file").read_bytes())

    thread = threading.Thread(target=watch)
    thread.start()
    for letter in b"bcdef":
        folder.write("file", bytes([letter]) * 100_000)
    stop.set()
    thread.join()

    assert {len(content) for content in read} == {100_000}
    assert all(len(set(content)) == 1 for content in read)
