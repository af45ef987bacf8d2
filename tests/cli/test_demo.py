"""`litany demo` from the outside: what it tells, where its files lie, what it leaves alone, and how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from litany.evals.demo import suite
from litany.evals.sweep import read
from litany.evals.sweep.toml import written

COMMAND = [sys.executable, "-c", "from litany.cli import main; main()"]
README = Path(__file__).parents[2] / "README.md"
FILES = [".demo", ".running", "cache.sqlite", "errand", "outcomes.jsonl", "report.html", "suite.toml"]


def litany(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)


def test_the_demo_tells_what_was_asked_what_was_answered_and_where_the_report_lies(tmp_path: Path) -> None:
    ran = litany("demo", "-n", 2, folder=tmp_path)

    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    outcomes = read(tmp_path / "litany-demo")
    first = {each.arm: each for each in outcomes if (each.seed, each.depth) == (0, 0.0)}
    for arm, name in (("bare", "bare"), ("placebo", "placebo"), ("recite", "litany")):
        verdict = "RIGHT" if first[arm].score == 1 else "WRONG"
        assert any(
            line.split()[:1] == [name] and str(first[arm].answer)[:50] in line and line.endswith(verdict)
            for line in lines
        )
        assert any(
            re.fullmatch(rf"  {name} +10 .*", line)
            and f"{sum(each.tokens for each in outcomes if each.arm == arm):,}" in line
            for line in lines
        )
    assert "    + reply = completion(model=model, messages=litany(messages))" in lines
    assert any(line.startswith("  litany-demo/report.html  ") for line in lines)
    assert max(map(len, lines)) <= 80
    assert all(line == line.rstrip() for line in lines)
    played = {each.arm: each.details or {} for each in read(tmp_path / "litany-demo" / "errand")}
    for arm, name in (("last-n", "bare"), ("litany", "litany")):
        made = played[arm]
        assert any(re.match(rf"  {name} +{made['done']} of 24 +{made['drift']} ", line) for line in lines)
    page = (tmp_path / "litany-demo" / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert sorted(path.name for path in (tmp_path / "litany-demo").iterdir()) == FILES


@pytest.mark.slow
def test_the_readme_shows_lines_of_its_output(tmp_path: Path) -> None:
    shown = [
        line[2:] for line in README.read_text("utf-8").splitlines() if re.fullmatch(r" {4}.* {3}\d\.\d\d \[.*\]", line)
    ]

    printed = litany("demo", folder=tmp_path).stdout.splitlines()

    assert len(shown) == 6
    assert [line for line in printed if line in shown] == shown


def test_a_second_run_asks_all_anew_and_answers_the_same(tmp_path: Path) -> None:
    one = litany("demo", "-n", 1, "--json", "--out", "here", folder=tmp_path)
    before = (tmp_path / "here" / "outcomes.jsonl").stat().st_mtime_ns
    other = litany("demo", "-n", 1, "--json", "--out", "here", folder=tmp_path)

    assert (one.returncode, other.returncode, one.stderr, other.stderr) == (0, 0, "", "")
    told, again = json.loads(one.stdout), json.loads(other.stdout)
    assert told["samples"] == again["samples"] == 15
    assert told["question"] == again["question"]
    assert told["files"]["report.html"] == "here/report.html"
    assert told["errand"] == again["errand"]
    assert [each["score"] for each in told["boards"][0]["cells"]] == [
        each["score"] for each in again["boards"][0]["cells"]
    ]
    assert all(not (each.details or {}).get("reused") for each in read(tmp_path / "here"))
    assert (tmp_path / "here" / "outcomes.jsonl").stat().st_mtime_ns != before


def test_what_is_not_the_demos_own_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "outcomes.jsonl").write_text("paid for\n")

    ran = litany("demo", "-n", 1, "--out", "mine", folder=tmp_path)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        "litany: mine holds files that are not a demo's, and they stay; give another folder: --out DIR\n"
    )
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["outcomes.jsonl"]


def test_a_demos_folder_that_another_eval_has_used_since_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / ".demo").write_text(written(suite(n=1)))
    (tmp_path / "mine" / "suite.toml").write_text(written(suite(n=100)))

    ran = litany("demo", "-n", 1, "--out", "mine", folder=tmp_path)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert "mine holds the results of another eval by now" in ran.stderr
    assert (tmp_path / "mine" / "suite.toml").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-n", "0"], "`n` is 0; give a whole number from 1 to 1,000,000"),
        (["--seed", "-1"], "`seed` is -1; give a whole number from 0 to 1,000,000"),
        (["--out", "file"], "file cannot be written (Not a directory); give another folder"),
        (["more"], "Got unexpected extra argument(s) (more); see `litany --help`"),
    ],
)
def test_a_wrong_argument_is_one_line_and_status_two(tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "file").touch()

    ran = litany("demo", *arguments, folder=tmp_path)

    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", f"litany: {said}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal")
def test_an_interrupt_ends_it_in_one_line_and_the_next_run_succeeds(tmp_path: Path) -> None:
    command = [*COMMAND, "demo", "-n", "500"]
    running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout is not None
    while "last thing the model reads" not in running.stdout.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)

    assert (running.returncode, said.strip()) == (130, "litany: interrupted; a demo begins anew each time")
    assert litany("demo", "-n", 1, folder=tmp_path).returncode == 0
