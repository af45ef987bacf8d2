"""outcomes.jsonl after whatever ended its writer."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from subprocess import run
from typing import get_args, get_type_hints

import pytest

from litany.errors import EvalError
from litany.evals.lines import NAME, line_of
from litany.evals.outcome import Failure, Outcome
from litany.evals.sweep import read
from litany.evals.sweep.failing import LASTING
from litany.evals.sweep.results import Results
from litany.evals.sweep.results import held as found

ONE = Outcome(
    key="k1", task="code", arm="bare", policy="", model="stub-1", seed=0, trial=0, question="code/0", length=100,
    depth=0.5, truth='{"grader": "exact", "texts": ["7"]}', answer="é 7\n", score=1.0, error=None, tokens=50, cached=0,
    completion=5, latency=0.1, cost=None, commit=None, details={"calls": 1},
)  # fmt: skip
TWO = replace(ONE, key="k2", answer=None, score=None, error=Failure("timeout", "late"))
THREE = replace(ONE, key="k3", score=None, error=Failure("scorer", "crashed"))


def held(out: Path, body: bytes) -> list[Outcome]:
    (out / NAME).write_bytes(body)
    here = found(out, LASTING)
    here.mend()
    return list(here.outcomes)


def test_what_was_added_is_read_back(tmp_path: Path) -> None:
    results = Results(tmp_path)
    for each in (ONE, TWO, THREE):
        results.add(each)
        assert read(tmp_path)[-1] == each, "a line is there as soon as it is added"
    results.close()

    assert read(tmp_path / NAME) == [ONE, TWO, THREE]
    assert json.loads((tmp_path / NAME).read_text().splitlines()[1]) == asdict(TWO)


def test_a_last_line_that_was_torn_anywhere_is_taken_out(tmp_path: Path) -> None:
    whole, torn = line_of(ONE), line_of(replace(ONE, key="k4"))

    for cut in range(1, len(torn) - 1, 11):
        assert held(tmp_path, whole + torn[:cut]) == [ONE]
        assert (tmp_path / NAME).read_bytes() == whole


def test_a_last_line_that_lacks_nothing_but_its_end_is_kept(tmp_path: Path) -> None:
    assert held(tmp_path, line_of(ONE)[:-1]) == [ONE]
    assert (tmp_path / NAME).read_bytes() == line_of(ONE)


def test_zeros_that_a_power_cut_left_are_taken_out(tmp_path: Path) -> None:
    assert held(tmp_path, line_of(ONE) + b"\0" * 40 + b"\n" + b"\0" * 9) == [ONE]


def test_who_only_reads_leaves_a_torn_line_alone(tmp_path: Path) -> None:
    body = line_of(ONE) + line_of(ONE)[:30]
    (tmp_path / NAME).write_bytes(body)

    assert read(tmp_path) == [ONE]
    assert (tmp_path / NAME).read_bytes() == body


def test_a_broken_line_between_whole_ones_is_told_of_and_nothing_is_changed(tmp_path: Path) -> None:
    body = line_of(ONE) + b'{"key": "k5"}\n' + line_of(THREE)

    with pytest.raises(EvalError, match=r"line 2: this is no outcome .* begins with .*k5") as told:
        held(tmp_path, body)
    assert (tmp_path / NAME).read_bytes() == body
    run(str(told.value).rpartition(": ")[2], shell=True, check=True)
    assert (tmp_path / NAME).read_bytes() == line_of(ONE) + line_of(THREE), "the command that it names mends it"
    assert (tmp_path / f"{NAME}.broken").read_bytes() == body


@pytest.mark.parametrize(
    "body",
    [b"notes of mine", b"notes of mine\n", b'{"key": "k5"}\n', line_of(ONE)[:50] + b"\n", b"{}\n" + line_of(ONE)[:50]],
)
def test_what_no_sweep_has_torn_is_told_of_and_nothing_is_changed(body: bytes, tmp_path: Path) -> None:
    for before in (b"", line_of(ONE)):
        with pytest.raises(EvalError, match=f"line {1 if not before else 2}: this is no outcome"):
            held(tmp_path, before + body)
        assert (tmp_path / NAME).read_bytes() == before + body


@pytest.mark.parametrize(
    "change",
    [
        {"score": 2}, {"score": None}, {"seed": "0"}, {"depth": True}, {"error": {"kind": "mood", "text": ""}},
        {"more": 1}, {"answer": 7}, {"details": []}, {"score": float("nan")},
    ],
)  # fmt: skip
def test_a_line_with_a_value_that_cannot_be_is_no_outcome(change: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(json.dumps({**asdict(ONE), **change}) + "\n" + line_of(ONE).decode())

    with pytest.raises(EvalError, match="line 1: this is no outcome"):
        read(tmp_path)


def test_errors_that_may_pass_are_asked_again_and_answered_ones_stay(tmp_path: Path) -> None:
    assert held(tmp_path, line_of(TWO) + line_of(ONE) + line_of(THREE)) == [ONE, THREE]
    assert read(tmp_path) == [ONE, THREE]


def test_every_kind_of_failure_is_known_to_the_resume() -> None:
    assert set(get_args(get_type_hints(Failure)["kind"])) == set(LASTING)


def test_a_sample_that_was_written_twice_counts_once(tmp_path: Path) -> None:
    better = replace(ONE, score=0.0)

    assert held(tmp_path, line_of(ONE) + line_of(THREE) + line_of(better)) == [better, THREE]


def test_a_folder_without_outcomes_holds_none_and_cannot_be_read(tmp_path: Path) -> None:
    assert found(tmp_path, LASTING).outcomes == ()
    with pytest.raises(EvalError, match="name the folder of a sweep"):
        read(tmp_path)


def test_a_closed_file_takes_no_more(tmp_path: Path) -> None:
    results = Results(tmp_path)
    results.close()

    with pytest.raises(EvalError, match="cannot be written"):
        results.add(ONE)
