"""A whole sweep into a folder: what is asked, what is written, and what a further run asks."""

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Barrier, get_ident
from typing import Any

import pytest

from litany.core.completion import Completion, Usage
from litany.errors import EvalError, WindowTooSmall
from litany.evals.case import Case, Truth
from litany.evals.lines import NAME
from litany.evals.outcome import Outcome
from litany.evals.report import figures
from litany.evals.report import read as results
from litany.evals.sweep import Interrupted, Pace, Parts, Progress, Ran, Suite, read, rescore, run
from litany.evals.sweep.toml import read as suite_in
from tests.evals.sweep.parts import PARTS, SUITE, Arm, HttpError, Model, Prompt, Still, alone, case, parts


def swept(out: Path, model: Model, suite: Suite = SUITE, parts: Parts = PARTS, **how: Any) -> Ran:
    return run(suite, model, out, parts=parts, **how)


def test_every_cell_has_one_outcome_that_says_all_of_it(tmp_path: Path) -> None:
    ran = swept(tmp_path, Model(dollars=0.5))
    outcomes = read(tmp_path)

    assert ran == Ran(total=60, before=0, now=60, errors=0, reused=0, cost=30.0)
    assert len({each.key for each in outcomes}) == len(outcomes) == 60
    one = next(each for each in outcomes if (each.arm, each.seed, each.length, each.depth) == ("recite", 3, 200, 0.5))
    assert replace(one, key="", latency=0, commit="", case="") == Outcome(
        key="", task="code", arm="recite", policy="p1", model="stub-1", seed=3, trial=0, question="code/3",
        length=200, depth=0.5, truth='{"grader": "contains", "texts": ["1003"]}', answer="It is 1003.", score=1.0,
        error=None, tokens=50, cached=0, completion=5, latency=0, cost=0.5, commit="",
    )  # fmt: skip
    assert len({each.case for each in outcomes}) == 30  # the arms of a case share its text
    assert suite_in(tmp_path / "suite.toml") == SUITE


def test_arms_of_a_case_share_its_text_which_leaves_room_for_what_they_add(tmp_path: Path) -> None:
    model = Model()
    swept(tmp_path, model)
    texts = {json.loads(asked)[0]["content"] for asked in model.asked}

    assert len(texts) == 30
    assert all(" of 93 " in text or " of 193 " in text for text in texts)


def test_a_finished_sweep_asks_nothing_more(tmp_path: Path) -> None:
    swept(tmp_path, Model())
    again = Model()

    assert swept(tmp_path, again) == Ran(60, 60, 0, 0, 0, 0.0)
    assert again.asked == []


def test_a_sweep_may_grow_and_asks_only_what_is_new(tmp_path: Path) -> None:
    swept(tmp_path, Model())
    again = Model()

    ran = swept(tmp_path, again, replace(SUITE, n=6, trials=2, depths=(0.0, 0.25, 0.5, 1.0)))

    assert (ran.total, ran.before, ran.now, len(again.asked)) == (192, 60, 132, 132)


def test_arms_may_join_a_folder_where_every_text_has_room_for_them(tmp_path: Path) -> None:
    bare, recite = (replace(arm, usual=True) for arm in PARTS.arms if isinstance(arm, Arm))
    wide = Arm("every", "p2", "Remember all.")
    first, second = replace(SUITE, arms=("bare",)), replace(SUITE, arms=("bare", "recite"))
    swept(tmp_path, Model(), first, replace(PARTS, arms=[bare]))

    ran = swept(tmp_path, model := Model(), second, replace(PARTS, arms=[bare, recite]))

    assert (ran.before, ran.now, len(model.asked)) == (30, 30, 30)
    assert suite_in(tmp_path / "suite.toml") == second
    with pytest.raises(EvalError, match=r"another suite: its arms were bare, recite; .*arms.* may grow"):
        swept(tmp_path, Model(), first, replace(PARTS, arms=[bare]))
    with pytest.raises(
        EvalError, match=r"its arms were bare, recite, whose texts leave no room for what every may add"
    ):
        swept(
            tmp_path,
            Model(),
            replace(SUITE, arms=("bare", "recite", "every")),
            replace(PARTS, arms=[bare, recite, wide]),
        )


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (replace(SUITE, seed=2), "its seed was 0; "),
        (replace(SUITE, options={"temperature": 1.0}), "it had no options; "),
        (replace(SUITE, n=4, depths=(0.5,)), r"its depths were 0.0, 0.5, 1.0, its n was 5; "),
    ],
)
def test_a_folder_of_another_suite_is_refused_and_left_alone(other: Suite, told: str, tmp_path: Path) -> None:
    swept(tmp_path, Model())
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.[jt]*")}

    with pytest.raises(EvalError, match=f"holds outcomes of another suite: {told}"):
        swept(tmp_path, Model(), other)
    with pytest.raises(EvalError, match="holds outcomes of another suite"):
        swept(tmp_path, Model(), parts=parts("bare", "recite", "more"))
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.[jt]*")} == before


