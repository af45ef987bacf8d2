"""The numbers of a report: intervals, shapes, differences; errors counted apart."""

from dataclasses import replace
from pathlib import Path

import pytest

from litany.evals.report.cells import by_cell
from litany.evals.report.figures import Board, estimate, figures
from litany.evals.report.grid import Span, grid, spans
from litany.evals.report.read import Results
from litany.evals.stats import LEAST, Verdict, holm, mcnemar, wilson
from tests.evals.made import DEPTHS, LENGTHS, PLAIN, failed, flat, outcomes, u_shaped


def board(**changes: object) -> Board:
    made = tuple(outcomes(**changes))  # type: ignore[arg-type]  # whatever the generator takes
    (only,) = figures(Results(Path("x/outcomes.jsonl"), made)).boards
    return only


def test_a_cell_of_right_and_wrong_has_wilsons_interval() -> None:
    every = [replace(PLAIN, question=f"q{n}", score=float(n < 7)) for n in range(10)]

    assert estimate(every) == wilson(7, 10)


def test_errors_are_in_no_share() -> None:
    every = [replace(PLAIN, question=f"q{n}", score=float(n < 7)) for n in range(10)]

    assert estimate([*every, *(failed(replace(one, question="e")) for one in every)]) == wilson(7, 10)
    assert estimate([failed(PLAIN)]) is None


def test_a_question_asked_again_is_no_new_evidence() -> None:
    every = [replace(PLAIN, question=f"q{n}", trial=t, score=float(n < 7)) for n in range(10) for t in range(9)]

    found = estimate(every)

    assert found is not None
    assert found.n == 10
    assert found.middle == pytest.approx(0.7)
    assert found.high - found.low > 0.4


def test_questions_that_all_agree_still_have_an_interval() -> None:
    found = estimate([replace(PLAIN, question=f"q{n}", trial=t, score=1.0) for n in range(10) for t in range(3)])

    assert found == wilson(10, 10)


def test_one_question_asked_often_says_nothing_sure() -> None:
    found = estimate([replace(PLAIN, question="q", trial=t, score=t % 2) for t in range(30)])

    assert found is not None
    assert (found.low, found.high, found.n) == (0.0, 1.0, 1)


def test_a_curve_that_loses_its_middle_is_a_u_and_a_flat_one_is_flat() -> None:
    bare, placebo, recite = board(n=40).standings

    assert [each.verdict for each in (bare, placebo, recite)] == [Verdict.U, Verdict.U, Verdict.FLAT]
    assert bare.shape is not None
    assert bare.shape.gap.above(0.2)


def test_two_depths_have_no_shape() -> None:
    assert {each.verdict for each in board(n=8, depths=(0.0, 1.0)).standings} == {"–"}


@pytest.mark.parametrize("n", [3, LEAST - 1])
def test_few_questions_have_neither_a_verdict_nor_an_interval_of_the_shape(n: int) -> None:
    found = board(n=n).standings

    assert {each.verdict for each in found} == {f"n {n} is too few"}
    assert {each.shape for each in found} == {None}


def test_an_end_that_is_worse_than_the_middle_is_said() -> None:
    (only,) = board(shapes={"bare": lambda depth, _length: (0.5, 0.9)[depth > 0]}, n=50).standings

    assert (only.verdict, only.worse) == (Verdict.FLAT, "beginning below the middle")
    assert {each.worse for each in board(n=40).standings} == {""}


def test_arms_are_held_against_the_first_and_the_placebo() -> None:
    found = board(n=20)
    pooled = [each for each in found.contrasts if each.length is None]

    assert [(each.first, each.second) for each in pooled] == [
        ("placebo", "bare"),
        ("recite", "bare"),
        ("recite", "placebo"),
    ]
    assert pooled[1].paired.interval is not None
    assert pooled[1].paired.interval.above(0.1)
    assert [each.length for each in found.contrasts[1:4]] == list(LENGTHS)
    assert {each.adjusted for each in found.contrasts if each.length is not None} == {None}


def test_a_case_that_failed_in_one_arm_is_left_out_of_the_difference() -> None:
    found = board(n=20, errors=0.1)
    failures = sum(each.failed for each in found.standings)
    pooled = next(each for each in found.contrasts if each.first == "recite" and each.second == "bare")

    assert failures > 60
    assert pooled.paired.cases + pooled.paired.left_out == 20 * len(LENGTHS) * len(DEPTHS)
    assert pooled.paired.left_out > 0


