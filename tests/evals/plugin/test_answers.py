"""The pytest plugin: which answers and verdicts outlive a run, and how an eval ends that was not asked to its end."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.evals.plugin.plugged import SMALL, asked, ran

pytest_plugins = ("pytester",)


@pytest.mark.slow
def test_answers_are_kept_between_runs_as_long_as_the_version_stays(pytester: pytest.Pytester) -> None:
    source = f"""
        from litany.models.agent import Agent

        @pytest.mark.litany_eval({SMALL}, model=Agent(agent, version="VERSION"))
        def test_it(litany_eval):
            assert litany_eval("needle", n=SIZE).at_least("bare", 0.2)
    """

    def after(version: str, size: int) -> int:
        result = ran(pytester, source.replace("VERSION", version).replace("SIZE", str(size)))
        result.assert_outcomes(passed=1)
        return asked(pytester)

    assert after("1", 6) == 12
    assert after("1", 6) == 12
    assert after("1", 8) == 16, "a larger n asks only what is new"
    assert after("1", 4) == 16
    assert after("2", 4) == 24
    assert after("1", 8) == 24, "answers of an earlier version are still there"


def test_an_agent_without_a_version_is_asked_anew(pytester: pytest.Pytester) -> None:
    source = f"""
        def test_it(litany_eval):
            litany_eval("needle", model=agent, {SMALL})
    """

    assert [(ran(pytester, source).ret, asked(pytester)) for _ in range(2)] == [(0, 12), (0, 24)]


def test_a_judge_grades_what_code_cannot_tell(pytester: pytest.Pytester) -> None:
    script = pytester.path / "judge.jsonl"
    script.write_text((json.dumps({"role": "assistant", "content": "correct"}) + "\n") * 12, encoding="utf-8")

    result = ran(
        pytester,
        f"""
        @pytest.mark.litany_eval({SMALL}, judge="scripted:judge.jsonl", max_cost=None)
        def test_it(litany_eval):
            assert litany_eval("needle", model=lambda messages, tools: "So to say.")["bare"].middle == 1
    """,
    )

    result.assert_outcomes(passed=1)


@pytest.mark.slow
def test_a_verdict_is_kept_though_the_agent_is_asked_anew(pytester: pytest.Pytester) -> None:
    script = pytester.path / "judge.jsonl"
    script.write_text((json.dumps({"role": "assistant", "content": "correct"}) + "\n") * 6, encoding="utf-8")
    source = f"""
        def vague(messages, tools):
            agent(messages, tools)
            return "So to say."

        @pytest.mark.litany_eval({SMALL}, model=vague, judge="scripted:judge.jsonl")
        def test_it(litany_eval):
            assert litany_eval("needle")["bare"].middle == 1
    """

    ran(pytester, source).assert_outcomes(passed=1)
    (cache,) = pytester.path.rglob("cache.sqlite")
    before = verdicts(cache)
    ran(pytester, source).assert_outcomes(passed=1)

    assert asked(pytester) == 24
    assert len(before) == 6
    assert verdicts(cache) == before, "each with the time that it took at first"


def verdicts(cache: Path) -> set[str]:
    """What a judge said, as it is kept."""
    with closing(sqlite3.connect(cache)) as opened:
        return {body for (body,) in opened.execute("SELECT body FROM answer") if '"correct"' in body}


def test_a_provider_that_is_down_is_told_and_so_is_money_that_is_spent(pytester: pytest.Pytester) -> None:
    result = ran(
        pytester,
        """
        def down(messages, tools):
            raise ConnectionError("nobody there")

        @pytest.mark.litany_eval(lengths="600", depths=[0, 1], n=20, pace={"retries": 0})
        def test_it(litany_eval):
            litany_eval("needle", model=down)
    """,
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["E*EvalError: nothing is answered any more (ConnectionError: nobody there), and * of 40 samples are left*"]
    )