def test_what_two_arms_ask_alike_is_asked_and_paid_once_but_each_trial_anew(tmp_path: Path) -> None:
    model = Model(dollars=1)
    twins = replace(PARTS, arms=[Arm("bare"), Arm("twin")])

    ran = swept(tmp_path, model, replace(SUITE, trials=2, arms=("bare", "twin")), twins)

    assert (ran.now, ran.reused, ran.cost, len(model.asked)) == (120, 60, 60.0, 60)
    assert {each.cost for each in read(tmp_path)} == {1.0}, "each arm shows what it takes"
    (board,) = figures(results(tmp_path)).boards
    assert [each.price and each.price.middle for each in board.standings] == [1.0, 1.0]
    assert sum(each.cost or 0 for each in board.standings) == 60.0, "in all it is what was paid"


def test_what_a_stopped_run_paid_for_is_in_the_cost_of_the_one_that_goes_on(tmp_path: Path) -> None:
    swept(tmp_path, Model(dollars=1))
    (tmp_path / NAME).unlink()

    swept(tmp_path, Model())

    (board,) = figures(results(tmp_path)).boards
    assert sum(each.cost or 0 for each in board.standings) == 60.0


def test_an_error_is_an_outcome_and_no_zero_and_is_asked_again(tmp_path: Path) -> None:
    model = Model(errors=[HttpError(401, "bad key"), KeyError("choices")])

    assert swept(tmp_path, model).errors == 2
    failed = [each for each in read(tmp_path) if each.error]
    assert {(each.score, each.answer, each.error.kind) for each in failed if each.error} == {(None, None, "provider")}
    assert swept(tmp_path, Model()) == Ran(60, 58, 2, 0, 0, 0.0)
    assert all(each.score == 1 for each in read(tmp_path))
    assert len(read(tmp_path)) == 60


def test_an_arm_or_a_task_that_fails_fails_in_its_cells_only(tmp_path: Path) -> None:
    class Narrow(Arm):
        def view(self, case: Case, count: object, /) -> Prompt:
            raise WindowTooSmall("no room", culprit="goal", tokens=2, room=1)

    def odd(task: Any, seed: int, *rest: Any) -> Case:
        if seed == 4:
            raise ZeroDivisionError("seed 4")
        return case(task, seed, *rest)

    ran = swept(tmp_path, Model(), parts=replace(PARTS, arms=[Arm("bare"), Narrow("narrow")], case=odd))

    errors = [(each.arm, each.error.text) for each in read(tmp_path) if each.error]
    assert (ran.now, ran.errors) == (60, 36)
    assert errors.count(("narrow", "WindowTooSmall: no room")) == 24
    assert errors.count(("bare", "the case could not be made: ZeroDivisionError: seed 4")) == 6


def test_a_scorer_that_crashes_keeps_the_answer_which_can_be_scored_again(tmp_path: Path) -> None:
    def crashing(truth: Truth, message: object) -> float:
        raise RuntimeError("no judge today")

    assert swept(tmp_path, Model(), score=crashing).errors == 60
    one = read(tmp_path)[0]
    assert (one.score, one.error and one.error.kind, one.answer is not None) == (None, "scorer", True)
    assert swept(tmp_path, Model()) == Ran(60, 60, 0, 0, 0, 0.0), "it was answered, and is not asked again"

    done = rescore(tmp_path)

    assert (done.total, done.scored, done.changed, done.failed) == (60, 60, 60, 0)
    assert {(each.score, each.error) for each in read(tmp_path)} == {(1.0, None)}
    assert rescore(tmp_path, score=lambda truth, message: 0.5, to=tmp_path / "other.jsonl").changed == 60
    assert {each.score for each in read(tmp_path)} == {1.0}
    assert {each.score for each in read(tmp_path / "other.jsonl")} == {0.5}


