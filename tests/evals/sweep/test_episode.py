"""Samples of many calls: scored by the world, each call kept, resumed where they were, stopped by money and errors."""

from dataclasses import replace
from pathlib import Path

import pytest

from litany.errors import EvalError
from litany.evals.errand import KINDS, world
from litany.evals.outcome import Outcome, paid
from litany.evals.report import figures
from litany.evals.report import read as results
from litany.evals.sweep import Pace, Ran, Suite, parts_of, plan, read, rescore, run
from tests.evals.errand.worker import Worker

SUITE = Suite(("errand:24",), "worker", ("last-n", "litany"), (900,), (0.0,), n=2, pace=Pace(workers=1, retries=0))
"""4 samples."""
CALLS = 4 * 24


def swept(out: Path, model: Worker, suite: Suite = SUITE, most: float | None = None) -> Ran:
    return run(suite, model, out, max_cost=most)


def of(out: Path, arm: str) -> list[Outcome]:
    return [each for each in read(out) if each.arm == arm]


def test_an_errand_is_scored_by_what_stands_in_the_world(tmp_path: Path) -> None:
    ran = swept(tmp_path, Worker(dollars=0.5))

    assert (ran.total, ran.now, ran.errors) == (4, 4, 0)
    kept, lost = of(tmp_path, "litany"), of(tmp_path, "last-n")
    assert [each.score for each in kept + lost] == [1.0, 1.0, 0.0, 0.0]
    one = world(0, 24)
    assert kept[0].answer == "\n".join(one.effects)
    assert (kept[0].question, kept[0].seed) == (f"errand:24/{one.kind.name}", 0)
    assert kept[0].details is not None
    assert lost[1].details is not None
    assert {**kept[0].details, "prompt_end": ""} == {
        "asked": 24,
        "done": 24,
        "of": 24,
        "drift": 0,
        "owed": 11.0,
        "prompt_end": "",
    }
    slip = lost[1].details["slip"]
    assert lost[1].details["done"] == slip - 1
    assert lost[1].details["drift"] == 24 - slip + 1
    assert "whatever" in lost[1].details["slipped"]
    assert kept[0].cost == 12.0
    assert kept[0].completion == 24 * 8


def test_what_two_arms_send_alike_at_one_step_is_asked_once(tmp_path: Path) -> None:
    model = Worker()
    swept(tmp_path, model)

    assert 24 * 2 < model.asked < CALLS


def test_what_two_arms_send_alike_is_paid_for_by_one_of_them_and_the_report_adds_up(tmp_path: Path) -> None:
    model = Worker(dollars=0.5)
    ran = swept(tmp_path, model)

    (board,) = figures(results(tmp_path)).boards
    assert ran.cost == 0.5 * model.asked
    assert sum(each.cost or 0.0 for each in board.standings) == ran.cost
    assert [each.price.middle for each in board.standings if each.price] == [12.0, 12.0]


def test_answers_of_another_folder_cost_an_errand_nothing(tmp_path: Path) -> None:
    first, second = Worker(dollars=0.5), Worker(dollars=0.5)
    run(SUITE, first, tmp_path / "one", cache=tmp_path / "answers")
    ran = run(SUITE, second, tmp_path / "two", cache=tmp_path / "answers")

    assert (second.asked, ran.cost, ran.reused) == (0, 0.0, 4)
    assert [paid(each) for each in read(tmp_path / "two")] == [0.0] * 4


def test_a_limit_below_one_call_of_an_errand_is_refused(tmp_path: Path) -> None:
    model = Worker(dollars=1.0)

    with pytest.raises(EvalError, match="one call of worker may cost"):
        swept(tmp_path, model, most=0.5)

    assert model.asked == 0


def test_a_sweep_that_failed_midway_goes_on_and_pays_for_no_call_twice(tmp_path: Path) -> None:
    alone, broken, again = Worker(), Worker(fails=[10, 40]), Worker()
    swept(tmp_path / "whole", alone)
    first = swept(tmp_path / "halves", broken)
    assert first.errors == 2
    assert {each.error.kind for each in read(tmp_path / "halves") if each.error} == {"provider"}

    second = swept(tmp_path / "halves", again)

    assert (second.now, second.errors, second.left) == (2, 0, 0)
    assert broken.asked - 2 + again.asked == alone.asked
    assert [_plain(each) for each in sorted(read(tmp_path / "halves"), key=lambda each: each.key)] == [
        _plain(each) for each in sorted(read(tmp_path / "whole"), key=lambda each: each.key)
    ]


def _plain(outcome: Outcome) -> Outcome:
    return replace(outcome, latency=0.0)


def test_the_money_ends_it_in_the_middle_of_an_errand_and_more_of_it_goes_on(tmp_path: Path) -> None:
    one = swept(tmp_path, Worker(dollars=1.0), most=30.0)
    assert one.stopped == "cost"
    assert one.cost <= 30.0

    two = swept(tmp_path, Worker(dollars=1.0), most=200.0)

    assert two.stopped is None
    assert two.left == 0


def test_it_is_graded_again_without_a_model(tmp_path: Path) -> None:
    swept(tmp_path, Worker())
    before = [each.score for each in read(tmp_path)]

    found = rescore(tmp_path)

    assert (found.scored, found.changed, found.failed) == (4, 0, 0)
    assert [each.score for each in read(tmp_path)] == before


def test_a_plan_counts_every_call_of_an_errand(tmp_path: Path) -> None:
    model = Worker(dollars=0.5)
    found = plan(SUITE, model, tmp_path)

    assert found.calls == 4 * 36
    assert found.dollars == 0.5 * found.calls
    swept(tmp_path, model)
    assert plan(SUITE, model, tmp_path).calls == 0


def test_worlds_of_a_kind_are_trials_of_one_case_and_intervals_go_by_kind(tmp_path: Path) -> None:
    suite = replace(SUITE, tasks=("errand:12",), n=2 * len(KINDS))
    swept(tmp_path, Worker(), suite)

    (board,) = figures(results(tmp_path)).boards
    assert [len(each.passes) for each in board.standings] == [2, 2]
    assert {each.score.n for each in board.standings if each.score} == {len(KINDS)}
    assert {each.paired.n for each in board.contrasts} == {len(KINDS)}


@pytest.mark.parametrize(
    ("suite", "said"),
    [
        (replace(SUITE, tasks=("errand", "needle")), "errand is many calls and has arms of its own"),
        (replace(SUITE, depths=(0.0, 1.0)), "an errand has no depths; give one, 0"),
        (replace(SUITE, arms=("bare",)), "an errand has no arm 'bare'; there are last-n"),
        (replace(SUITE, tasks=("errand:0",)), "'errand:0' is no errand; write errand:N"),
        (replace(SUITE, tasks=("errand:many",)), "'errand:many' is no errand; write errand:N"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_asked(suite: Suite, said: str) -> None:
    with pytest.raises(EvalError, match=said):
        parts_of(suite)
