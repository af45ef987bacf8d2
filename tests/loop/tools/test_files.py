"""The tools on files, through a toolbox as a model calls them."""

import os
import stat
from pathlib import Path

import pytest

from litany.errors import ToolError
from litany.loop.tools import Ran, toolbox
from tests.loop.tools.boxes import called


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def ran(work: Path, name: str, **arguments: object) -> Ran:
    return called(toolbox(["files"], work), name, arguments)


def test_what_was_written_is_read(work: Path) -> None:
    text = "ä\r\nb\n\n€"

    assert ran(work, "write_file", path="a/b/c.txt", content=text) == Ran("made a/b/c.txt: 7 characters")
    assert ran(work, "read_file", path="./a//b/c.txt") == Ran(text)
    assert ran(work, "read_file", path=str(work / "a" / "b" / "c.txt")) == Ran(text)
    assert ran(work, "write_file", path="a/b/c.txt", content="") == Ran("wrote a/b/c.txt: 0 characters")
    assert ran(work, "read_file", path="a/b/c.txt") == Ran("[the file is empty]")


def test_a_written_file_keeps_its_mode_and_leaves_nothing_beside_it(work: Path) -> None:
    script = work / "run.sh"
    script.write_text("old")
    script.chmod(0o751)

    ran(work, "write_file", path="run.sh", content="new")

    assert stat.S_IMODE(script.stat().st_mode) == 0o751
    assert os.listdir(work) == ["run.sh"]


def test_a_long_file_is_read_in_pages(work: Path) -> None:
    (work / "long").write_text("".join(f"line {n}\n" for n in range(1, 5_001)))

    first = ran(work, "read_file", path="long").text
    last = ran(work, "read_file", path="long", first=4_999, lines=10)

    assert first.startswith("line 1\nline 2\n")
    assert first.endswith("line 2000\n\n[lines 1 to 2,000 of a file of 48,893 bytes; go on with first=2001]")
    assert last == Ran("line 4999\nline 5000\n")
    assert ran(work, "read_file", path="long", first=6_000) == Ran(
        "long has 5,000 lines; line 6,000 is not there", failed=True
    )


def test_a_huge_file_of_one_line_shows_its_beginning(work: Path) -> None:
    with (work / "huge").open("wb") as file:
        file.write(b"m" * 60_000 + b"\nend\n")

    assert ran(work, "read_file", path="huge").text == (
        "m" * 20_000 + "\nend\n\n[line 1 is longer than 20,000 bytes and cut here]"
    )


def test_a_file_of_gigabytes_is_read_at_its_beginning_and_not_edited(work: Path) -> None:
    with (work / "sparse").open("wb") as file:
        file.write(b"first\n" + b"words " * 5_000 + b"\n")
        file.truncate(20_000_000_000)

    page = ran(work, "read_file", path="sparse", lines=1)

    assert page == Ran("first\n\n[lines 1 to 1 of a file of 20,000,000,000 bytes; go on with first=2]")
    assert "files up to 20,000,000 can be edited" in ran(work, "edit_file", path="sparse", old="first", new="x").text


def test_what_is_no_text_is_told(work: Path) -> None:
    (work / "picture").write_bytes(b"\x89PNG\0\0")
    (work / "latin").write_bytes(b"gr\xf6\xdfe\n")
    os.mkfifo(work / "pipe")

    assert ran(work, "read_file", path="picture") == Ran("picture is binary (6 bytes) and cannot be shown", failed=True)
    assert ran(work, "read_file", path="latin") == Ran("gr\ufffd\ufffde\n")
    assert ran(work, "edit_file", path="latin", old="gr", new="Gr") == Ran(
        "latin is no UTF-8 text (byte 2) and cannot be edited", failed=True
    )
    assert ran(work, "read_file", path="pipe") == Ran("pipe is no file that can be read", failed=True)
    assert ran(work, "write_file", path="pipe", content="") == Ran("pipe is other, not a file", failed=True)
    assert ran(work, "read_file", path=".") == Ran(". is a folder; list_files shows what it holds", failed=True)
    assert ran(work, "read_file", path="none") == Ran("there is no none in the work folder", failed=True)
    assert ran(work, "read_file", path="latin/x") == Ran("there is no latin/x in the work folder", failed=True)


def test_an_edit_replaces_what_stands_there_once(work: Path) -> None:
    (work / "a.py").write_text("x = 1\ny = 1\n")

    assert ran(work, "edit_file", path="a.py", old="x = 1", new="x = 2") == Ran("replaced it in a.py")
    assert ran(work, "edit_file", path="a.py", old=" = ", new="=") == Ran(
        "`old` stands 2 times in a.py; give more of the text around it, or every=true", failed=True
    )
    assert ran(work, "edit_file", path="a.py", old=" = ", new="=", every=True) == Ran("replaced 2 times in a.py")
    assert ran(work, "edit_file", path="a.py", old="z", new="").failed
    assert ran(work, "edit_file", path="a.py", old="", new="z").failed
    assert (work / "a.py").read_text() == "x=2\ny=1\n"


def test_an_edit_keeps_the_line_ends_of_its_file(work: Path) -> None:
    (work / "dos.txt").write_bytes(b"one\r\ntwo\r\nthree\r\n")

    assert not ran(work, "edit_file", path="dos.txt", old="one\ntwo\n", new="1\n2\n").failed
    assert (work / "dos.txt").read_bytes() == b"1\r\n2\r\nthree\r\n"


