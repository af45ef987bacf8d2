"""`litany replay` from the outside: what it prints where, and its exit status."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CHAT: list[dict[str, Any]] = [
    {"role": "system", "content": "You mend code."},
    {"role": "user", "content": "Find the leak in the pool."},
    *(
        message
        for n in range(30)
        for message in (
            {"role": "assistant", "content": f"Step {n}: " + "I read on. " * 20},
            {"role": "user", "content": f"Go on with {n}, please. " * 8},
        )
    ),
    {"role": "assistant", "content": "Found."},
]
COMMAND = [sys.executable, "-c", "from litany.cli import main; main()"]


TRACE = '{"version":1,"call":1,"budget":9,"sections":{}}\n'


def litany(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], check=False, capture_output=True, text=True)


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    path = tmp_path / "runs.jsonl"
    path.write_text("".join(json.dumps({"messages": CHAT[: 2 + length]}) + "\n" for length in (3, 61)))
    return path


def test_a_table_with_totals_is_printed_and_nothing_goes_wrong(runs: Path) -> None:
    ran = litany("replay", runs, "--window", "2k,8k", "--against", "full,compact")

    assert (ran.returncode, ran.stderr) == (0, "")
    rows = [line.split() for line in ran.stdout.splitlines()]
    assert rows[0][:4] == ["run", "window", "calls", "goal"]
    assert rows[0][-1] == "compact"
    assert sum(row[:2] == ["all", "2"] for row in rows) == 2
    assert ran.stdout.splitlines()[-1].startswith("next: ")


def test_json_is_one_object_a_run_and_window(runs: Path) -> None:
    ran = litany("replay", runs, "--window", "2k", "--window", "8000", "--json")

    reports = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0
    assert [(report["index"], report["window"]) for report in reports] == [
        (0, 2_000),
        (0, 8_000),
        (1, 2_000),
        (1, 8_000),
    ]
    assert [report["calls"] for report in reports] == [2, 2, 31, 31]
    assert all(report["violations"] == [] and report["against"] == [] for report in reports)


def test_a_trace_holds_a_line_a_call_with_its_run_and_window(runs: Path, tmp_path: Path) -> None:
    litany("replay", runs, "--window", "2k", "--trace", tmp_path / "trace.jsonl")

    lines = [json.loads(line) for line in (tmp_path / "trace.jsonl").read_text().splitlines()]
    assert len(lines) == 2 + 31
    assert {(line["source"], line["window"]) for line in lines} == {(str(runs), 2_000)}
    assert [line["call"] for line in lines if line["index"] == 0] == [1, 2]


def test_a_broken_file_is_one_line_on_stderr_and_the_others_run(runs: Path, tmp_path: Path) -> None:
    broken, orphan = tmp_path / "broken.json", tmp_path / "orphan.json"
    broken.write_text('{"messages": [')
    orphan.write_text(json.dumps([CHAT[1], {"role": "tool", "tool_call_id": "ghost", "content": "boo"}, CHAT[2]]))

    ran = litany("replay", broken, orphan, tmp_path / "nowhere.json", runs, "--window", "2k", "--json")

    assert ran.returncode == 1
    assert len(ran.stdout.splitlines()) == 2
    for line, name in zip(ran.stderr.splitlines(), ("broken.json", "orphan.json", "nowhere.json"), strict=True):
        assert line.startswith("litany: ")
        assert name in line


@pytest.mark.parametrize(
    "options",
    [
        ["--window", "wide"],
        ["--window", "100"],
        ["--window", ","],
        ["--window", "2k,,8k"],
        ["--window", ""],
        ["--against", ","],
        ["--goal", ""],
        ["--goal", "  "],
        ["--window", "2k", "--set", "window=8000"],
        ["--reserve", "500", "--set", "reserve=600"],
        ["--set", "prefer=cost", "--set", "prefer=quality"],
        ["--set", "shadow=true"],
        ["--reserve", "90k"],
        ["--set", "colour=red"],
        ["--set", "trigger"],
        ["--set", "trigger=["],
        ["--set", 'keep=["fraction", 0.9]'],
        ["--set", "encoding=morse"],
        ["--against", "magic"],
        ["--policy", "nowhere.toml"],
        ["--trace", "/nowhere/trace.jsonl"],
        ["--jobs", "0"],
        ["--colour", "red"],
    ],
)
def test_what_cannot_start_says_so_in_one_line(runs: Path, options: list[str]) -> None:
    ran = litany("replay", runs, *options)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("litany: ")
    assert len(ran.stderr.splitlines()) == 1


def test_a_command_without_paths_cannot_start() -> None:
    assert litany("replay").returncode == 2


def test_debug_shows_the_traceback(runs: Path) -> None:
    ran = litany("replay", runs, "--set", "colour=red", "--debug")

    assert ran.returncode == 2
    assert "Traceback" in ran.stderr


@pytest.mark.parametrize("text", ['window = 2000\nkeep = ["fraction", 0.2]\n', "[policy]\nwindow = 2000\n"])
def test_a_policy_file_gives_fields_at_its_top_or_under_policy(runs: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "policy.toml").write_text(text)

    ran = litany("replay", runs, "--policy", tmp_path / "policy.toml", "--json")

    assert [json.loads(line)["window"] for line in ran.stdout.splitlines()] == [2_000, 2_000]


def test_a_setting_is_stronger_than_the_file_and_an_option_than_both(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('window = 2000\nrecite = "off"\n')

    ran = litany(
        "replay", runs, "--policy", tmp_path / "policy.toml", "--set", "recite=every", "--window", "8k", "--json"
    )

    report = json.loads(ran.stdout.splitlines()[-1])
    assert (report["window"], report["due_calls"] > 20) == (8_000, True)


def test_several_processes_print_the_same_in_the_same_order(tmp_path: Path) -> None:
    rows = [json.dumps({"messages": CHAT[: 2 + length]}) + "\n" for length in range(1, 60, 8)]
    (tmp_path / "runs.jsonl").write_text("".join(rows))

    one, two = (litany("replay", tmp_path, "--window", "2k", "--json", "--jobs", jobs) for jobs in (1, 2))

    assert one.returncode == two.returncode == 0
    assert list(map(timeless, one.stdout.splitlines())) == list(map(timeless, two.stdout.splitlines()))


def timeless(line: str) -> dict[str, Any]:
    return {key: value for key, value in json.loads(line).items() if not key.startswith("ms_")}


def test_an_interrupt_tells_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "runs.jsonl").write_text((json.dumps({"messages": CHAT}) + "\n") * 400)
    command = [*COMMAND, "replay", str(tmp_path), "--window", "2k", "--json", "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as ran:
        assert ran.stdout is not None
        json.loads(ran.stdout.readline())
        ran.send_signal(signal.SIGINT)
        _, errors = ran.communicate(timeout=30)

    assert ran.returncode == 130
    assert errors.startswith("litany: interrupted after ")
    assert "to go on: litany replay " in errors


@pytest.mark.parametrize("way", ["itself", "a link", "in the folder", "new in the folder", "no trace", "a JSON line"])
def test_a_trace_is_never_written_over_an_input_or_a_file_that_is_no_trace(runs: Path, way: str) -> None:
    other, link, new = runs.parent / "other.txt", runs.parent / "link.jsonl", runs.parent / "new.jsonl"
    other.write_text('{"version":1}\n' if way == "a JSON line" else "dear diary")
    link.symlink_to(runs)
    before = runs.read_bytes(), other.read_bytes()
    trace = {"itself": runs, "a link": link, "in the folder": runs, "new in the folder": new}.get(way, other)

    ran = litany("replay", runs.parent if "folder" in way else runs, "--trace", trace)

    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (2, "", 2)
    assert "give the trace" in ran.stderr.splitlines()[1]
    assert (runs.read_bytes(), other.read_bytes(), new.exists()) == (*before, False)


@pytest.mark.parametrize("before", ["", TRACE])
def test_an_empty_file_and_an_older_trace_are_written_over(runs: Path, tmp_path: Path, before: str) -> None:
    trace = tmp_path / "trace.jsonl"
    trace.write_text(before)

    assert [litany("replay", runs, "--trace", trace).returncode for _ in range(2)] == [0, 0]
    assert len(trace.read_text().splitlines()) == 2 + 31


def test_a_blank_goal_is_refused_once_with_the_choices(runs: Path) -> None:
    assert "first-user, system, none or a text" in litany("replay", runs, "--goal", "").stderr


def test_a_run_without_system_text_says_so_once_when_the_system_text_is_the_goal(runs: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.json"
    bare.write_text(json.dumps(CHAT[1:5]))

    ran = litany("replay", bare, runs, "--goal", "system", "--window", "2k,8k", "--json")

    assert ran.returncode == 0
    assert [f"{bare}, run 0" in line and "no system text" in line for line in ran.stderr.splitlines()] == [True]


def test_a_shadow_in_a_policy_file_is_refused_too(runs: Path, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("shadow = true")

    assert litany("replay", runs, "--policy", tmp_path / "policy.toml").returncode == 2


def test_a_codex_output_without_its_call_at_the_end_is_one_line(tmp_path: Path) -> None:
    rows = [
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Go."}]},
        {"type": "function_call_output", "call_id": "ghost", "output": "boo"},
    ]
    (tmp_path / "rollout.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    ran = litany("replay", tmp_path)

    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (1, "", 1)
    assert "ghost" in ran.stderr


def test_an_interrupt_while_the_command_loads_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")

    ran = subprocess.run(
        [*COMMAND, "replay", "x"], env={**os.environ, "PYTHONPATH": str(tmp_path)}, check=False, capture_output=True
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (130, b"", b"")
