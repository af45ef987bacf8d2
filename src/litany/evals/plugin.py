"""The pytest plugin: a fixture and a marker by which a project's own tests run evals and hold their figures to bounds.

    @pytest.mark.litany_eval(model="openai/gpt-5-mini", lengths="20k", n=50)
    def test_the_agent_keeps_its_goal(litany_eval):
        found = litany_eval("goal", arms=["bare", "recite"])
        assert found.at_least("recite", 0.9)
        assert found.gate("recite - bare >= 0.05")

A test whose model lacks its key or package is skipped, so that contributors without one can run the rest: a CI job
without its key is green and has asked nothing. Where that must not be, `litany_missing = fail` among pytest's settings,
or `-o litany_missing=fail` for one run, makes it a failure.

pytest loads this in every project that has litany installed, so nothing else is imported before a test asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

import pytest

from litany.core.money import money
from litany.errors import EvalError, LitanyError

if TYPE_CHECKING:
    from litany.evals.finding import Finding
    from litany.evals.score import Score
    from litany.evals.sweep import Ran, Suite
    from litany.models.agent import Answers
    from litany.models.model import Model

NAME = "litany_eval"
FOUND: pytest.StashKey[list[Finding]] = pytest.StashKey()
"""What the evals of a test found."""
DEFAULTS: Mapping[str, object] = {"arms": "bare", "errors": 0.0, "max_cost": None}
LISTS = ("tasks", "arms", "lengths", "depths")
CHOICES = ("skip", "fail")


class Settings(TypedDict, total=False):
    """What the marker and the fixture take; a call's own come before its marker's, the nearest marker's first."""

    model: str | Model | Answers
    """A model's name as `litany eval` takes it, a function of messages and tools, or an Agent around one."""
    arms: str | Iterable[str]
    """Names, or Policy files; else `bare`."""
    lengths: str | int | Iterable[str | int]
    """Tokens of the whole prompt: "20k", 20_000, "1k,4k"."""
    depths: float | Iterable[float]
    """Where what is asked for stands, 0 to 1; else five places."""
    n: int
    """Questions; else 50."""
    seed: int
    """What the questions are drawn from; else 0."""
    trials: int
    """How often each is asked; else once."""
    judge: str
    """A model's name that grades what code cannot tell; else code alone."""
    options: Mapping[str, str | int | float | bool]
    """How a named model is asked: temperature, api_base, window, ..."""
    pace: Mapping[str, int]
    """workers, requests, tokens, retries. A function is called by one worker unless this says otherwise."""
    errors: float
    """The share of samples that may come to an error; else 0. Errors are in no figure."""
    max_cost: float
    """Dollars, those of the kept answers included."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the settings, which `-o NAME=VALUE` sets for one run."""
    parser.addini("litany_model", "the model of every litany_eval that names none", default="")
    parser.addini("litany_dir", "where results and answers are kept; else in pytest's cache", default="")
    parser.addini("litany_missing", "a model lacks its key or package: skip the test, or fail it", default="skip")


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known. Raises: UsageError for a setting that is none."""
    config.addinivalue_line("markers", f"{NAME}(model, lengths, arms, n, ...): what the test's litany_eval asks")
    if config.getini("litany_missing") not in CHOICES:
        raise pytest.UsageError(f"litany_missing is {config.getini('litany_missing')!r}; give {' or '.join(CHOICES)}")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks whoever takes the fixture, so that `-m "not litany_eval"` leaves all of them out."""
    if NAME in getattr(item, "fixturenames", ()) and item.get_closest_marker(NAME) is None:
        item.add_marker(NAME)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Shows the tables beside a test that failed."""
    report = yield
    if report.when == "call" and report.failed:
        found = item.stash.get(FOUND, [])
        report.sections += [(f"litany eval: {each.title}", each.table) for each in found]
    return report


@pytest.fixture(name=NAME)
def _litany_eval(request: pytest.FixtureRequest) -> LitanyEval:
    """Runs an eval: litany_eval("goal", model=..., arms=..., lengths=..., n=...) -> Finding."""
    return LitanyEval(request)


class LitanyEval:
    """The fixture. Answers are kept by the very request: a second run asks only what is new or came to an error."""

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._request, self._config = request, request.config
        self._folders: list[Path] = []

    def __call__(self, *tasks: str, **settings: Unpack[Settings]) -> Finding:
        """What came of these tasks.

        Raises: EvalError when it cannot be asked, more samples than allowed came to an error, or the money is spent.
        """
        __tracebackhide__ = True
        given = self._given(tasks, settings)
        try:
            return self._found(given)
        except LitanyError as error:
            raise error.with_traceback(None) from None  # what went wrong is in its text, and not in litany

    def _found(self, given: dict[str, object]) -> Finding:
        __tracebackhide__ = True
        from litany.evals.finding import Finding
        from litany.evals.report.read import read
        from litany.evals.sweep import run

        errors, most = (_number(name, given.pop(name)) for name in ("errors", "max_cost"))
        suite, model = self._asked(given)
        folder = self._folder(suite)
        if getattr(model, "version", model.name) is None:
            _forgotten(folder, model)
        ran = run(suite, model, folder, score=self._score(suite), max_cost=most)
        found = Finding(read(folder)) if ran.before + ran.now else None
        if ran.stopped or found is None:
            raise EvalError(_stopped(ran, found, most))
        self._request.node.stash.setdefault(FOUND, []).append(found)
        _answered(found, errors or 0.0)
        return found

    def _given(self, tasks: tuple[str, ...], settings: Settings) -> dict[str, object]:
        """All settings, the nearest last; tasks may stand in a marker too."""
        given = {**DEFAULTS, "model": self._config.getini("litany_model")}
        for mark in reversed(list(self._request.node.iter_markers(NAME))):
            if mark.args:
                raise EvalError(f"the marker {NAME} is given {mark.args[0]!r}; name its settings, such as n=50")
            given |= mark.kwargs
        given |= settings
        return given | ({"tasks": tasks} if tasks else {})

    def _asked(self, given: dict[str, object]) -> tuple[Suite, Model]:
        """The suite and its model."""
        __tracebackhide__ = True
        from litany.evals.sweep.toml import suite_of
        from litany.models.agent import Agent

        model, listed = given.pop("model"), {name: _listed(given[name]) for name in LISTS if name in given}
        if model == "":
            raise EvalError("no model is named; give model=..., or set litany_model in pytest's settings")
        if isinstance(model, str):
            suite = suite_of({**given, **listed, "model": model}, NAME)
            return suite, self._named(suite.model, suite.options)
        own: Model = model if hasattr(model, "window") else Agent(model)  # type: ignore[assignment,arg-type]  # Agent asks
        pace = {"pace": {"workers": 1}} if isinstance(own, Agent) else {}
        suite = suite_of({**pace, **given, **listed, "model": own.name}, NAME)
        if suite.options:
            raise EvalError(f"{NAME}: options are for a model that is named; set them in the function itself")
        return suite, own

    def _score(self, suite: Suite) -> Score:
        __tracebackhide__ = True
        from litany.evals.judge import Judge
        from litany.evals.score import score

        if suite.judge is None:
            return score
        return Judge(self._named(suite.judge, suite.options_of(suite.judge)), suite.judge)

    def _named(self, name: str, options: Mapping[str, object]) -> Model:
        """The model of that name. Skips the test, naming its line, where the model lacks a key or its package."""
        __tracebackhide__ = True
        from litany.models import model_named

        try:
            return model_named(name, **options)
        except EvalError as error:
            if self._config.getini("litany_missing") == "fail" or not lacking(name, options):
                raise
            # A key is a secret that a contributor's machine may lack; whoever must have it sets litany_missing = fail.
            pytest.skip(f"{NAME}: {error} (litany_missing = fail makes this a failure)")

    def _folder(self, suite: Suite) -> Path:
        """Where this call's results land. Only answers outlive a run: texts, arms and scores are made anew."""
        base = self._base() / _slug(self._request.node.nodeid)
        folder = base / _slug("+".join(suite.tasks))
        while folder in self._folders:
            folder = folder.with_name(f"{folder.name}+")
        self._folders.append(folder)
        (folder / "outcomes.jsonl").unlink(missing_ok=True)
        return folder

    def _base(self) -> Path:
        given = self._config.getini("litany_dir")
        if given:
            return self._config.rootpath / str(given)
        cache: pytest.Cache | None = getattr(self._config, "cache", None)  # absent with -p no:cacheprovider
        if cache is not None:
            return cache.mkdir("litany")
        factory: pytest.TempPathFactory = self._request.getfixturevalue("tmp_path_factory")
        return factory.mktemp("litany")