def test_every_failure_has_its_kind() -> None:
    bare = board(n=20, errors=0.2).standings[0]

    assert set(bare.errors) == {"timeout", "provider"}
    assert bare.failed + bare.answered == 20 * len(LENGTHS) * len(DEPTHS)


def test_what_failed_is_in_no_mean_of_tokens() -> None:
    whole, torn = (board(n=30, errors=rate).standings[0].tokens for rate in (0.0, 0.3))

    assert whole is not None
    assert torn is not None
    assert torn.middle == pytest.approx(whole.middle, rel=0.1)


def test_trials_make_a_row_of_passes_that_falls() -> None:
    bare = board(n=20, trials=3).standings[0]

    assert len(bare.passes) == 3
    assert bare.passes[0].middle == pytest.approx(bare.score.middle if bare.score else 0)
    assert bare.passes[0].middle > bare.passes[1].middle > bare.passes[2].middle
    assert board(n=4).standings[0].passes == ()


def test_in_any_of_k_trials_rises_and_begins_where_all_of_k_does() -> None:
    bare = board(n=20, trials=3).standings[0]

    assert bare.chances[0].middle == pytest.approx(bare.passes[0].middle)
    assert bare.chances[0].middle < bare.chances[1].middle < bare.chances[2].middle
    assert board(n=4).standings[0].chances == ()


def test_every_cell_is_tested_and_corrected_over_the_cells_of_its_two_arms() -> None:
    found = board(n=40)
    cells = [each for each in found.cells if (each.first, each.second) == ("recite", "bare")]
    one = next(each for each in cells if (each.length, each.depth) == (16_000, 0.5))
    scores = {
        arm: {o.seed: o.score or 0.0 for o in found.arms[arm] if (o.length, o.depth) == (16_000, 0.5)}
        for arm in found.arms
    }
    leads = [scores["recite"][seed] - scores["bare"][seed] for seed in range(40)]

    assert len(cells) == len(LENGTHS) * len(DEPTHS)
    assert one.paired.p == mcnemar(leads.count(1), leads.count(-1))
    assert [each.adjusted for each in cells] == pytest.approx(holm([each.paired.p or 0.0 for each in cells]))
    assert one.sure
    assert not any(each.sure for each in found.cells if each.first == "placebo")
    assert by_cell(found) == (
        "Cell by cell (95 %, Holm over the cells of two arms): placebo above bare in 0, below in 0 of 15 cells; "
        f"recite above bare in {sum(each.sure for each in cells)}, below in 0 of 15 cells."
    )


def test_the_paired_bootstrap_agrees_with_students_interval() -> None:
    pooled = next(each for each in board(n=40).contrasts if each.length is None and each.first == "recite")

    assert pooled.paired.interval is not None
    assert pooled.resampled is not None
    assert pooled.resampled.low == pytest.approx(pooled.paired.interval.low, abs=0.01)
    assert pooled.resampled.high == pytest.approx(pooled.paired.interval.high, abs=0.01)


def test_a_grid_pools_neighbours_where_there_is_no_room() -> None:
    found = grid(board(n=2, depths=tuple(n / 34 for n in range(35))), lengths=2, depths=12)

    assert found.lengths == (Span(1_000, 4_000), Span(16_000, 16_000))
    assert len(found.depths) == 12
    assert sum(cell.answered for cell in found.cells.values()) == 3 * 35 * 3 * 2
    assert found.length_names() == ["1k–4k", "16k"]


def test_spans_cover_every_value_once() -> None:
    assert spans([3, 1, 2, 2], 3) == (Span(1, 1), Span(2, 2), Span(3, 3))


def test_models_and_tasks_stand_on_boards_of_their_own() -> None:
    every = [*outcomes({"bare": flat}, 2), *outcomes({"bare": u_shaped}, 2, task="kv")]

    boards = figures(Results(Path("x/outcomes.jsonl"), tuple(every))).boards

    assert [(each.task, each.model) for each in boards] == [("kv", "pocket"), ("needle", "pocket")]


def test_the_same_outcomes_give_the_same_figures() -> None:
    assert board(n=8) == board(n=8)
