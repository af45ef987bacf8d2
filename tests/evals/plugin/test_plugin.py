"""The pytest plugin, as a project's own pytest runs it: every test here runs one inside."""

import json
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from tests.evals.plugin.plugged import SMALL, ran

pytest_plugins = ("pytester",)

ROOT = Path(__file__).parents[3]


def test_a_bound_that_holds_passes_and_one_that_does_not_shows_the_table(pytester: pytest.Pytester) -> None:
    result = ran(
        pytester,
        f"""
        pytestmark = pytest.mark.litany_eval({SMALL}, arms=["bare", "recite"])

        def test_repeats(litany_eval):
            found = litany_eval("needle", model=agent)
            assert found.at_least("recite", 0.5)
            assert found["bare"].low > 0.5 and found["bare"].n == 6
            assert not found.gate("recite - bare >= 0.05")

        def test_is_silent(litany_eval):
            found = litany_eval("needle", model=lambda messages, tools: "No idea.")
            assert found.at_least("recite", 0.25)
    """,
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*assert <recite is right in 0.00 [[]0.00, 0.39[]], n 6: the lower end is below 0.25>",
            "*litany eval: needle on test_agent.test_is_silent*lambda* at 600 tokens*",
            "arm     right              n  errors  ahead of bare",
            "bare    0.00 [[]0.00, 0.39[]]  6  –",
            "recite  0.00 [[]0.00, 0.39[]]  6  –       +0.00 [[]−0.39, +0.39[]]",
            "recite, needle/*, depth 0.00: said 'No idea.', right is *",
            "all of it: litany report *needle",
        ]
    )


def test_an_error_is_an_error_and_no_zero_unless_it_is_allowed(pytester: pytest.Pytester) -> None:
    result = ran(
        pytester,
        f"""
        seen = []

        def broken(messages, tools):
            seen.append(1)
            if len(seen) % 6 == 1:
                raise RuntimeError("no tool today")
            return agent(messages, tools)

        @pytest.mark.litany_eval({SMALL}, model=broken)
        def test_strict(litany_eval):
            litany_eval("needle")

        @pytest.mark.litany_eval({SMALL}, model=broken, errors=0.2)
        def test_lenient(litany_eval):
            found = litany_eval("needle")
            assert len(found.errors) == 2
            assert found["bare"].middle == 1
    """,
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*EvalError: 2 of 12 samples came to an error, the first: RuntimeError: no tool today; another run asks*"
            "errors=0.17 would let them pass",
            "bare  1.00 [[]*[]]  *2 provider*",
            "the first error: RuntimeError: no tool today",
        ]
    )


