"""What a sweep adds to what its model takes."""

from dataclasses import replace
from pathlib import Path
from time import process_time

from litany.evals.sweep import Pace, run
from tests.evals.sweep.parts import PARTS, SUITE, Model


def test_a_sweep_of_ten_thousand_adds_less_than_a_millisecond_a_sample(tmp_path: Path) -> None:
    suite = replace(SUITE, n=1_000, lengths=(100,), depths=(0.0, 0.25, 0.5, 0.75, 1.0), pace=Pace(workers=8))
    before = process_time()  # a busy machine fails nothing

    ran = run(suite, Model(), tmp_path, parts=PARTS)

    assert (ran.now, ran.errors) == (10_000, 0)
    assert (process_time() - before) / 10_000 < 0.001
