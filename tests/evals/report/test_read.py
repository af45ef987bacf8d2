"""Results are read line by line; what is broken is named, and nothing to read is a clear error."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from litany.errors import EvalError
from litany.evals.report.read import by_arm, read
from tests.evals.made import PLAIN, failed, outcomes, written

GOOD = replace(PLAIN, key="k1", score=1.0, answer="yes")


def line(**changes: object) -> str:
    return json.dumps({**asdict(GOOD), **changes})


def file(folder: Path, *lines: str, end: str = "\n") -> Path:
    path = folder / "outcomes.jsonl"
    path.write_text("\n".join(lines) + end)
    return path


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    every = list(outcomes(n=2, errors=0.3))

    found = read(written(tmp_path, every))

    assert found.outcomes == tuple(every)
    assert (found.faults, found.replaced, found.suite) == ((), 0, None)


def test_a_file_may_be_named_instead_of_its_folder(tmp_path: Path) -> None:
    assert read(file(tmp_path, line())).outcomes == (GOOD,)


def test_a_folder_may_keep_its_outcomes_gzipped(tmp_path: Path) -> None:
    every = list(outcomes(n=2, errors=0.3))
    plain = written(tmp_path, every) / "outcomes.jsonl"
    (tmp_path / "outcomes.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()

    found = read(tmp_path)

    assert (found.outcomes, found.path.name) == (tuple(every), "outcomes.jsonl.gz")


def test_a_gzip_file_that_breaks_off_gives_what_stands_before(tmp_path: Path) -> None:
    body = gzip.compress(b"".join(f"{line(key=f'k{n}', answer=str(n * 7919))}\n".encode() for n in range(2_000)))
    (tmp_path / "outcomes.jsonl.gz").write_bytes(body[: len(body) // 2])

    found = read(tmp_path)

    assert 0 < len(found.outcomes) < 2_000
    assert "the gzip file breaks off" in found.faults[-1]


def test_a_torn_last_line_is_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = file(tmp_path, line(), line()[:50], end="")

    found = read(path)

    assert found.outcomes == (GOOD,)
    assert found.faults == (f"{path}, line 2: torn: no JSON; it is left out",)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("[1]", "a list and no outcome"),
        ("[" * 99_999, "no JSON"),
        (line(score="1"), "score: input should be a valid number"),
        (line(score=1.5), "score: 1.5 is not between 0 and 1"),
        (line(score=None), "neither score nor error"),
        (line(error={"kind": "timeout", "text": "late"}), "a score and an error"),
        (line(score=None, error={"kind": "tired", "text": ""}), "error.kind: input should be"),
        (line(depth=2), "depth: 2.0 is not between 0 and 1"),
        (line(score=float("nan")), "is not between 0 and 1"),
        (line(latency=float("inf")), "latency: inf is no amount"),
        (line(tokens=-1), "tokens: -1 is no amount"),
        (line(mood="good"), "unknown field 'mood'"),
        (json.dumps({"key": "k"}), "task: field required"),
    ],
)
def test_a_broken_line_is_named_with_what_is_wrong(tmp_path: Path, broken: str, said: str) -> None:
    found = read(file(tmp_path, line(), broken, line(key="k2")))

    assert len(found.outcomes) == 2
    assert [said in fault and "line 2" in fault for fault in found.faults] == [True]


def test_the_last_line_of_a_key_counts(tmp_path: Path) -> None:
    found = read(written(tmp_path, [failed(GOOD), GOOD]))

    assert found.outcomes == (GOOD,)
    assert found.replaced == 1


def test_an_empty_file_says_what_to_run(tmp_path: Path) -> None:
    file(tmp_path, end="")

    with pytest.raises(EvalError, match=r"is empty: nothing was asked yet; run `litany eval --out"):
        read(tmp_path)


def test_a_folder_without_results_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match=r"outcomes.jsonl: cannot be read \(No such file"):
        read(tmp_path)


def test_a_file_of_broken_lines_only_names_the_first(tmp_path: Path) -> None:
    file(tmp_path, "x", "y", "z")

    with pytest.raises(EvalError, match=r"line 1: no JSON.*and 2 more lines: no outcome can be read"):
        read(tmp_path)


def test_arms_that_others_are_held_against_and_recite_come_first(tmp_path: Path) -> None:
    every = [replace(GOOD, arm=arm) for arm in ("recite", "clear", "placebo", "bare")]

    assert list(by_arm(every)) == ["bare", "placebo", "recite", "clear"]


def test_one_name_with_two_policies_is_two_arms() -> None:
    every = [replace(GOOD, arm="recite", policy=policy) for policy in ("0123456789ab", "ba9876543210")]

    found: Mapping[str, object] = by_arm(every)

    assert list(found) == ["recite@01234567", "recite@ba987654"]
