"""The suites of evals/: each can be run as it stands, and takes minutes and not hours."""

from pathlib import Path

import pytest

from litany.evals.errand import KINDS
from litany.evals.sweep import parts_of
from litany.evals.sweep.run import fits, size
from litany.evals.sweep.toml import read
from litany.pocket.reader import ANSWER, WINDOW

ROOT = Path(__file__).parent.parent.parent
SUITES = sorted((ROOT / "evals" / "suites").glob("*.toml"))


class Pocket:
    """What a length is held to; the weights are not needed for that."""

    name, window, answer = "pocket", WINDOW, ANSWER


def test_there_is_a_suite_for_each_of_the_experiments() -> None:
    assert [path.stem for path in SUITES] == ["errand", "goal", "kv", "needle", "todo", "variable"]


def test_errands_are_eight_worlds_of_each_kind() -> None:
    suite = read(ROOT / "evals" / "suites" / "errand.toml")

    assert len(KINDS) >= 13
    assert suite.n == 8 * len(KINDS)


@pytest.mark.parametrize("path", SUITES, ids=lambda path: path.stem)
def test_it_can_be_run_as_it_stands_and_says_how(path: Path) -> None:
    suite = read(path)

    assert suite.tasks == (path.stem,)
    arms = {"last-n", "compact", "placebo", "litany"} if path.stem == "errand" else {"bare", "placebo", "recite"}
    assert arms <= {arm.name for arm in parts_of(suite).arms}
    fits(suite, Pocket())  # type: ignore[arg-type]  # no more is asked of it
    assert size(suite) <= 6_000, "at some sixty samples a second"
    assert f"# make evals SUITES=evals/suites/{path.name}\n" in path.read_text("utf-8")
