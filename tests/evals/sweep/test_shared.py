"""A cache that folders share: what one paid for, the others need not."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from litany.evals.report import figures
from litany.evals.report import read as results
from litany.evals.sweep import Parts, Ran, Suite, run
from tests.evals.sweep.parts import PARTS, SUITE, Model


def swept(out: Path, model: Model, suite: Suite = SUITE, parts: Parts = PARTS, **how: Any) -> Ran:
    return run(suite, model, out, parts=parts, **how)


def test_what_a_shared_cache_holds_is_not_asked_in_another_folder_and_costs_nothing_there(tmp_path: Path) -> None:
    shared = tmp_path / "all.sqlite"
    swept(tmp_path / "one", Model(dollars=1), replace(SUITE, n=3), cache=shared)

    ran = swept(tmp_path / "other", model := Model(dollars=1), cache=shared)

    assert (ran.now, ran.reused, ran.cost, len(model.asked)) == (60, 36, 24.0, 24)
    (board,) = figures(results(tmp_path / "other")).boards
    assert sum(each.cost or 0 for each in board.standings) == 24.0


def test_two_sweeps_at_once_may_share_one_cache(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        ran = list(threads.map(lambda n: swept(tmp_path / n, Model(), cache=tmp_path / "all.sqlite"), ("one", "two")))

    assert [each.now for each in ran] == [60, 60]