def test_a_length_beyond_the_window_is_refused_before_the_first_call(tmp_path: Path) -> None:
    model = Model()

    with pytest.raises(EvalError, match=r"981 tokens and the window of stub-1 1,000, 20 of them .* lengths up to 980"):
        swept(tmp_path, model, replace(SUITE, lengths=(100, 981)))
    assert model.asked == []
    assert list(tmp_path.iterdir()) == []


def test_a_case_that_cannot_be_made_at_a_length_is_refused_before_the_first_call(tmp_path: Path) -> None:
    def short(task: Any, seed: int, length: int, *rest: Any) -> Case:
        if length < 200:
            raise EvalError("100 tokens do not hold the question; give at least 200")
        return case(task, seed, length, *rest)

    model = Model()
    with pytest.raises(EvalError, match="do not hold the question"):
        swept(tmp_path, model, parts=replace(PARTS, case=short))
    assert model.asked == []


def test_how_long_and_where_an_answer_is_waited_for_may_change_in_a_resumed_run(tmp_path: Path) -> None:
    first = replace(SUITE, options={"temperature": 0, "timeout": 1, "api_base": "http://127.0.0.1:1/v1"})
    again = replace(SUITE, options={"temperature": 0, "timeout": 600, "window": 2_000})
    swept(tmp_path, Model(errors=[TimeoutError()] * 3), replace(first, n=4, pace=Pace(retries=0)))

    rest = swept(tmp_path, (model := Model()), again)

    assert (rest.left, rest.errors) == (0, 0)
    assert 12 <= len(model.asked) < 60, "what was answered is not asked again"
    with pytest.raises(EvalError, match="outcomes of another suite"):
        swept(tmp_path, Model(), replace(again, options={"temperature": 1}))


def test_the_most_to_be_spent_is_never_passed_and_what_is_left_can_be_asked(tmp_path: Path) -> None:
    model = Model(dollars=0.1)

    ran = swept(tmp_path, model, max_cost=2.05)

    assert (ran.stopped, ran.now, ran.left, round(ran.cost, 6)) == ("cost", 20, 40, 2.0)
    assert swept(tmp_path, Model(dollars=0.1), max_cost=2.05).now == 0, "earlier runs count"
    rest = swept(tmp_path, Model(dollars=0.1))
    assert (rest.before, rest.now, rest.left, rest.stopped) == (20, 40, 0, None)


def test_a_limit_below_what_one_call_may_cost_is_refused_before_the_first_one(tmp_path: Path) -> None:
    class Priced(Model):
        longest = 800

        def price(self, usage: Usage, /) -> float:
            return usage.completion / 1_000

    model = Priced()
    told = (
        r"one call of stub-1 may cost \$0.80, for it may answer 800 tokens, and \$0.50 is all that may be spent; give"
    )
    with pytest.raises(EvalError, match=told):
        swept(tmp_path / "out", model, max_cost=0.5)
    assert (model.asked, list(tmp_path.iterdir())) == ([], [])
    swept(tmp_path / "out", model)
    assert swept(tmp_path / "out", model, max_cost=0.5).before == 60, "nothing is left to be paid"


@pytest.mark.parametrize("longest", [3_000, None])
def test_long_answers_of_all_workers_at_once_stay_within_the_most(longest: int | None, tmp_path: Path) -> None:
    """Where nobody knows the longest answer, the window bounds it."""

    class Long(Model):
        window = 3_200
        together = Barrier(3)

        def price(self, usage: Usage, /) -> float:
            return usage.completion / 1_000

        def __call__(self, messages: Sequence[Any], tools: Sequence[object] = (), /) -> Completion:
            self.together.wait(5)
            return super().__call__(messages, tools)

        def said(self, messages: Sequence[Any]) -> Completion:
            return replace(super().said(messages), usage=Usage(50, 3_000))

    model = Long()
    model.longest = longest

    ran = swept(tmp_path, model, replace(SUITE, pace=Pace(workers=8)), max_cost=10.0)

    assert (ran.stopped, ran.now, ran.cost) == ("cost", 3, 9.0)
    assert len(model.asked) == 3


