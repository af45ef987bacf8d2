"""`litany eval` from the outside: what it asks and writes, what it says where, its exit status, and how it goes on.

Nothing here says how well a model reads: a script answers, or the pocket reader does, as it may.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from litany.cli.progress import clock
from litany.cli.suites import HOME, LENGTHS
from litany.cli.watch import pace, told
from litany.evals.sweep import Progress, read
from litany.evals.sweep.toml import read as suite_in
from litany.pocket.reader import ANSWER, WINDOW, pocket
from litany.pocket.weights import FILE
from litany.testing import Fault, Provider
from tests.adapters.asked import GPT

COMMAND = [sys.executable, "-c", "from litany.cli import main; main()"]
HERE = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR", "OPENAI_API_KEY")}
SCRIPT = "--model scripted:said.jsonl --set cycle=true --lengths 300 --depths 0,1 -n 2 --arms bare,recite"
"""Eight samples."""
SUITE = """tasks = ["needle"]
model = "scripted:said.jsonl"
arms = ["bare", "recite"]
lengths = ["300"]
depths = [0, 1]
n = 2
options = {cycle = true}
"""
litellm = pytest.mark.skipif(find_spec("litellm") is None, reason="needs the extra litellm")
shipped = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE.name} is not built: it is what `make pocket` trains")


def litany(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *line.split()], check=False, capture_output=True, text=True, env=HERE)


def found(line: str, status: int = 0) -> dict[str, Any]:
    """What --json prints."""
    ran = litany(f"{line} --json")
    assert ran.returncode == status, ran.stderr
    plain = json.loads(ran.stdout)
    assert isinstance(plain, dict)
    return plain


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test works in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    lines = [{"role": "assistant", "content": text} for text in ("amber lemon", "nobody knows")]
    (tmp_path / "said.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "suite.txt").write_text(SUITE)
    (tmp_path / "mine.toml").write_text(SUITE)
    return tmp_path


def test_a_sweep_writes_its_outcomes_and_tells_them_with_the_next_command() -> None:
    ran = litany(f"eval needle {SCRIPT} --out out")

    assert ran.returncode == 0
    assert ran.stderr.startswith(
        "litany: needle of scripted:said.jsonl: 2 arms × 1 length × 2 depths × 2 questions = 8"
    )
    assert len(ran.stderr.splitlines()) == 1
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("needle on scripted:said.jsonl-")
    assert any(line.startswith("depth 0") for line in lines)
    assert lines[-3:] == [
        "wrote out/outcomes.jsonl (8 samples); suite.toml beside it runs it again",
        "next: litany report out --html out/report.html",
        "      litany compare BEFORE out",
    ]
    assert len(read(Path("out"))) == 8
    assert litany("report out --html out/report.html").returncode == 0


def test_the_same_command_goes_on_where_it_was_and_so_does_the_suite_that_was_written() -> None:
    first = found(f"eval {SCRIPT}")
    out = Path(first["out"])
    assert (out.parent, first["total"], first["now"]) == (HOME, 8, 8)

    again = found(f"eval {SCRIPT}")
    more = found(f"eval {SCRIPT.replace('-n 2', '-n 3')}")
    written = found(f"eval {out}/suite.toml")

    assert (again["out"], again["before"], again["now"]) == (str(out), 8, 0)
    assert (more["out"], more["before"], more["now"]) == (str(out), 8, 4)
    assert (written["out"], written["before"], written["now"]) == (str(out), 12, 0)
    assert found(f"eval {SCRIPT} --seed 1")["out"] != str(out)


def test_options_go_before_what_the_file_says() -> None:
    done = found("eval mine.toml --depths .5 --workers 2 --set window=5000 --out out")

    suite = suite_in(Path("out/suite.toml"))
    assert done["total"] == 4
    assert (suite.tasks, suite.depths, suite.pace.workers) == (("needle",), (0.5,), 2)
    assert suite.options == {"cycle": True, "window": 5_000}


def test_what_a_file_leaves_out_may_be_given() -> None:
    Path("part.toml").write_text(SUITE.replace('model = "scripted:said.jsonl"\n', ""))

    assert litany("eval part.toml").returncode == 2
    assert found("eval part.toml --model scripted:said.jsonl --dry-run")["calls"] == 8


@shipped
def test_without_arguments_the_needle_is_asked_of_pocket_in_lengths_that_it_holds() -> None:
    plan = litany("eval --dry-run")

    assert plan.returncode == 0
    assert f"needle of {pocket().name}: 3 arms × 4 lengths × 5 depths × 50 questions = 3,000 samples" in plan.stdout
    assert not HOME.exists(), "nothing is written"
    assert max(int(text.replace("k", "000")) for text in LENGTHS) == WINDOW - ANSWER


@shipped
def test_pocket_is_swept_and_every_sample_has_an_answer() -> None:
    done = found("eval -n 1 --depths 0,1")

    (board,) = done["report"]["boards"]
    assert (done["total"], done["now"], done["errors"]) == (24, 24, {})
    assert [arm["arm"] for arm in board["arms"]] == ["bare", "placebo", "recite"]
    assert {cell["length"] for cell in board["cells"]} == {250, 500, 1_000, 2_000}
    assert all(each.tokens <= each.length for each in read(Path(done["out"])))


def test_a_dry_run_says_calls_tokens_money_time_and_what_can_be_seen() -> None:
    before = litany(f"eval {SCRIPT} --out out --dry-run").stdout
    found(f"eval {SCRIPT} --out out -n 1")
    after = found(f"eval {SCRIPT} --out out --dry-run")

    words = ["asks", "calls", "tokens", "money", "time", "shows", "folder"]
    assert [line.split()[0] for line in before.splitlines()] == words
    assert re.search(r"^calls +8$", before, re.MULTILINE)
    assert (after["calls"], after["done"], after["dollars"], after["questions"]) == (4, 4, 0.0, 2)
    assert 0 < after["detectable"] <= 1


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("neddle", "there is no task 'neddle'; there is needle"),
        ("needle --arms bare,sing", "there is no arm 'sing'"),
        ("needle --arms nowhere.toml", "the Policy file nowhere.toml cannot be read"),
        ("needle --arms mine.toml", "mine.toml: a Policy has no `tasks`"),
        ("kv:nowhere.jsonl", "there is no task 'kv:nowhere.jsonl'"),
        ("--model oracle --lengths 1k", "of litany's own there are pocket and scripted:FILE.jsonl"),
        ("--model scripted:nowhere.jsonl --lengths 1k", "the script nowhere.jsonl cannot be read"),
        ("--model scripted:mine.toml --lengths 1k", "mine.toml, line 1 is no JSON"),
        ("--model scripted:said.jsonl", "give --lengths, such as 1k,4k,16k"),
        ("nowhere.toml", "nowhere.toml cannot be read (No such file or directory)"),
        ("broken.toml", "broken.toml is not TOML ("),
        ("strange.toml", "strange.toml: a suite has no `lenghts`; did you mean `lengths`?"),
        ("mine.toml --model scripted:said.jsonl --set circle=1", "a script has no option `circle`"),
        ("--lengths 4q", "--lengths has '4q'; write tokens as 4k, 1M or a plain number"),
        ("--lengths 1k,,2k", "--lengths has an empty item"),
        ("--depths top", "--depths has 'top'; write shares from 0"),
        ("--depths 1.5", "a depth is 1.5; give a share"),
        ("-n 0", "`n` is 0; give a whole number from 1"),
        ("-n many", "Invalid value for '-n'"),
        ("--trials 0", "`trials` is 0"),
        ("--workers 0", "`workers` is 0; give at least 1"),
        ("--set window", "--set 'window': write key=value, such as temperature=0"),
        ("--set window=[1]", "give one number, one text, true or false"),
        ("--set api_key=sk-1", "`options.api_key` is a secret"),
        ("--judge scripted:nowhere.jsonl", "the script nowhere.jsonl cannot be read"),
        ("--rescore", "add --out DIR"),
        ("--rescore --out nowhere", "outcomes.jsonl cannot be read"),
        ("--rescore --out nowhere -n 3", "leave out the rest"),
        ("needle --rescore --out nowhere", "leave out the rest"),
        ("mine.toml --max-cost=-1", "give 0 or more"),
        ("mine.toml --out said.jsonl", "said.jsonl cannot be written (File exists)"),
        ("mine.toml --set window=299", "a length is 300 tokens and the window of scripted:said.jsonl"),
        ("mine.toml --lengths 20", "give a greater length"),
        ("mine.toml needle", "unexpected extra argument"),
    ],
)
@shipped
def test_what_cannot_start_says_so_in_one_line_and_asks_nothing(line: str, text: str) -> None:
    Path("broken.toml").write_text("tasks = [\n")
    Path("strange.toml").write_text(f"{SUITE}lenghts = [1]\n".replace("options", "#"))

    ran = litany(f"eval {line}")

    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("litany: ")
    assert len(ran.stderr.splitlines()) == 1
    assert text in ran.stderr
    assert not any(path.read_bytes() for path in Path().rglob("outcomes.jsonl"))


def test_a_folder_of_another_suite_and_one_of_broken_results_are_refused() -> None:
    found("eval mine.toml --out out")

    other = litany("eval mine.toml --arms bare --out out")
    outcomes = Path("out/outcomes.jsonl")
    outcomes.write_text("{}\n" + outcomes.read_text())
    broken = litany("eval mine.toml --out out")

    assert (other.returncode, broken.returncode) == (2, 2)
    assert "out holds outcomes of another suite" in other.stderr
    assert "out/outcomes.jsonl, line 1: this is no outcome" in broken.stderr


def test_errors_are_counted_by_kind_with_an_example_and_the_status_is_one() -> None:
    ran = litany("eval mine.toml --out out --set cycle=false")

    assert ran.returncode == 1
    assert "8 samples" in ran.stdout
    assert "litany: 6 errors among 8 samples (6 provider), such as needle/" in ran.stderr
    assert "said.jsonl holds 2 answers and was asked" in ran.stderr
    assert found("eval mine.toml --out out --set cycle=false", 1)["errors"] == {"provider": 4}, "two more were said"


def test_answers_are_graded_again_by_a_judge_and_by_code_and_are_not_mixed() -> None:
    found("eval mine.toml --out out")
    Path("yes.jsonl").write_text('{"role": "assistant", "content": "correct"}\n' * 100)
    judge = "--judge scripted:yes.jsonl"

    graded = found(f"eval --rescore --out out {judge}")
    mixed = litany("eval mine.toml --out out")
    same = found(f"eval mine.toml --out out {judge}")
    back = litany("eval --rescore --out out")

    assert (graded["scored"], graded["failed"]) == (8, 0)
    assert {arm["score"]["middle"] for arm in graded["report"]["boards"][0]["arms"]} == {1.0}
    assert mixed.returncode == 2
    assert "out was graded by scripted:yes.jsonl; leave that so, or grade it again" in mixed.stderr
    assert (same["before"], same["now"]) == (8, 0)
    assert "litany: graded 8 answers again by code" in back.stderr
    assert litany("eval mine.toml --out out").returncode == 0


def test_a_judge_grades_while_it_is_asked_and_stands_in_the_suite() -> None:
    Path("yes.jsonl").write_text('{"role": "assistant", "content": "correct"}\n' * 100)

    found("eval mine.toml --out out --judge scripted:yes.jsonl")

    assert {each.score for each in read(Path("out"))} == {1.0}
    assert suite_in(Path("out/suite.toml")).judge == "scripted:yes.jsonl"


@litellm
def test_a_model_over_http_is_swept_to_the_limit_of_its_cost_and_then_to_the_end() -> None:
    with Provider(lambda request: "amber lemon") as provider:
        Path("suite.toml").write_text(SUITE.replace("scripted:said.jsonl", GPT).partition("options")[0])
        line = f"eval suite.toml --workers 1 --set api_base={provider.url}/v1 --set temperature=0 --out out"
        stopped = litany(f"{line} --max-cost 0.0003")
        asked = len(provider.requests)
        rest = found(line)

    assert stopped.returncode == 1
    assert re.search(r"litany: \$0.000\d+ of \$0.0003 are spent, .*of 8 samples are left; to go on: ", stopped.stderr)
    assert 0 < asked < 8
    assert (rest["before"], rest["now"], rest["left"]) == (asked, 8 - asked, 0)
    assert len(provider.requests) == 8
    assert all(request.body["temperature"] == 0 for request in provider.requests)
    assert rest["cost"] > 0


@litellm
def test_a_provider_that_is_down_ends_the_sweep_and_says_how_to_go_on() -> None:
    with Provider(["yes"], faults=[Fault(status=401)] * 1_000) as provider:
        Path("suite.toml").write_text(SUITE.replace("scripted:said.jsonl", GPT).partition("options")[0])
        ran = litany(f"eval suite.toml -n 50 --set api_base={provider.url}/v1 --out out")

    assert ran.returncode == 1
    assert len(read(Path("out"))) < 50
    assert "errors among" in ran.stderr
    assert "of 200 samples are left; to go on, later: litany eval" in ran.stderr


@litellm
def test_a_missing_key_is_told_before_anything_is_asked() -> None:
    ran = litany(f"eval --model {GPT} --lengths 1k")

    assert ran.returncode == 2
    assert "set OPENAI_API_KEY in the environment" in ran.stderr


@shipped
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_a_sweep_that_is_stopped_goes_on_and_a_second_one_keeps_out(sent: signal.Signals) -> None:
    line = "eval --out out --lengths 2k -n 100"
    with subprocess.Popen([*COMMAND, *line.split()], stderr=subprocess.PIPE, text=True, env=HERE) as process:
        outcomes = Path("out/outcomes.jsonl")
        until = time.monotonic() + 60
        while not (outcomes.exists() and outcomes.stat().st_size) and time.monotonic() < until:
            assert process.poll() is None
        second = litany(line)
        process.send_signal(sent)
        _, said = process.communicate()
    answered = len(read(Path("out")))

    assert second.returncode == 2
    assert "another sweep is at work in out" in second.stderr
    assert process.returncode == (130 if sent == signal.SIGINT else -sent)
    if sent == signal.SIGINT:
        assert f"interrupted; {1_500 - answered:,} of 1,500 samples are left; to go on: litany " in said
    plan = found(f"{line} --dry-run")
    assert (plan["done"], plan["calls"]) == (answered, 1_500 - answered)


def test_progress_is_one_line() -> None:
    now = Progress(1_234, 3_000, 1, 7, 0.5, 100.0, 12.34, 3_900.0)

    assert told(now) == "1,234 of 3,000 (41%), 12/s, $0.50, 1 error, 7 known before, 1:05:00 left"
    assert told(Progress(0, 10, 0, 0, 0.0, 0.0, 0.0, None)) == "0 of 10 (0%), 0/min"
    assert told(Progress(3, 9, 0, 0, 0.0, 1.0, 3.0, 2.0, stopping=True)).startswith("3 of 9; waiting for the calls")
    assert [pace(rate) for rate in (1_200.0, 2.5, 0.5)] == ["1,200/s", "2.5/s", "30/min"]
    assert [clock(seconds) for seconds in (7, 750, 3_900)] == ["0:07", "12:30", "1:05:00"]