def test_half_a_character_is_refused(work: Path) -> None:
    assert ran(work, "write_file", path="a", content="x\ud800") == Ran(
        "the text holds half a character at 1; send whole ones", failed=True
    )
    assert ran(work, "write_file", path="\ud800", content="x").failed
    assert os.listdir(work) == []


def test_a_list_shows_folders_files_and_links(work: Path) -> None:
    (work / "sub" / "deep").mkdir(parents=True)
    (work / "sub" / "a.py").write_text("12345")
    (work / ".git").mkdir()
    (work / ".git" / "config").write_text("")
    (work / "link").symlink_to("sub")
    (work / "bad\nname").write_text("")

    assert ran(work, "list_files").text == ".git/\nbad\\x0aname  0\nlink  (link)\nsub/"
    assert ran(work, "list_files", deep=True, pattern="*.py") == Ran("sub/a.py  5")
    assert ran(work, "list_files", folder="sub") == Ran("sub/a.py  5\nsub/deep/")
    assert ran(work, "list_files", folder="link") == Ran("link/a.py  5\nlink/deep/")
    assert ran(work, "list_files", deep=True).text.splitlines().count(".git/config  0") == 0
    assert ran(work, "list_files", folder="sub/deep") == Ran("[nothing there]")
    assert ran(work, "list_files", folder="sub/a.py") == Ran("sub/a.py is no folder", failed=True)


def test_a_list_of_many_ends(work: Path) -> None:
    for number in range(1_005):
        (work / f"{number:04}").touch()

    lines = ran(work, "list_files").text.splitlines()

    assert len(lines) == 1_001
    assert lines[-1] == "[more than 1,000: name a folder inside, or a pattern]"


def test_a_search_finds_lines(work: Path) -> None:
    (work / "sub").mkdir()
    (work / "sub" / "a.py").write_text("pump = 1\nvalve = 2\nPUMP = 3\n")
    (work / "b.txt").write_text("no\n" + "x" * 1_000 + "pump" + "y" * 1_000)
    (work / "c.bin").write_bytes(b"pump\0")
    (work / "link").symlink_to("b.txt")

    found = ran(work, "search_files", text="pump").text.splitlines()

    assert found[0].startswith("b.txt:2: …xxx")
    assert len(found[0]) < 330
    assert found[1:] == ["sub/a.py:1: pump = 1"]
    assert ran(work, "search_files", text="pump", ignore_case=True, pattern="*.py").text.splitlines() == [
        "sub/a.py:1: pump = 1",
        "sub/a.py:3: PUMP = 3",
    ]
    assert ran(work, "search_files", text=r"^v\w+ = \d$", regex=True) == Ran("sub/a.py:2: valve = 2")
    assert ran(work, "search_files", text=r"^v\w+ = \d$") == Ran("[no line holds it]")
    assert ran(work, "search_files", text="valve", folder="sub/a.py") == Ran("sub/a.py:2: valve = 2")


def test_a_search_that_is_none_is_told(work: Path) -> None:
    assert "is no regular expression" in ran(work, "search_files", text="(", regex=True).text
    assert ran(work, "search_files", text="x", folder="..").failed
    assert ran(work, "search_files", text="").failed
    assert ran(work, "search_files", text="x", folder="none").text.endswith("there is no none in the work folder")


def test_a_search_finds_at_most_so_many_and_names_what_is_too_large(work: Path) -> None:
    (work / "many").write_text("pump\n" * 500)
    with (work / "large").open("wb") as file:
        file.write(b"pump\n" * 4_000)
        file.truncate(30_000_000)

    assert ran(work, "search_files", text="pump", pattern="many").text.splitlines()[199:] == [
        "many:200: pump",
        "[the first 200; there may be more: name a folder or a pattern]",
    ]
    assert ran(work, "search_files", text="pump", pattern="large").text == (
        "[no line holds it]\n[not searched, for its size: large]"
    )


def test_what_may_be_run_again_is_declared(work: Path) -> None:
    box = toolbox(["files"], work)

    assert [tool.name for tool in box.tools if not tool.idempotent] == ["edit_file"]


def test_a_work_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"the work folder .* is not there"):
        toolbox(["files"], tmp_path / "none")


def test_the_folder_of_the_runs_is_there_for_nobody(work: Path) -> None:
    (work / ".litany" / "run-1").mkdir(parents=True)
    (work / ".litany" / "run-1" / "task.json").write_text("secret")
    (work / "way").symlink_to(".litany")
    (work / "plain").write_text("secret")

    def done(name: str, **arguments: object) -> Ran:
        return called(toolbox(["files"], work, hidden=work / ".litany"), name, arguments)

    for path in (".litany/run-1/task.json", "way/run-1/task.json", ".litany/new"):
        assert "where litany keeps its runs" in done("write_file", path=path, content="").text
        assert done("read_file", path=path).failed
    assert "where litany keeps its runs" in done("list_files", folder=".litany").text
    assert done("list_files", deep=True).text.splitlines() == ["plain  6", "way  (link)"]
    assert done("search_files", text="secret").text == "plain:1: secret"
    assert (work / ".litany" / "run-1" / "task.json").read_text() == "secret"
