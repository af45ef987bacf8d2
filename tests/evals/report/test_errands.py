"""Reports of errands: how much is done, how much nobody asked for, with intervals by kind; and nothing for others."""

from dataclasses import replace
from pathlib import Path

from litany.evals.outcome import Outcome
from litany.evals.report import figures, html, markdown, read
from litany.evals.report.errands import differences, made
from litany.evals.report.figures import Board
from tests.evals.made import PLAIN, outcomes, written


def errand(arm: str, seed: int, done: int, drift: int, slip: int | None = None) -> Outcome:
    details = {"asked": 12, "done": done, "of": 10, "drift": drift, **({} if slip is None else {"slip": slip})}
    return replace(
        PLAIN,
        key=f"{arm}{seed}",
        task="errand",
        arm=arm,
        seed=seed,
        question=f"errand/kind{seed % 4}",
        answer="",
        score=float(done == 10 and not drift),
        details=details,
    )


def boards(folder: Path) -> Board:
    every = [errand("litany", seed, 10, 0) for seed in range(8)]
    every += [errand("last-n", seed, 2 + seed % 4, 6, slip=3 + seed) for seed in range(8)]
    (board,) = figures(read(written(folder, every))).boards
    return board


def test_what_was_made_of_the_worlds_is_told_arm_by_arm(tmp_path: Path) -> None:
    last, litany = made(boards(tmp_path))

    assert (last.arm, litany.arm) == ("last-n", "litany")
    assert last.done is not None
    assert last.drift is not None
    assert litany.done is not None
    assert litany.whole is not None
    assert (last.done.middle, last.done.n) == (0.35, 4)
    assert 0.6 < last.drift.middle < 0.7
    assert (last.slip, last.calls) == (6.5, 12.0)
    assert (litany.whole.middle, litany.done.middle, litany.slip) == (1.0, 1.0, None)


def test_differences_are_paired_by_world_and_clustered_by_kind(tmp_path: Path) -> None:
    (less,) = differences(boards(tmp_path))

    assert (less.first, less.second) == ("litany", "last-n")
    assert less.done is not None
    assert less.drift is not None
    assert (round(less.done.middle, 6), less.done.n) == (0.65, 4)
    assert less.done.above()
    assert less.drift.below()


def test_the_reports_have_a_table_of_it_and_those_of_other_tasks_have_none(tmp_path: Path) -> None:
    boards(tmp_path)
    found, other = figures(read(tmp_path)), figures(read(written(tmp_path / "needle", outcomes(n=3))))

    assert "| last-n | 8 | 0.00 [" in markdown(found)
    assert "pass^2" in markdown(found)
    assert "By the state of the worlds" in html(found)
    assert "By the state of the worlds" not in markdown(other) + html(other)
