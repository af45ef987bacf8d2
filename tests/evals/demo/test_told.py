"""What the demo says of its results follows from them, whatever they are."""

from pathlib import Path

import pytest

from litany.evals.demo import Scene, results, suite
from litany.evals.outcome import Outcome
from litany.evals.report import figures, read
from litany.evals.sweep.cell import Site
from tests.evals.made import Shape, failed, flat, outcomes, written

SCENE = Scene(Site("todo", 0, 1_000, 0.0), "a plan", 3, 46, 895, 21, 776, "Do it.", "a block", "do it")


def low(_depth: float, _length: int) -> float:
    return 0.2


def last(depth: float, _length: int) -> float:
    return 0.95 if depth == 1 else 0.1


def rising(depth: float, _length: int) -> float:
    return 0.1 + 0.8 * depth


def made(bare: Shape, placebo: Shape, recite: Shape, n: int = 36) -> list[Outcome]:
    arms = {"bare": bare, "placebo": placebo, "recite": recite}
    return list(outcomes(arms, n, lengths=(1_000,), task="todo"))


def told(tmp_path: Path, every: list[Outcome]) -> str:
    found = figures(read(written(tmp_path, every)))
    return "\n".join(results(suite(), SCENE, found, tmp_path, 1.0))


@pytest.mark.parametrize(
    ("bare", "placebo", "recite", "said"),
    [
        (low, low, flat, "Reciting helped, and more than as many tokens about something else."),
        (low, flat, flat, "Reciting helped, but is not shown to help more than as many tokens"),
        (low, low, low, "Reciting is not shown to help in this run: its difference to bare may be chance."),
        (flat, low, low, "Reciting did harm in this run: with litany fewer answers are right than bare."),
    ],
)
def test_whether_reciting_helped_is_what_the_figures_say(
    tmp_path: Path, bare: Shape, placebo: Shape, recite: Shape, said: str
) -> None:
    assert said in " ".join(told(tmp_path, made(bare, placebo, recite)).split())


def test_two_questions_that_agree_are_no_proof(tmp_path: Path) -> None:
    assert "Reciting is not shown to help" in told(tmp_path, made(lambda *_: 0.0, lambda *_: 0.0, lambda *_: 1.0, n=2))


def test_one_question_says_nothing(tmp_path: Path) -> None:
    said = told(tmp_path, made(low, low, flat, n=1))

    assert "litany less bare     one question shows no difference" in said
    assert "Too little was answered to say whether reciting helps." in said


@pytest.mark.parametrize(
    ("bare", "said"),
    [
        (last, "what is told last is kept best"),
        (lambda depth, length: last(1 - depth, length), "what is told at the start is kept best"),
        (lambda depth, _: 0.1 if 0 < depth < 1 else 0.9, "the middle is lost, as both ends do better"),
        (flat, "neither end is shown to do better than the middle"),
    ],
)
def test_where_bare_does_best_is_what_its_curve_says(tmp_path: Path, bare: Shape, said: str) -> None:
    assert said in " ".join(told(tmp_path, made(bare, low, flat)).split())


def test_answers_that_did_not_come_are_told_and_are_no_zeros(tmp_path: Path) -> None:
    every = made(rising, low, flat)
    lost = [failed(each) if each.arm == "recite" and each.depth == 0 else each for each in every]

    said = told(tmp_path, lost)

    assert "without an answer: 36 provider" in said
    assert "36 errors" in said
    assert "ERROR" in said
