"""What is refused leaves everything as it was found, however late it is refused."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from litany.errors import EvalError
from litany.evals.case import Case
from litany.evals.lines import NAME
from litany.evals.sweep import Parts, due, rescore, run
from litany.evals.sweep.lock import alone
from tests.evals.sweep.parts import PARTS, SUITE, HttpError, Model


def short(task: Any, seed: int, length: int, *rest: Any) -> Case:
    raise EvalError("100 tokens do not hold the question; give at least 200")


TOO_SHORT = replace(PARTS, case=short)
REFUSALS: dict[str, Callable[[Path], object]] = {
    "a case that cannot be made": lambda out: run(SUITE, Model(), out, parts=TOO_SHORT),
    "a limit without a price": lambda out: run(SUITE, Model(), out, parts=PARTS, max_cost=1.0),
    "a limit below nothing": lambda out: run(SUITE, Model(dollars=1), out, parts=PARTS, max_cost=-1.0),
    "nothing to grade again": rescore,
}


def seen(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder, by path."""
    return {str(each.relative_to(folder)): each.read_bytes() if each.is_file() else None for each in folder.rglob("*")}


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=list(REFUSALS))
def test_a_folder_that_was_not_there_is_not_there_after_a_refusal(
    refused: Callable[[Path], object], tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()

    with pytest.raises(EvalError):
        refused(tmp_path / "mine" / "a" / "b")

    assert seen(tmp_path) == {"mine": None}


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=list(REFUSALS))
def test_a_folder_that_was_there_is_as_it_was(refused: Callable[[Path], object], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "suite.toml").write_text("mine too")

    with pytest.raises(EvalError):
        refused(tmp_path)

    assert seen(tmp_path) == {"notes.txt": b"mine", "suite.toml": b"mine too"}


def test_a_cache_that_cannot_be_used_is_refused_and_left_with_all_that_lies_beside_it(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "cache.sqlite")
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    before = seen(tmp_path)

    with pytest.raises(EvalError, match="another program"):
        run(SUITE, Model(), tmp_path, parts=PARTS)

    assert seen(tmp_path) == before


def test_errors_that_would_be_asked_again_stay_where_the_sweep_is_refused(tmp_path: Path) -> None:
    run(SUITE, Model(errors=[HttpError(401, "bad key")]), tmp_path, parts=PARTS)
    before = (tmp_path / NAME).read_bytes()

    with pytest.raises(EvalError, match="another suite"):
        run(replace(SUITE, seed=1), Model(), tmp_path, parts=PARTS)
    with pytest.raises(EvalError, match="no price is known"):
        run(SUITE, Model(), tmp_path, parts=PARTS, max_cost=1.0)

    assert (tmp_path / NAME).read_bytes() == before


def test_whoever_is_refused_because_another_sweep_is_at_work_takes_nothing_away(tmp_path: Path) -> None:
    with alone(tmp_path / "out") as claim:
        (tmp_path / "out" / NAME).write_bytes(b"")
        with pytest.raises(EvalError, match="another sweep is at work"):
            run(SUITE, Model(), tmp_path / "out", parts=PARTS)
        assert (tmp_path / "out" / NAME).exists()
        claim.keep()

    assert (tmp_path / "out" / NAME).exists()


def test_a_sweep_that_is_interrupted_before_its_first_call_leaves_nothing(tmp_path: Path) -> None:
    def interrupted(*given: Any) -> Case:
        raise KeyboardInterrupt

    parts: Parts = replace(PARTS, case=interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(SUITE, Model(), tmp_path / "out", parts=parts)

    assert seen(tmp_path) == {}


def test_what_was_answered_stays_when_the_sweep_fails_later(tmp_path: Path) -> None:
    def full(*given: Any) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        run(SUITE, Model(), tmp_path / "out", parts=PARTS, tell=full)

    assert {"suite.toml", "cache.sqlite", NAME} <= set(seen(tmp_path / "out"))


def test_a_file_that_holds_no_outcome_is_left_as_it_is_by_who_would_go_on_and_who_would_grade_again(
    tmp_path: Path,
) -> None:
    for body in (b"", b"notes of mine\n"):
        (tmp_path / NAME).write_bytes(body)
        with pytest.raises(EvalError, match=r"nothing was asked yet|line 1: this is no outcome"):
            rescore(tmp_path)
        with pytest.raises(EvalError, match=r"nothing was asked yet|line 1: this is no outcome"):
            due(tmp_path, None)
        assert seen(tmp_path) == {NAME: body}
    with pytest.raises(EvalError, match="line 1: this is no outcome"):
        run(SUITE, Model(), tmp_path, parts=PARTS)
    assert seen(tmp_path) == {NAME: b"notes of mine\n"}


def test_who_grades_again_looks_at_nothing_before_the_sweep_at_work_is_done(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(EvalError, match="another sweep is at work"):
        rescore(tmp_path)
