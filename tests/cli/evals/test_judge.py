"""`litany eval --judge` and `--rescore`: who grades, what that costs, and that no verdict is paid twice."""

import re
from pathlib import Path

import pytest

from litany.evals.sweep import read
from litany.evals.sweep.toml import read as suite_in
from litany.testing import Fault, Provider
from tests.adapters.asked import GPT
from tests.cli.evals.command import SHORT, SUITE, found, litany, litellm


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
@pytest.mark.slow
def test_a_judge_is_paid_within_the_limit_counted_in_the_summary_and_asked_for_no_verdict_twice() -> None:
    with Provider(lambda request: "correct" if "You grade" in str(request.body) else "lost in thought") as provider:
        Path("suite.toml").write_text(SUITE.replace("scripted:said.jsonl", GPT).partition("options")[0])
        line = f"eval suite.toml --workers 1 --set api_base={provider.url}/v1 --judge {GPT} --out out {SHORT}"
        planned = litany(f"{line} --dry-run").stdout
        stopped = litany(f"{line} --max-cost 0.0003")
        first = len(provider.requests)
        rest = litany(line)
        every = len(provider.requests)
        found("eval --rescore --out out")
        again = found(f"eval --rescore --out out --judge {GPT} --max-cost 0.0000001")

    assert re.search(r"^judge +up to 8 calls, [\d,]+ tokens to send, some 32 to be written$", planned, re.MULTILINE)
    assert re.search(r"^money +some \$0\.\d+, the judge's \$0\.\d+ among them$", planned, re.MULTILINE)
    assert stopped.returncode == 1
    assert "of $0.0003 are spent" in stopped.stderr
    assert 0 < first < every <= 16
    assert rest.returncode == 0
    assert re.search(r"the judge asked 8 times \([\d,]+ tokens sent, [\d,]+ written, \$0\.\d+\)", rest.stdout)
    assert len(provider.requests) == every, "what was said is known"
    assert again["report"]["judge"]["calls"] == 8


@litellm
@pytest.mark.slow
def test_grading_again_stops_at_the_limit_says_how_to_go_on_and_then_asks_only_the_rest() -> None:
    with Provider(
        lambda request: "correct" if "You grade" in str(request.body) else f"lost in thought {request.number}"
    ) as provider:
        Path("suite.toml").write_text(SUITE.replace("scripted:said.jsonl", GPT).partition("options")[0])
        asked = found(f"eval suite.toml --set api_base={provider.url}/v1 --out out {SHORT}")
        line = f"eval --rescore --out out --judge {GPT} --workers 1"
        most = asked["cost"] + 0.00019
        planned = litany(f"{line} --dry-run --max-cost {asked['cost'] + 0.0001}")
        before = Path("out/outcomes.jsonl").read_bytes()
        stopped = litany(f"{line} --max-cost {most}")
        kept = Path("out/outcomes.jsonl").read_bytes()
        todo = found(f"{line} --dry-run")
        done = found(line)

    assert re.search(r"^grades +8 answers of out by openai/", planned.stdout)
    assert re.search(r"^calls +8$", planned.stdout, re.MULTILINE)
    assert re.search(r"^money +some \$[\d.]+; \$[\d.]+ are spent already; --max-cost", planned.stdout, re.MULTILINE)
    assert (stopped.returncode, stopped.stdout) == (1, "")
    assert re.fullmatch(
        r"litany: \$0.\d+ of \$0.\d+ are spent, .* of 8 answers are left; the scores in out are as they were, and "
        r"verdicts are kept; to go on: the same command with a greater --max-cost\n",
        stopped.stderr,
    )
    assert kept == before
    assert 0 < todo["known"] < 8
    assert todo["judge"]["calls"] == 8 - todo["known"]
    assert (done["scored"], done["changed"], done["stopped"]) == (8, 8, None)
    assert len(provider.requests) == 16


@litellm
@pytest.mark.slow
def test_a_judge_that_is_down_leaves_the_scores_and_says_why() -> None:
    with Provider(["yes"], faults=[Fault(status=401)] * 1_000) as provider:
        suite = SUITE.replace("options = {cycle = true}", f'options = {{api_base = "{provider.url}/v1"}}')
        found("eval mine.toml --out out")
        Path("out/suite.toml").write_text(suite.replace("scripted:said.jsonl", GPT))
        before = Path("out/outcomes.jsonl").read_bytes()
        ran = litany(f"eval --rescore --out out --judge {GPT}")

    assert ran.returncode == 1
    assert "litany: stopped, because nothing is answered any more (the judge openai/gpt-4o-mini: " in ran.stderr
    assert "; to go on, later: litany" in ran.stderr
    assert Path("out/outcomes.jsonl").read_bytes() == before
