"""The recipe of an eval in CI: it passes as it stands, and a bound that is not reached shows the table."""

from pathlib import Path

import pytest

pytest_plugins = ("pytester",)

RECIPE = Path(__file__).parent.parent.parent / "recipes" / "eval_in_ci.py"


def ran(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, text: str) -> pytest.RunResult:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(test_ci=text)
    return pytester.runpytest_subprocess("-p", "litany.evals.plugin", "-W", "error")


def test_it_passes_without_a_key(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(pytester, monkeypatch, RECIPE.read_text("utf-8")).assert_outcomes(passed=1)


def test_a_bound_that_is_not_reached_shows_the_table(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = ran(pytester, monkeypatch, RECIPE.read_text("utf-8").replace("recite - bare", "bare - recite"))

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*assert <bare - recite is * n 20: the lower end is below 0.05>",
            "*litany eval: todo on test_ci.agent at 1.5k tokens*",
            "arm     right *",
            "bare    *",
            "recite  *",
        ]
    )


def test_it_is_short() -> None:
    assert len(RECIPE.read_text("utf-8").splitlines()) <= 60
