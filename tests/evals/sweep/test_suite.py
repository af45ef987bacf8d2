"""suite.toml and Suite."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from litany.errors import EvalError
from litany.evals.sweep import Pace, Suite
from litany.evals.sweep.cell import cells
from litany.evals.sweep.toml import read, suite_of, written
from tests.evals.sweep.parts import PARTS, SUITE, Arm

TABLE = {"tasks": ["needle"], "model": "pocket", "arms": ["bare"], "lengths": ["1k", 2000, "1.5k"]}


def test_a_suite_comes_back_from_its_file(tmp_path: Path) -> None:
    suite = replace(
        SUITE,
        arms=("bare", 'a "policy"\\ é 🙂\n.toml'),
        options={"temperature": 0.0, "api_base": "http://localhost:1/v1", "two words": True},
        pace=Pace(2, requests=60, tokens=90_000, retries=0),
    )
    (tmp_path / "suite.toml").write_text(written(suite), encoding="utf-8")

    assert read(tmp_path / "suite.toml") == suite


def test_sizes_may_be_written_in_thousands() -> None:
    assert suite_of(TABLE).lengths == (1_000, 2_000, 1_500)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"lenghts": [1]}, "a suite has no `lenghts`; did you mean `lengths`?"),
        ({"colour": 1}, "a suite has no `colour`; there is tasks, model"),
        ({"pace": {"worker": 1}}, "a pace has no `worker`; did you mean `workers`?"),
        ({"lengths": ["many"]}, "`lengths.0` is 'many'; give a whole number"),
        ({"lengths": "1k"}, "`lengths` is '1k'; give a list in brackets"),
        ({"depths": ["top"]}, "`depths.0` is 'top'; give a number"),
        ({"tasks": [["needle"]]}, "`tasks.0` is ['needle']; give a text"),
        ({"options": 3}, "`options` is 3; give a table"),
        ({"pace": 3}, "`pace` is 3; give a table"),
        ({"n": True}, "`n` is True; give a number"),
        ({"lengths": [True]}, "`lengths` is [True]; give a number"),
        ({"pace": {"workers": True}}, "`workers` is True; give a number"),
        ({"lengths": []}, "`lengths` is empty; name at least one"),
        ({"lengths": ["1k", 1000]}, "`lengths` has 1000 twice"),
        ({"lengths": [0]}, "a length is 0; give tokens"),
        ({"depths": [1.5]}, "a depth is 1.5; give a share from 0"),
        ({"depths": [float("nan")]}, "a depth is nan"),
        ({"n": 0}, "`n` is 0; give a whole number from 1"),
        ({"pace": {"workers": 0}}, "`workers` is 0; give at least 1"),
        ({"options": {"api_key": "sk-1"}}, "`options.api_key` is a secret"),
        ({"model": None}, "`model` is None"),
    ],
)
def test_a_suite_that_cannot_be_is_refused_in_one_line(change: dict[str, object], says: str) -> None:
    with pytest.raises(EvalError) as caught:
        suite_of({**TABLE, **change})

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_missing_is_named_and_so_is_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="`model` is missing"):
        suite_of({"tasks": ["needle"], "arms": ["bare"], "lengths": [1]})
    with pytest.raises(EvalError, match=r"suite.toml cannot be read \(No such file"):
        read(tmp_path / "suite.toml")
    (tmp_path / "suite.toml").write_text("tasks = [")
    with pytest.raises(EvalError, match=r"is not TOML \(.*\); mend that"):
        read(tmp_path / "suite.toml")
    (tmp_path / "suite.toml").write_bytes(b"\xff")
    with pytest.raises(EvalError, match=r"is not UTF-8 \(byte 0\); save it as UTF-8"):
        read(tmp_path / "suite.toml")


def test_two_seeds_share_no_question() -> None:
    assert set(replace(SUITE, seed=1).seeds).isdisjoint(SUITE.seeds)


def keys(suite: Suite, arms: list[Arm], model: str = "m") -> list[str]:
    return [cell.key for _, every in cells(suite, replace(PARTS, arms=arms), model) for cell in every]


def test_every_cell_has_a_key_of_its_own_and_the_same_one_each_time() -> None:
    arms = [Arm("bare"), Arm("recite", "p1")]
    found = keys(SUITE, arms)

    assert len(found) == len(set(found)) == 60
    assert found == keys(replace(SUITE, pace=Pace(1), depths=(0, 0.5, 1)), arms)
    assert set(found) < set(keys(replace(SUITE, n=6, trials=2), arms))


@pytest.mark.parametrize(
    "other",
    [
        keys(SUITE, [Arm("bare"), Arm("recite", "p2")]),
        keys(SUITE, [Arm("bare"), Arm("recite", "p1"), Arm("more")]),
        keys(SUITE, [Arm("bare"), Arm("recite", "p1")], "n"),
        keys(replace(SUITE, options={"temperature": 1.0}), [Arm("bare"), Arm("recite", "p1")]),
        keys(replace(SUITE, seed=1), [Arm("bare"), Arm("recite", "p1")]),
    ],
)
def test_another_policy_arm_model_option_or_seed_is_another_key_for_every_cell(other: list[str]) -> None:
    assert set(other).isdisjoint(keys(SUITE, [Arm("bare"), Arm("recite", "p1")]))


@dataclass(frozen=True)
class Filed:
    """A task that is read from a file."""

    digest: str


def test_another_file_behind_a_task_is_another_key_for_every_cell() -> None:
    first, again, other = (
        [cell.key for _, every in cells(SUITE, replace(PARTS, tasks={"code": Filed(digest)}), "m") for cell in every]
        for digest in ("aa", "aa", "bb")
    )

    assert first == again
    assert set(first).isdisjoint(other)


def test_a_sweep_that_was_stopped_halfway_has_asked_as_much_in_each_cell() -> None:
    half = list(cells(SUITE, PARTS, "m"))[: 6 * 3]

    assert {site.seed for site, _ in half} == {0, 1, 2}
    assert {(site.length, site.depth) for site, _ in half[:6]} == {(x, y) for x in (100, 200) for y in (0, 0.5, 1)}