def test_progress_is_told_in_the_callers_thread_and_ends_with_all_done(tmp_path: Path) -> None:
    told, threads = list[Progress](), set[int]()

    def tell(progress: Progress) -> None:
        told.append(progress)
        threads.add(get_ident())

    swept(tmp_path, Model(dollars=1), tell=tell)

    assert threads == {get_ident()}
    assert (told[-1].done, told[-1].total, told[-1].cost, told[-1].left) == (60, 60, 60.0, 0)
    assert told[-1].rate > 0


def test_long_histories_that_are_made_before_the_first_call_are_told_of(tmp_path: Path) -> None:
    class Wide(Model):
        window = 2_000_000

    told = list[Progress]()

    swept(tmp_path, Wide(), replace(SUITE, n=1, lengths=(1_000_000, 100, 50_000)), tell=told.append)

    assert [each.making for each in told[:3]] == [
        "code at 50,000 tokens (2 of 3)",
        "code at 1,000,000 tokens (3 of 3)",
        "",
    ]
    assert (told[0].done, told[0].total) == (0, 18)


def test_an_interrupt_keeps_what_was_answered_and_says_what_is_left(tmp_path: Path) -> None:
    moments = count()

    def odd(*given: Any) -> Case:
        if next(moments) == 20:
            raise KeyboardInterrupt
        return case(*given)

    model = Model()
    with pytest.raises(Interrupted, match="of 60 samples are left, and the same command asks them") as caught:
        swept(tmp_path, model, parts=replace(PARTS, case=odd))

    ran = caught.value.ran
    assert ran.stopped == "interrupt"
    assert ran.now == len(read(tmp_path)) == len(model.asked) < 60
    again = Model()
    assert swept(tmp_path, again).before == ran.now
    assert len(again.asked) == ran.left


def test_an_interrupt_ends_every_wait(tmp_path: Path) -> None:
    class Impatient(Still):
        def wait(self, seconds: float) -> bool:
            if seconds > 100:
                raise KeyboardInterrupt
            return super().wait(seconds)

    model = Model(errors=[HttpError(429, retry_after="500")])
    with pytest.raises(Interrupted) as caught:
        swept(tmp_path, model, alone(), clock=Impatient())
    assert caught.value.ran.now == len(read(tmp_path))


def test_a_busy_provider_costs_time_and_no_sample(tmp_path: Path) -> None:
    clock, model = Still(), Model(errors=[HttpError(429, retry_after="30"), HttpError(529), HttpError(500)])

    ran = swept(tmp_path, model, alone(replace(SUITE, pace=Pace(requests=60))), clock=clock)

    assert (ran.now, ran.errors, len(model.asked)) == (60, 0, 63)
    assert clock.time >= 30 + 60


def test_an_answer_that_was_cut_off_before_it_began_is_an_error(tmp_path: Path) -> None:
    class Cut(Model):
        def said(self, messages: Sequence[Any]) -> Completion:
            return Completion({"role": "assistant", "content": ""}, Usage(50, 5), "length")

    swept(tmp_path, Cut())

    assert {each.error and each.error.text for each in read(tmp_path)} == {
        "cut off after 5 tokens, before it said anything; allow longer answers"
    }


def test_figures_beside_the_score_say_what_it_does_not(tmp_path: Path) -> None:
    class Calls(Model):
        def said(self, messages: Sequence[Any]) -> Completion:
            call = {"id": "1", "type": "function", "function": {"name": "send", "arguments": '{"to": "ann"}'}}
            return Completion({"content": "red", "tool_calls": [call]}, Usage(50, 5), "tool_calls")

    def both(*given: Any) -> Case:
        return replace(case(*given), truth=Truth("all", ("red", "blue")))

    swept(tmp_path, Calls(), parts=replace(PARTS, case=both))
    one = read(tmp_path)[0]

    assert one.details is not None
    assert {name: one.details[name] for name in ("calls", "found", "of")} == {"calls": 1, "found": 1, "of": 2}
    assert (one.answer, one.score) == ('red\nsend({"to": "ann"})', 0.0)


def test_two_sweeps_do_not_write_into_one_folder_at_once(tmp_path: Path) -> None:
    def nested(*given: Any) -> Case:
        with pytest.raises(EvalError, match="another sweep is at work"):
            swept(tmp_path, Model())
        return case(*given)

    assert swept(tmp_path, Model(), replace(SUITE, n=1), replace(PARTS, case=nested)).now == 12


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")

    with pytest.raises(EvalError, match="out cannot be written"):
        swept(tmp_path / "out", Model())