def test_results_land_in_a_folder_of_ones_own_with_the_suite_that_made_them(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nlitany_dir = evals/out\nlitany_model = pocket\n")

    result = ran(
        pytester,
        """
        @pytest.mark.litany_eval(lengths="300", arms="bare", n=2, depths=1)
        @pytest.mark.parametrize("place", ["a b"])
        def test_it(litany_eval, place):
            litany_eval("needle"), litany_eval("kv", n=3), litany_eval("needle", seed=1)
    """,
    )

    result.assert_outcomes(passed=1)
    (folder,) = (pytester.path / "evals" / "out").iterdir()
    assert folder.name.startswith("test_agent.py-test_it-a-b-")
    suites = {path.parent.name: tomllib.loads(path.read_text("utf-8")) for path in folder.glob("*/suite.toml")}
    assert {name: (suite["model"], suite["n"], suite["seed"]) for name, suite in suites.items()} == {
        "needle": ("pocket", 2, 0),
        "kv": ("pocket", 3, 0),
        "needle+": ("pocket", 2, 1),
    }
    assert len((folder / "kv" / "outcomes.jsonl").read_text("utf-8").splitlines()) == 3


@pytest.mark.slow
def test_a_missing_key_skips_with_its_reason_or_fails_by_choice(pytester: pytest.Pytester) -> None:
    source = """
        @pytest.mark.litany_eval(lengths="1k", n=2)
        def test_it(litany_eval):
            litany_eval("goal", model="openai/gpt-4o-mini")

        @pytest.mark.litany_eval(lengths="1k", n=2)
        def test_nobodys(litany_eval):
            litany_eval("goal", model="gpt-of-nobody")
    """

    skipped = ran(pytester, source, "-rs")
    failed = ran(pytester, source, "-o", "litany_missing=fail")

    skipped.assert_outcomes(skipped=1, failed=1)
    skipped.stdout.fnmatch_lines(["SKIPPED*openai/gpt-4o-mini needs a key of openai; set OPENAI_API_KEY*"])
    failed.assert_outcomes(failed=2)
    failed.stdout.fnmatch_lines(["E*EvalError: openai/gpt-4o-mini needs a key of openai; set OPENAI_API_KEY*"])


def test_a_missing_package_skips_too(pytester: pytest.Pytester) -> None:
    result = ran(
        pytester,
        """
        import sys

        sys.modules["litellm"] = None  # what importing it finds where it is not installed

        def test_it(litany_eval):
            litany_eval("goal", model="openai/gpt-4o-mini", lengths="1k")
    """,
        "-rs",
    )

    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*LiteLLM is not installed; install litany[[]litellm[]]*"])
    result.stdout.fnmatch_lines(["SKIPPED [[]1[]] test_agent.py:*litany_missing = fail*"])


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ('litany_eval("gaol")', "there is no task 'gaol'; did you mean goal? there is needle*"),
        ('litany_eval("goal", model="")', "no model is named; give model=..., or set litany_model *"),
        ('litany_eval("goal", arms="recitte")', "there is no arm 'recitte'; did you mean recite?*"),
        ('litany_eval("goal", lenghts="1k")', "litany_eval: a suite has no `lenghts`; did you mean `lengths`?"),
        ('litany_eval("goal", lengths="20k")', "a length is 20,000 tokens and the window of pocket-*"),
        ('litany_eval("goal", model=3)', "an agent is int; give a function of messages and tools"),
        ('litany_eval("goal", model=agent, options={"temperature": 1})', "litany_eval: options are for a model*"),
        ("litany_eval()", "litany_eval: `tasks` is missing*"),
        ('litany_eval("needle", errors=True)', "litany_eval: `errors` is True; give a number from 0"),
        ('litany_eval("needle", model=agent, max_cost=1)', "*no price is known*"),
        ('litany_eval("needle").at_least("bare", 0.95)', "at_least('bare', 0.95): 2 questions could not*n=73"),
        ('litany_eval("needle").at_least("recite", 0.1)', "there is no arm 'recite' here; there is bare"),
        ('litany_eval("needle").gate("bare > 0.1")', "--gate 'bare > 0.1' is none; write*"),
        ('litany_eval("needle").only(depth=0.7)', "no sample has depth 0.7"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_at_the_line_that_gave_it(call: str, text: str, pytester: pytest.Pytester) -> None:
    result = ran(
        pytester,
        f"""
        @pytest.mark.litany_eval(model="pocket", lengths="300", depths=1, n=2)
        def test_it(litany_eval):
            {call}
    """,
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f">*{call.replace('[', '[[]')}", f"E*EvalError: {text}"])
    assert "plugin.py" not in result.stdout.str(), "no look into litany"


def test_the_model_may_be_a_script_and_a_part_of_the_cells_be_asked_for(pytester: pytest.Pytester) -> None:
    script = pytester.path / "script.jsonl"
    script.write_text(json.dumps({"role": "assistant", "content": "no idea"}) + "\n", encoding="utf-8")

    result = ran(
        pytester,
        f"""
        @pytest.mark.litany_eval(model="scripted:script.jsonl", options={{"cycle": True}}, {SMALL})
        def test_it(litany_eval):
            found = litany_eval("needle", "kv", arms="bare,placebo")
            assert len(found.results.outcomes) == 48
            part = found.only(task="kv", length="600", depth=0)
            assert (len(part.results.outcomes), part["bare"].n) == (12, 6)
            assert part["bare"].middle == 0
    """,
    )

    result.assert_outcomes(passed=1)


def test_an_agent_may_wait_and_answer_with_a_message_or_an_object_and_change_what_it_got(
    pytester: pytest.Pytester,
) -> None:
    result = ran(
        pytester,
        f"""
        import asyncio

        class Said:
            def __init__(self, text): self.text = text
            def model_dump(self, **how): return {{"role": "assistant", "content": self.text}}

        async def slow(messages, tools):
            await asyncio.sleep(0)
            text = json.dumps(messages)
            messages.clear()
            return Said(text)

        def nothing(messages, tools): return None

        def user(messages, tools): return {{"role": "user", "content": "?"}}

        @pytest.mark.litany_eval({SMALL}, arms="bare,recite")
        def test_it(litany_eval):
            assert litany_eval("needle", model=slow).at_least("bare", 0.5)

        @pytest.mark.litany_eval({SMALL})
        @pytest.mark.parametrize("wrong", [nothing, user])
        def test_wrong(litany_eval, wrong):
            litany_eval("needle", model=wrong)
    """,
    )

    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["E*the first: the agent gives NoneType; give a text, or an assistant's message*"])
    result.stdout.fnmatch_lines(["E*the first: the agent gives a message of the role 'user'; give*"])


def test_tests_that_take_the_fixture_are_marked(pytester: pytest.Pytester) -> None:
    source = """
        def test_paid(litany_eval): pass

        def test_free(): pass
    """

    result = ran(pytester, source, "-m", "not litany_eval", "-v")

    result.assert_outcomes(passed=1, deselected=1)
    result.stdout.fnmatch_lines(["*test_free PASSED*"])


def test_without_pytests_cache_results_land_in_its_temporary_folder(pytester: pytest.Pytester) -> None:
    result = ran(
        pytester,
        f"""
        @pytest.mark.litany_eval({SMALL}, model=agent)
        def test_it(litany_eval, tmp_path):
            assert litany_eval("needle").results.folder.is_relative_to(tmp_path.parent)
    """,
        "-p",
        "no:cacheprovider",
    )

    result.assert_outcomes(passed=1)


def test_a_choice_that_is_none_stops_pytest_before_any_test(pytester: pytest.Pytester) -> None:
    result = ran(pytester, "def test_it(): pass", "-o", "litany_missing=perhaps", head="")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: litany_missing is 'perhaps'; give skip or fail"])


def test_the_entry_point_names_the_plugin() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    named = project["entry-points"]["pytest11"]["litany"]

    assert import_module(named).pytest_addoption
    assert not any(need.startswith("pytest") for need in project["dependencies"])


def test_loading_the_plugin_loads_no_numbers_no_models_and_no_reports() -> None:
    heavy = ("numpy", "litellm", "tiktoken", "rich", "pydantic._internal._model_construction", "litany.evals.sweep")
    code = f"import sys, litany; before = set(sys.modules); import litany.evals.plugin; " \
           f"print([name for name in {heavy} if name in set(sys.modules) - before])"  # fmt: skip

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout.strip() == "[]"
