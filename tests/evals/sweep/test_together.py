"""The sweep with litany's own tasks and arms, and over real HTTP with a model that LiteLLM reaches."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from litany.errors import EvalError
from litany.evals.sweep import Pace, Suite, plan, read, run
from litany.models import model_named

litellms_own_warnings = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning:litellm")
SCRIPT = '{"role": "assistant", "content": "I do not know."}\n'


def test_litanys_own_tasks_and_arms_are_swept_within_their_lengths(tmp_path: Path) -> None:
    (tmp_path / "script.jsonl").write_text(SCRIPT)
    model = model_named(f"scripted:{tmp_path / 'script.jsonl'}", cycle=True)
    suite = Suite(("needle", "goal"), model.name, ("bare", "recite", "every"), (800, 1_600), (0.0, 0.5, 1.0), n=2)

    planned, ran = plan(suite, model), run(suite, model, tmp_path / "out")

    outcomes = read(tmp_path / "out")
    paid = [each for each in outcomes if not (each.details or {}).get("reused")]  # arms that send the same ask once
    assert (ran.now, ran.errors) == (72, 0)
    assert abs(planned.calls - len(paid)) < 0.1 * planned.calls
    assert all(each.tokens <= each.length for each in outcomes)
    assert abs(sum(each.tokens for each in paid) - planned.tokens) < 0.1 * planned.tokens
    assert {each.score for each in outcomes} == {0.0}
    assert run(suite, model, tmp_path / "out").now == 0


@pytest.mark.parametrize(
    ("suite", "says"),
    [
        (Suite(("noodle",), "m", ("bare",), (800,)), "there is no task 'noodle'"),
        (Suite(("needle",), "m", ("bear",), (800,)), "bear"),
        (Suite(("needle",), "m", ("bare",), (8,)), "8"),
    ],
)
def test_an_unknown_name_and_a_length_that_is_too_short_are_told_before_the_first_call(
    suite: Suite, says: str, tmp_path: Path
) -> None:
    (tmp_path / "script.jsonl").write_text(SCRIPT)

    with pytest.raises(EvalError, match=says):
        run(suite, model_named(f"scripted:{tmp_path / 'script.jsonl'}"), tmp_path / "out")


@litellms_own_warnings
def test_a_model_over_http_that_is_busy_at_first_is_swept_to_the_end(tmp_path: Path) -> None:
    if find_spec("litellm") is None:
        pytest.skip("needs litany[litellm]")
    from litany.testing import Provider
    from litany.testing.fake.script import Fault

    with Provider(faults=[Fault(status=429, retry_after=0.1), None, Fault(status=500)]) as provider:
        options = {"api_base": f"{provider.url}/v1", "api_key": "none", "window": 8_000}
        model = model_named("openai/stub", **options)
        suite = Suite(("needle",), "openai/stub", ("bare", "recite"), (500,), (0.0, 1.0), n=2, pace=Pace(2))
        ran = run(suite, model, tmp_path)

        assert (ran.now, ran.errors, len(provider.requests)) == (8, 0, 10), {each.error for each in read(tmp_path)}
        assert not [request.violations for request in provider.requests if request.violations]
