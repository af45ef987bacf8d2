"""Real outcomes and the figures published of them, where the data is at hand."""

import csv
import gzip
import json
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from litany.evals.report.figures import figures
from litany.evals.report.read import Results
from litany.evals.stats import (
    Bands,
    Curve,
    Verdict,
    bootstrapped,
    curve,
    mcnemar,
    paired,
    paired_bootstrap,
)
from tests.evals.made import PLAIN

DATA = Path(__file__).parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the published outcomes are not beside this checkout")
K = 1_000


def test_tau_bench_airline_passes_as_published() -> None:
    runs = lines("trajectories/tau_bench_gpt4o_airline/trajectories.jsonl.gz")
    every = tuple(
        replace(PLAIN, key=f"{n}", question=f"{run['task_id']}", trial=n, score=float(abs(run["reward"] - 1) <= 1e-6))
        for n, run in enumerate(runs)
    )
    ((only,),) = (board.standings for board in figures(Results(Path("x/outcomes.jsonl"), every)).boards)

    assert [round(each.middle, 4) for each in only.passes] == [0.42, 0.2733, 0.22, 0.2]
    assert [round(each.middle, 4) for each in only.chances] == [0.42, 0.5667, 0.66, 0.72]


def test_a_short_context_beats_a_long_one_as_published() -> None:
    focused, full = judged("focused"), judged("full")

    counted = Counter((focused[question], full[question]) for question in focused)
    found = paired(focused.values(), [full[question] for question in focused], focused)

    b, c = counted[True, False], counted[False, True]
    assert (counted[True, True], b, c, counted[False, False]) == (180, 87, 11, 28)
    assert mcnemar(b, c) == pytest.approx(8.07e-16, rel=0.001)
    assert found is not None
    assert found.interval.middle == pytest.approx((267 - 191) / 306)
    assert found.interval.above(0.19)
    assert found.interval.below(0.31)


@pytest.mark.parametrize(
    ("above", "upto", "gap", "low", "high"),
    [
        (0, 50 * K, 0.093, -0.024, 0.233),
        (50 * K, 100 * K, 0.089, -0.06, 0.23),
        (100 * K, 150 * K, 0.389, 0.286, 0.516),
        (150 * K, 200 * K, 0.317, 0.22, 0.42),
        (0, 200 * K, 0.226, 0.14, 0.29),
    ],
)
def test_the_needle_grid_has_the_gap_that_was_published(
    above: int, upto: int, gap: float, low: float, high: float
) -> None:
    found = needle(above, upto)

    assert found.gap.middle == pytest.approx(gap, abs=0.001)
    assert (found.gap.low, found.gap.high) == pytest.approx((low, high), abs=0.02)


def test_the_needle_grid_is_a_u_where_it_is_long_and_flat_where_it_is_short() -> None:
    short, long = needle(0, 50 * K), needle(100 * K, 150 * K)

    assert not short.gap.above()
    assert short.verdict is not Verdict.U
    assert long.verdict is Verdict.U


def test_solve_rates_and_what_masking_costs_are_as_published() -> None:
    """Five models, two strategies against none each: intervals and p by the paired bootstrap over instances."""
    solved: dict[str, dict[str, float]] = defaultdict(dict)
    for row in table("complexity_trap/experiment_instance_costs_sweagent.csv"):
        solved[row["experiment"]][row["instance_id"]] = float(row["outcome"])
    instances = sorted({instance for outcomes in solved.values() for instance in outcomes})
    published = table("complexity_trap/paired_ci_diffs_vs_raw.csv")

    for row in published:
        other, raw = solved[row["experiment_other"]], solved[row["experiment_raw"]]
        ours, theirs = ([arm.get(instance, 0.0) for instance in instances] for arm in (other, raw))
        found = paired_bootstrap(ours, theirs, instances, np.random.default_rng(41))

        assert found is not None
        assert found.interval.middle == pytest.approx(float(row["solve_rate_diff"]), abs=1e-9)
        ends = float(row["solve_rate_lo"]), float(row["solve_rate_hi"])
        assert (found.interval.low, found.interval.high) == pytest.approx(ends, abs=0.0041)
        assert found.p == pytest.approx(float(row["solve_rate_p"]), abs=0.02)
    assert len(published) == 10


def test_the_interval_of_a_solve_rate_is_as_published() -> None:
    published = {row["experiment"]: row for row in table("complexity_trap/bootstrapped_cis.csv")}
    solved: dict[str, list[float]] = defaultdict(list)
    for row in table("complexity_trap/experiment_instance_costs_sweagent.csv"):
        solved[row["experiment"]].append(float(row["outcome"]))

    for experiment, row in published.items():
        if len(solved[experiment]) == int(row["n_instances"]):
            found = bootstrapped(solved[experiment], range(int(row["n_instances"])), np.random.default_rng(42))
            ends = float(row["solve_rate_lo"]), float(row["solve_rate_hi"])
            assert found is not None
            assert found.middle == pytest.approx(float(row["solve_rate"]))
            assert (found.low, found.high) == pytest.approx(ends, abs=0.0041)


def needle(above: int, upto: int) -> Curve:
    """The curve of the Claude 2.1 grid between two lengths; a context length is a question, a score of 10 is right."""
    cells = [
        cell
        for cell in lines("niah_gkamradt/original_results/claude_2_1_cells.jsonl.gz")
        if above < cell["context_length"] <= upto
    ]
    found = curve(
        (cell["score"] == 10 for cell in cells),
        (cell["depth_percent"] / 100 for cell in cells),
        (cell["context_length"] for cell in cells),
        np.random.default_rng(40),
        bands=Bands(first=0.05, last=0.95, middle=(0.25, 0.75)),
        least=6,
    )
    assert found is not None
    return found


def judged(context: str) -> dict[str, bool]:
    """Whether each question was answered rightly; the judge wrote true and True."""
    rows = table(f"context_rot/results/gpt_4_1_longmemeval_{context}_evaluated.csv")
    return {row["custom_id"]: row["llm_judge_output"].lower() == "true" for row in rows}


def lines(name: str) -> list[dict[str, Any]]:
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
