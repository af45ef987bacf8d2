"""TraceFile: whole lines, many writers, rotation, a full disk; and the file read again."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from litany import Litany, PolicyError
from litany.redact import Redactor
from litany.trace import Torn, TraceFile, files, lines, rotated
from tests.histories import GOAL, MARK, SMALL, steps, user, walked

SECRET = "sk-" + "ant-api03-Zq8rT2mXw4Kp9Lv3"


def read(path: Path) -> list[dict[str, Any]]:
    return [item for file in files(path) for item in lines(file) if not isinstance(item, Torn)]


def test_a_path_given_to_litany_becomes_a_trace_with_a_line_a_call(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"

    walked(Litany(policy=SMALL, trace=path), [user(GOAL), *steps(5)])

    found = read(path)
    assert [line["call"] for line in found] == [1, 2, 3, 4, 5, 6]
    assert {line["version"] for line in found} == {1}
    assert [[new["index"] for new in line["new"]] for line in found][:3] == [[0], [1, 2], [3, 4]]


def test_a_line_can_be_read_as_soon_as_the_call_returns(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    trace = TraceFile(path)
    for number in range(3):
        trace({"call": number})
        assert len(read(path)) == number + 1
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_second_writer_goes_on_behind_the_first(tmp_path: Path) -> None:
    TraceFile(tmp_path / "t")({"call": 1})
    TraceFile(tmp_path / "t")({"call": 2})

    assert [line["call"] for line in read(tmp_path / "t")] == [1, 2]


def test_half_a_line_of_a_killed_writer_is_told_and_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "t"
    TraceFile(path)({"call": 1})
    with path.open("ab") as file:
        file.write(b'{"version":1,"call":2,"te')
    torn = list(lines(path))[-1]

    TraceFile(path)({"call": 3})

    assert isinstance(torn, Torn)
    assert "not a whole line" in str(torn)
    assert [line["call"] for line in read(path)] == [1, 3]


def test_at_its_size_the_file_is_rotated_and_the_oldest_leaves(tmp_path: Path) -> None:
    trace = TraceFile(tmp_path / "t", max_bytes=200, keep=2, stamp=False)
    for number in range(40):
        trace({"call": number, "text": "x" * 40})

    assert sorted(path.name for path in tmp_path.iterdir()) == ["t", "t.1", "t.2"]
    assert all(path.stat().st_size <= 200 for path in tmp_path.iterdir())
    calls = [line["call"] for line in read(tmp_path / "t")]
    assert calls == list(range(calls[0], 40))


def test_without_rotated_files_the_file_begins_anew(tmp_path: Path) -> None:
    trace = TraceFile(tmp_path / "t", max_bytes=100, keep=0, stamp=False)
    for number in range(9):
        trace({"call": number, "text": "x" * 40})

    assert [path.name for path in tmp_path.iterdir()] == ["t"]
    assert read(tmp_path / "t")[-1]["call"] == 8


def test_many_threads_tear_no_line(tmp_path: Path) -> None:
    path = tmp_path / "t"
    trace = TraceFile(path, max_bytes=20_000, keep=50)

    def write(writer: int) -> None:
        for number in range(50):
            trace({"writer": writer, "number": number, "text": "y" * (number * 7)})

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not [item for file in files(path) for item in lines(file) if isinstance(item, Torn)]
    assert len({(line["writer"], line["number"]) for line in read(path)}) == 400


WRITER = """
import sys
from litany.trace import TraceFile
trace = TraceFile(sys.argv[1], max_bytes=int(sys.argv[3]), keep=60)
for number in range(150):
    trace({"writer": sys.argv[2], "number": number, "text": "z" * (number * 11)})
"""


@pytest.mark.parametrize("size", [10_000_000, 30_000])
def test_many_processes_tear_and_lose_no_line(tmp_path: Path, size: int) -> None:
    path = tmp_path / "t"
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, str(writer), str(size)]) for writer in range(4)]

    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    assert not [item for file in files(path) for item in lines(file) if isinstance(item, Torn)]
    assert len({(line["writer"], line["number"]) for line in read(path)}) == 600


def test_a_disk_that_takes_no_more_is_told_once_and_stops_no_call() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full here")
    trace = TraceFile("/dev/full")

    with pytest.warns(RuntimeWarning, match="/dev/full cannot be written .*lines are lost"):
        trace({"call": 1})
    trace({"call": 2})


def test_what_cannot_be_opened_or_cannot_work_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be written"):
        TraceFile(tmp_path)
    with pytest.raises(PolicyError, match="cannot be written"):
        Litany(trace=str(tmp_path / "no" / "where"))
    with pytest.raises(PolicyError, match="`max_bytes`"):
        TraceFile(tmp_path / "t", max_bytes=0)


def test_secrets_are_taken_out_of_every_text_of_a_line(tmp_path: Path) -> None:
    trace = TraceFile(tmp_path / "t", redact=Redactor())

    trace({"call": 1, "reasons": [f"failed with {SECRET}"], "new": [{"text": f"key {SECRET}"}], "recital": SECRET})

    assert SECRET not in (tmp_path / "t").read_text()


def test_an_excerpt_never_holds_half_a_secret(tmp_path: Path) -> None:
    for pad in range(60, 125):
        path = tmp_path / str(pad)
        litany = Litany(goal="", policy=SMALL, trace=TraceFile(path, redact=Redactor()))
        litany([user(("word " * 30)[:pad] + " " + SECRET + " and so on " * 30)])
        assert "api03" not in path.read_text()


def test_a_long_trace_grows_by_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    litany = Litany(policy=SMALL, trace=path, mark=MARK)
    messages = [user(GOAL), *steps(400, length=8)]
    sizes: list[int] = []
    for end in range(1, len(messages) + 1, 2):
        litany(messages[:end])
        sizes.append(path.stat().st_size)

    early, late = sizes[150] - sizes[50], sizes[-1] - sizes[-101]
    assert late < early * 1.2
    assert rotated(path, 0) == path
    assert json.loads(path.read_text().splitlines()[-1])["messages"] == 801