def lacking(name: str, options: Mapping[str, object]) -> bool:
    """Whether a model that could not be made lacks LiteLLM, or nothing but a key."""
    from importlib.util import find_spec

    from litany.models import is_remote, model_named

    if not is_remote(name):
        return False
    if find_spec("litellm") is None:
        return True
    try:
        model_named(name, **{**options, "api_key": "any"})
    except EvalError:
        return False
    return True


def _forgotten(folder: Path, model: Model) -> None:
    """Drops the answers of an agent without a version, which may be another one by now; verdicts of a judge stay."""
    from contextlib import closing

    from litany.evals.sweep.cache import NAME as CACHE
    from litany.evals.sweep.cache import Cache

    path = folder / CACHE
    if path.exists():
        with closing(Cache(path)) as cache:
            cache.forget(model.name)


def _stopped(ran: Ran, found: Finding | None, most: float | None) -> str:
    """Why an eval ended early, and what to do."""
    left = f"{ran.left:,} of {ran.total:,} samples are left; what was answered is kept"
    if ran.stopped == "cost" and most is not None:
        return f"max_cost of {money(most)} is reached, and {left}; raise max_cost, or ask less"
    why = f" ({found.errors[-1].error.text})" if found and found.errors and found.errors[-1].error else ""
    return f"nothing is answered any more{why}, and {left}; another run asks the rest"


def _answered(found: Finding, errors: float) -> None:
    """Raises: EvalError when more samples than that came to an error."""
    failed, every = found.errors, len(found.results.outcomes)
    if len(failed) > errors * every and failed[0].error:
        raise EvalError(
            f"{len(failed):,} of {every:,} samples came to an error, the first: {failed[0].error.text}; another run "
            f"asks only those again, and errors={ceil(100 * len(failed) / every) / 100:g} would let them pass"
        )


def _listed(value: object) -> list[object]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")]
    return list(value) if isinstance(value, Iterable) else [value]


def _number(name: str, value: object) -> float | None:
    if value is None and name == "max_cost":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise EvalError(f"{NAME}: `{name}` is {value!r}; give a number from 0")
    return float(value)


def _slug(text: str) -> str:
    """A folder's name; what is long or odd is told apart by its hash."""
    plain = re.sub(r"[^\w.+-]+", "-", text, flags=re.ASCII).strip("-.")
    return plain if plain == text and len(text) <= 80 else f"{plain[-70:]}-{sha256(text.encode()).hexdigest()[:8]}"
