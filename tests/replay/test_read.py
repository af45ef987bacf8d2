"""Files of runs: what is read, and what each fault says."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from litany.errors import TrajectoryError
from litany.replay.read import read
from litany.replay.run import Run

CHAT: list[dict[str, Any]] = [{"role": "user", "content": "Find the bug."}, {"role": "assistant", "content": "Found."}]


def rows(values: Iterable[object]) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


def kinds(path: Path) -> list[str]:
    return [type(item).__name__ for item in read(path)]


def fault(path: Path) -> str:
    (error,) = read(path)
    assert isinstance(error, TrajectoryError)
    assert str(path) in str(error)
    return str(error)


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_run_a_line_is_read_in_order_with_blank_lines_passed_over(tmp_path: Path, name: str) -> None:
    text = "\n" + rows([{"messages": CHAT}]) + "\n\n" + rows([CHAT, {"request": {"messages": CHAT}}])
    body = text.encode()
    (tmp_path / name).write_bytes(gzip.compress(body) if name.endswith("gz") else body)

    runs = [run for run in read(tmp_path / name) if isinstance(run, Run)]

    assert [run.index for run in runs] == [0, 1, 2]
    assert all(run.messages == tuple(CHAT) and run.source == str(tmp_path / name) for run in runs)


@pytest.mark.parametrize(
    "value", [CHAT, {"messages": CHAT}, [{"messages": CHAT}], [CHAT], {"body": {"messages": CHAT}}]
)
def test_a_json_file_holds_a_run_or_a_list_of_runs(tmp_path: Path, value: object) -> None:
    (tmp_path / "a.json").write_text("\ufeff" + json.dumps(value, indent=2))

    (run,) = read(tmp_path / "a.json")

    assert isinstance(run, Run)
    assert run.messages == tuple(CHAT)


def test_lines_of_bare_messages_are_one_run(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(rows(CHAT))

    (run,) = read(tmp_path / "a.jsonl")

    assert isinstance(run, Run)
    assert run.messages == tuple(CHAT)


def test_one_bad_line_does_not_stop_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(rows([CHAT]) + "{oops\n" + rows([{"messages": []}, CHAT]))

    first, broken, empty, last = read(tmp_path / "a.jsonl")

    assert isinstance(first, Run)
    assert "line 2: not JSON" in str(broken)
    assert "line 3: a run without messages" in str(empty)
    assert isinstance(last, Run)
    assert last.index == 3


def test_a_file_cut_off_in_mid_run_still_gives_the_runs_before(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(rows([CHAT, CHAT])[:-20])

    assert kinds(tmp_path / "a.jsonl") == ["Run", "TrajectoryError"]


def test_a_truncated_gzip_gives_the_runs_before_the_break_and_says_where_it_is(tmp_path: Path) -> None:
    many = rows([{"messages": CHAT, "id": place * 7919 % 1009} for place in range(2000)])
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(many.encode())[:-2000])

    *runs, error = read(tmp_path / "a.jsonl.gz")

    assert runs
    assert all(isinstance(run, Run) for run in runs)
    assert f"breaks off after line {len(runs)}" in str(error)


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.json", b"", "empty"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.jsonl.gz", gzip.compress(b"", mtime=0), "empty"),
        ("a.json", b'{"messages":\n [}', "line 2: not JSON"),
        ("a.jsonl", b'{"messages": [{"role": "user", "content": "\xff"}]}', "line 1: not UTF-8 text (byte 0xff)"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b"1" * 10_000, "not JSON that can be read"),
        ("a.json.gz", b"plain text", "not a sound gzip"),
        ("a.json.gz", gzip.compress(b'{"a": 1}', mtime=0)[:-9], "breaks off"),
        ("a.json", b'{"name": "left-pad", "version": "1"}', "its keys: name, version"),
        ("a.json", b"[1, 2, 3]", "the first of 3 faults"),
        ("a.json", b"[]", "without messages"),
        ("a.json", b"42", "a number is no trajectory"),
        ("a.jsonl", b'{"x": 1}\n' * 500, "the first of 500 faults"),
        ("a.jsonl", b"not a trajectory\n" * 500, "the first of 500 faults"),
        ("a.json", b'[{"role": "user", "content": "hi"}, 7]', "message 1 is a number"),
        ("a.json", b'{"messages": [{"content": "hi"}]}', "message 0 has no role"),
        ("a.json", b'{"messages": [{"role": "assistant", "tool_calls": 3}]}', "tool_calls that are no list"),
    ],
)
def test_a_file_without_a_run_is_one_error_that_says_what_was_found(
    tmp_path: Path, name: str, body: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(body)

    assert said in fault(tmp_path / name)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert "cannot be read" in fault(tmp_path / "gone.json")


@pytest.mark.parametrize(
    "value",
    [
        {"type": ["x"], "payload": {}},
        {"type": "user", "uuid": "u", "parentUuid": ["p"], "message": {"role": "user", "content": "hi"}},
        {"type": "assistant", "uuid": "u", "message": {"id": [], "content": [{"type": "tool_use", "id": {}}]}},
        {"messages": [{"role": "user", "content": [{"type": {}}]}], "system": 5},
        {"simulations": [7, {"messages": 7}], "info": 7},
        {"history": 7, "environment": {}},
        {"request": {"request": {"request": []}}},
    ],
)
def test_values_of_unexpected_kinds_raise_nothing(tmp_path: Path, value: object) -> None:
    (tmp_path / "a.json").write_text(json.dumps(value))
    (tmp_path / "a.jsonl").write_text(json.dumps(value))

    assert list(read(tmp_path / "a.json"))
    assert list(read(tmp_path / "a.jsonl"))


def test_lists_nested_as_deep_as_json_allows_are_no_run(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[" * 900 + "]" * 900)

    assert isinstance(next(read(tmp_path / "a.json")), TrajectoryError)
