"""A judge is asked as the model is: from the cache, at the sweep's pace, on its money; a verdict is paid once."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from litany.core.completion import Completion, Usage
from litany.errors import EvalError
from litany.evals.judge import Judge
from litany.evals.outcome import Failure, Toll
from litany.evals.report import figures
from litany.evals.report import read as results
from litany.evals.report.markdown import origin
from litany.evals.sweep import Interrupted, Pace, Suite, Unscored, due, plan, read, rescore, run
from litany.evals.sweep.shift import DOWN
from litany.evals.sweep.toml import read as suite_in
from litany.models.model import Unanswered
from tests.evals.sweep.parts import SUITE, HttpError, Model, Still, case, parts


class Vague(Model):
    """Answers what code cannot tell, to each question another text."""

    def said(self, messages: Sequence[Any]) -> Completion:
        text = f"What it says {messages[0]['content'].rpartition('the code')[0]} for {messages[0]['content'][-5:-1]}"
        return Completion({"role": "assistant", "content": text.replace(" for 1", " for: one ")}, Usage(50, 5), "stop")


class Grades(Model):
    """A judge: says these in turn, and then that all is correct."""

    name = "judge-1"

    def __init__(self, *said: str, dollars: float | None = None, errors: Sequence[Exception] = ()) -> None:
        super().__init__(dollars=dollars, errors=errors)
        self.words = list(said)

    def said(self, messages: Sequence[Any]) -> Completion:
        word = self.words.pop(0) if self.words else "correct"
        return Completion({"role": "assistant", "content": word}, Usage(30, 1), "stop")


JUDGED = replace(SUITE, judge="judge-1", arms=("bare",), lengths=(100,), depths=(0.0, 1.0), pace=Pace(workers=1))
"""10 samples."""
BARE = parts("bare")


def swept(out: Path, model: Model, judge: Grades, suite: Suite = JUDGED, **how: Any) -> Any:
    return run(suite, model, out, parts=BARE, score=Judge(judge), **how)


def scores(out: Path) -> set[tuple[float | None, str | None]]:
    return {(each.score, None if each.error is None else each.error.kind) for each in read(out)}


class Impatient(Still):
    """Whoever waits long is interrupted."""

    def wait(self, seconds: float) -> bool:
        if seconds > 100:
            raise KeyboardInterrupt
        return super().wait(seconds)


def test_every_outcome_says_what_its_judge_took_and_the_run_what_both_cost(tmp_path: Path) -> None:
    ran = swept(tmp_path, Vague(dollars=1.0), Grades(dollars=0.25))

    outcomes = read(tmp_path)
    assert (ran.now, ran.errors, ran.cost) == (10, 0, 12.5)
    assert {each.judge for each in outcomes} == {Toll(1, 30, 1, 0.25)}
    assert {(each.score, each.cost) for each in outcomes} == {(1.0, 1.0)}
    found = figures(results(tmp_path))
    assert found.judge == Toll(10, 300, 10, 2.5)
    assert "the judge asked 10 times (300 tokens sent, 10 written, $2.50)" in origin(found)


def test_what_code_finds_right_takes_no_judge(tmp_path: Path) -> None:
    judge = Grades()

    swept(tmp_path, Model(), judge)

    assert judge.asked == []
    assert {each.judge for each in read(tmp_path)} == {None}
    assert "judge" not in origin(figures(results(tmp_path)))


def test_the_same_answer_to_the_same_truth_is_judged_and_paid_once(tmp_path: Path) -> None:
    class Same(Model):
        def said(self, messages: Sequence[Any]) -> Completion:
            return Completion({"role": "assistant", "content": "I forgot"}, Usage(50, 5), "stop")

    judge = Grades(dollars=1.0)

    ran = swept(tmp_path, Same(dollars=0.0), judge, replace(JUDGED, trials=3, pace=Pace(workers=8)))

    assert (ran.now, len(judge.asked), ran.cost) == (30, 5, 5.0), "five questions, so five truths"


def test_the_limit_of_the_cost_holds_for_samples_and_judge_together_and_nothing_is_paid_twice(tmp_path: Path) -> None:
    model, judge = Vague(dollars=0.125), Grades(dollars=0.25)

    ran = swept(tmp_path, model, judge, max_cost=1.25)

    assert (ran.stopped, ran.now, ran.cost) == ("cost", 3, 1.25)
    assert (len(model.asked), len(judge.asked)) == (4, 3), "the fourth answer is paid, and kept for its judge"
    again, judge = Vague(dollars=0.125), Grades(dollars=0.25)
    ran = swept(tmp_path, again, judge)
    assert (ran.left, ran.cost) == (0, 3.75)
    assert (len(again.asked), len(judge.asked)) == (6, 7)


def test_money_is_set_aside_once_for_what_a_judge_may_write(tmp_path: Path) -> None:
    class Priced(Grades):
        longest = 20

        def price(self, usage: Usage, /) -> float:
            return float(usage.prompt + usage.completion)

    one = replace(JUDGED, n=1, depths=(0.0,))

    assert swept(tmp_path, Vague(dollars=0.0), Priced(), one, max_cost=70.0).stopped is None


def test_a_limit_is_refused_where_the_judges_price_is_not_known(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="no price is known for judge-1"):
        swept(tmp_path / "out", Vague(dollars=1.0), Grades(), max_cost=1.0)
    assert not (tmp_path / "out").exists()


def test_a_judge_that_is_busy_is_asked_again_at_the_sweeps_pace(tmp_path: Path) -> None:
    clock = Still()
    judge = Grades(errors=[HttpError(429, retry_after="30"), HttpError(503)])

    swept(tmp_path, Vague(), judge, replace(JUDGED, pace=Pace(workers=1, requests=60)), clock=clock)

    assert scores(tmp_path) == {(1.0, None)}
    assert len(judge.asked) == 12
    assert clock.time == 1 + 30 + 19, (
        "an answer, a try that waits, then a call a second: one more try, 9 answers, 10 verdicts"
    )


def test_a_judge_that_gives_no_answer_is_asked_again_by_the_next_run_and_the_model_is_not(tmp_path: Path) -> None:
    swept(tmp_path, Vague(), Grades(errors=[HttpError(401, "bad key")]))

    (failed,) = (each for each in read(tmp_path) if each.error)
    assert failed.error == Failure("provider", "the judge judge-1: HttpError: bad key")
    assert (failed.answer is not None, failed.judge) == (True, None)
    planned = plan(JUDGED, Vague(), tmp_path, parts=BARE, judge=Judge(Grades()))
    assert (planned.calls, planned.done, planned.judge and planned.judge.calls) == (0, 9, 1)
    model, judge = Vague(), Grades()
    assert swept(tmp_path, model, judge).now == 1
    assert (len(model.asked), len(judge.asked)) == (0, 1)
    assert scores(tmp_path) == {(1.0, None)}


def test_what_a_judge_cannot_read_or_will_not_say_stays_as_it_is(tmp_path: Path) -> None:
    errors = [Unanswered(Failure("window", "too long")), Unanswered(Failure("refused", "no"))]
    judge = Grades("unsure", "well", "hm", errors=errors)

    swept(tmp_path, Vague(), judge)

    told = sorted(each.error.text for each in read(tmp_path) if each.error)
    assert told == [
        "EvalError: the judge judge-1 is unsure; score by code, or ask another model",
        "EvalError: the judge judge-1 says 'hm', which is no verdict; ask another model",
        "the judge judge-1: no",
        "the judge judge-1: too long",
    ]
    assert {each.judge and each.judge.calls for each in read(tmp_path)} == {None, 1, 2}
    assert swept(tmp_path, Vague(), Grades()).now == 0


def test_a_judge_who_is_down_ends_the_sweep_though_the_model_answers(tmp_path: Path) -> None:
    down = Grades(errors=[HttpError(401, "bad key")] * 100)

    ran = swept(tmp_path, Vague(), down, replace(JUDGED, n=50))

    assert (ran.stopped, ran.now, ran.errors) == ("down", DOWN, DOWN)


def test_an_interrupt_while_a_judge_is_waited_for_loses_no_answer(tmp_path: Path) -> None:
    model, judge = Vague(), Grades(errors=[HttpError(429, retry_after="500")])
    with pytest.raises(Interrupted):
        swept(tmp_path, model, judge, clock=Impatient())

    again = Vague()
    swept(tmp_path, again, Grades())
    assert len(model.asked) + len(again.asked) == 10


def test_a_plan_foresees_a_judge_for_all_that_code_may_find_wrong(tmp_path: Path) -> None:
    judge = Grades(dollars=0.25)

    before = plan(JUDGED, Vague(dollars=0.5), tmp_path, parts=BARE, judge=Judge(judge))
    half = replace(JUDGED, pace=Pace(workers=1, requests=10))

    assert before.judge == Toll(calls=10, tokens=10 * (50 + 256), completion=40, cost=2.5)
    assert before.dollars == 7.5
    assert plan(half, Vague(), parts=BARE, judge=Judge(judge)).seconds == 120
    assert plan(half, Vague(), parts=BARE, judge=Judge(Grades())).dollars is None
    assert judge.asked == []


def test_a_plan_goes_by_how_often_a_judge_was_asked_here(tmp_path: Path) -> None:
    class Mixed(Vague):
        def said(self, messages: Sequence[Any]) -> Completion:
            right = int(messages[0]["content"][-2]) % 2
            return Model.said(self, messages) if right else super().said(messages)

    swept(tmp_path, Mixed(), Grades(dollars=0.25), replace(JUDGED, n=4))

    found = plan(replace(JUDGED, n=8), Mixed(), tmp_path, parts=BARE, judge=Judge(Grades(dollars=0.25)))

    assert found.calls == 8
    assert found.judge == Toll(calls=4, tokens=4 * 55, completion=4, cost=1.0)


def test_a_plan_takes_no_judge_for_calls_which_code_compares(tmp_path: Path) -> None:
    def called(*given: Any) -> Any:
        made = case(*given)
        return replace(made, truth=replace(made.truth, grader="action", texts=(), call="send"))

    found = plan(JUDGED, Vague(), parts=replace(BARE, case=called), judge=Judge(Grades()))

    assert found.judge == Toll(0, 0, 0, 0.0)


def test_grading_again_asks_a_judge_only_what_it_never_said(tmp_path: Path) -> None:
    run(replace(JUDGED, judge=None), Vague(dollars=0.5), tmp_path, parts=BARE)
    judge = Grades("incorrect", dollars=0.25)

    todo = due(tmp_path, Judge(judge))
    done = rescore(tmp_path, score=Judge(judge))

    assert (todo.total, todo.known, todo.judge) == (10, 0, Toll(10, 500, 40, 2.5))
    assert (done.scored, done.changed, done.cost, done.stopped) == (10, 9, 7.5, None)
    assert suite_in(tmp_path / "suite.toml").judge == "judge-1"
    assert {each.judge for each in read(tmp_path)} == {Toll(1, 30, 1, 0.25)}
    rescore(tmp_path)
    assert suite_in(tmp_path / "suite.toml").judge is None
    assert {(each.score, each.judge) for each in read(tmp_path)} == {(0.0, None)}
    again = Grades(dollars=0.25)
    assert rescore(tmp_path, score=Judge(again)).cost == 7.5
    assert (again.asked, due(tmp_path, Judge(again)).known) == ([], 10)
    assert sum(each.score or 0 for each in read(tmp_path)) == 9


def test_grading_again_uses_the_verdicts_of_the_sweep_itself(tmp_path: Path) -> None:
    same = replace(JUDGED, judge="stub-1", model="stub-1", options={"temperature": 0.0})
    run(same, Vague(), tmp_path, parts=BARE, score=Judge(Grades(), "stub-1"))
    judge = Grades()

    rescore(tmp_path, score=Judge(judge, "stub-1"))

    assert judge.asked == []


def test_grading_again_stops_at_the_limit_changes_no_score_and_goes_on_later(tmp_path: Path) -> None:
    run(replace(JUDGED, judge=None), Vague(dollars=0.1), tmp_path, parts=BARE)
    before = (tmp_path / "outcomes.jsonl").read_bytes()

    done = rescore(tmp_path, score=Judge(Grades(dollars=0.2)), max_cost=1.65)

    assert (done.stopped, done.left, round(done.cost, 6)) == ("cost", 7, 1.6)
    assert (tmp_path / "outcomes.jsonl").read_bytes() == before
    assert suite_in(tmp_path / "suite.toml").judge is None
    judge = Grades(dollars=0.2)
    assert rescore(tmp_path, score=Judge(judge)).stopped is None
    assert len(judge.asked) == 7


def test_a_judge_who_says_nothing_at_all_changes_no_score_and_one_who_does_changes_the_others(tmp_path: Path) -> None:
    run(replace(JUDGED, judge=None), Vague(), tmp_path, parts=BARE)
    before = (tmp_path / "outcomes.jsonl").read_bytes()

    down = rescore(tmp_path, score=Judge(Grades(errors=[HttpError(401, "bad key")] * 100)))
    assert (tmp_path / "outcomes.jsonl").read_bytes() == before
    some = rescore(tmp_path, score=Judge(Grades(errors=[HttpError(401, "bad key")])))

    assert (down.stopped, down.left, down.silence) == ("down", 10, "the judge judge-1: HttpError: bad key")
    assert (some.stopped, some.failed, some.changed) == (None, 1, 10)
    assert scores(tmp_path) == {(1.0, None), (None, "provider")}


def test_grading_again_that_is_interrupted_keeps_the_verdicts_and_the_scores(tmp_path: Path) -> None:
    run(replace(JUDGED, judge=None), Vague(), tmp_path, parts=BARE)
    before = (tmp_path / "outcomes.jsonl").read_bytes()

    class Tired(Grades):
        def said(self, messages: Sequence[Any]) -> Completion:
            if len(self.asked) == 4:
                raise HttpError(429, retry_after="500")
            return super().said(messages)

    with pytest.raises(Unscored, match="7 of 10 answers are left, and the same command grades them"):
        rescore(tmp_path, score=Judge(Tired()), clock=Impatient())
    assert (tmp_path / "outcomes.jsonl").read_bytes() == before
    judge = Grades()
    rescore(tmp_path, score=Judge(judge))

    assert len(judge.asked) == 7
