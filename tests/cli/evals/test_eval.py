"""`litany eval` from the outside: what it asks and writes, what it says where, its exit status, and how it goes on.

Nothing here says how well a model reads: a script answers, or the pocket reader does, as it may.
"""

import re
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from litany.cli.progress import clock
from litany.cli.suites import HOME, LENGTHS
from litany.cli.watch import pace, told
from litany.evals.sweep import Progress, read
from litany.evals.sweep.toml import read as suite_in
from litany.pocket.reader import ANSWER, WINDOW, pocket
from litany.testing import Fault, Provider
from tests.adapters.asked import GPT
from tests.cli.evals.command import COMMAND, HERE, SCRIPT, SHORT, SUITE, found, litany, litellm, shipped


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
def test_a_dry_run_of_pocket_takes_no_answer_for_longer_than_it_can_be() -> None:
    plan = litany("eval --dry-run").stdout

    assert f"some {3_000 * ANSWER:,} to be written, if an answer takes {ANSWER}\n" in plan


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
    assert "n 2 is too few to show a difference in a single cell; all cells together may show one" in before
    assert after["detectable"] is None
    assert 0 < found(f"eval {SCRIPT} --out other -n 20 --dry-run")["detectable"] <= 1


def test_errors_are_counted_by_kind_with_an_example_and_the_status_is_one() -> None:
    ran = litany("eval mine.toml --out out --set cycle=false")

    assert ran.returncode == 1
    assert "8 samples" in ran.stdout
    assert "litany: 6 errors among 8 samples (6 provider), such as needle/" in ran.stderr
    assert "said.jsonl holds 2 answers and was asked" in ran.stderr
    assert found("eval mine.toml --out out --set cycle=false", 1)["errors"] == {"provider": 6}, "no line is said twice"


@litellm
@pytest.mark.slow
def test_a_model_over_http_is_swept_to_the_limit_of_its_cost_and_then_to_the_end() -> None:
    with Provider(lambda request: "amber lemon") as provider:
        Path("suite.toml").write_text(SUITE.replace("scripted:said.jsonl", GPT).partition("options")[0])
        line = f"eval suite.toml --workers 1 --set api_base={provider.url}/v1 --set temperature=0 --out out {SHORT}"
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
@pytest.mark.slow
def test_a_provider_that_is_down_ends_the_sweep_and_says_how_to_go_on() -> None:
    with Provider(["yes"], faults=[Fault(status=401)] * 1_000) as provider:
        Path("suite.toml").write_text(SUITE.replace("scripted:said.jsonl", GPT).partition("options")[0])
        where = f"{provider.url}/v1"
        ran = litany(f"eval suite.toml -n 50 --set api_base={where} --out out")

    assert ran.returncode == 1
    assert len(read(Path("out"))) < 50
    assert "errors among" in ran.stderr
    assert f"(at {where})" in ran.stderr
    assert re.fullmatch(r"wrote out/outcomes.jsonl \(\d+ samples, none of them answered\)\n", ran.stdout)
    assert "200 of 200 samples are left; to go on, later: litany eval" in ran.stderr


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
    making = replace(now, making="goal at 1,000,000 tokens (1 of 2)")
    assert told(making) == "before the first call: making a history of goal at 1,000,000 tokens (1 of 2)"
    assert told(Progress(3, 9, 0, 0, 0.0, 1.0, 3.0, 2.0, stopping=True)).startswith("3 of 9; waiting for the calls")
    assert [pace(rate) for rate in (1_200.0, 2.5, 0.5)] == ["1,200/s", "2.5/s", "30/min"]
    assert [clock(seconds) for seconds in (7, 750, 3_900)] == ["0:07", "12:30", "1:05:00"]
