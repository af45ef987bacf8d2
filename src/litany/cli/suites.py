"""What `litany eval` is to do: the suite that its options and its file make, with tasks, arms, model and folder."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from litany.cli.models import model_named
from litany.cli.settings import items, of_model
from litany.errors import EvalError

if TYPE_CHECKING:  # NumPy and all of litany.evals are imported when the command runs
    from litany.evals.judge import Judge
    from litany.evals.sweep import Pace, Parts, Suite
    from litany.models import Model

HOME = Path("litany-eval")
"""Where results go that were given no folder."""
DEFAULTS: Mapping[str, object] = {"tasks": ["needle"], "model": "pocket", "arms": ["bare", "placebo", "recite"]}
"""What is asked where nothing is said and no file is given."""
LENGTHS = ("250", "500", "1k", "2k")
"""For pocket, whose window has 2,048 tokens, 48 of them for the answer. For other models somebody must say it."""

PACE = ("workers", "requests", "tokens", "retries")
"""The options that say how fast."""


@dataclass(frozen=True, slots=True)
class Options:
    """The command line, as it was written."""

    task: str | None = None
    model: str | None = None
    arms: list[str] | None = None
    lengths: list[str] | None = None
    depths: list[str] | None = None
    n: int | None = None
    seed: int | None = None
    trials: int | None = None
    out: Path | None = None
    settings: list[str] | None = None
    workers: int | None = None
    requests: int | None = None
    tokens: int | None = None
    retries: int | None = None
    judge: str | None = None
    cache: Path | None = None

    @property
    def file(self) -> Path | None:
        """The suite, where TASK is one."""
        return Path(self.task) if self.task is not None and self.task.endswith(".toml") else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A sweep that can start."""

    suite: Suite
    parts: Parts
    model: Model
    out: Path
    cache: Path | None = None
    """Where other folders' answers lie; None: only the folder's own are used."""
    dry: bool = False
    """Whether no model is asked, so that none needs a key."""

    @property
    def judge(self) -> Judge | None:
        """Who grades; None: code. Raises: EvalError when there is no such judge."""
        return judged(self.suite.judge, self.suite, self.model, self.dry)


def asked(options: Options, dry: bool = False) -> Asked:
    """What the options say. An option takes the place of what the file says; --set adds to the file's options.

    dry -- no model will be asked.
    Raises: EvalError, PolicyError for whatever cannot be; PocketError when pocket's weights are damaged.
    """
    from litany.evals.sweep.toml import suite_of

    suite = suite_of(_table(options), str(options.file or "the suite"))
    parts = _parts(suite)
    model = _model(suite.model, suite.options, dry)
    out = options.out or _beside(options.file) or HOME / _name(options.file, suite, parts, model)
    _judged_alike(suite, out)
    return Asked(suite, parts, model, out, options.cache, dry)


def _model(name: str, options: Mapping[str, object], dry: bool) -> Model:
    """The model. `dry`: it will not be asked, and needs no key. Raises: EvalError, PocketError."""
    from litany.models import is_remote

    return model_named(name, **{**({"api_key": "none"} if dry and is_remote(name) else {}), **options})


def folder(options: Options) -> Path:
    """Where results lie that are scored again. Raises: EvalError when something else is given, or no folder."""
    given = [each.name for each in fields(options) if getattr(options, each.name) is not None]
    others = [name for name in given if name not in ("task", "out", "judge", "cache", *PACE)]
    if others or (options.task and not options.file):
        raise EvalError(
            "--rescore asks no model but a judge: it takes --out DIR, --judge, --cache, --max-cost, --dry-run, --json "
            "and how fast the judge is asked; leave out the rest"
        )
    found = options.out or _beside(options.file)
    if found is None:
        raise EvalError("--rescore needs the folder of the results; add --out DIR")
    return found


def judged(name: str | None, suite: Suite | None, model: Model | None = None, dry: bool = False) -> Judge | None:
    """The judge of that name, asked with the suite's options where it is the suite's model; None: code grades.

    Raises: EvalError when there is none.
    """
    from litany.evals.judge import Judge

    if name is None:
        return None
    if suite is None or name != suite.model:
        return Judge(_model(name, {}, dry), name)
    return Judge(model or _model(name, suite.options, dry), name)


def paced(options: Options, pace: Pace) -> Pace:
    """The pace, with what the options say of it. Raises: EvalError for what cannot be."""
    given = {name: getattr(options, name) for name in PACE if getattr(options, name) is not None}
    return replace(pace, **given)


def _table(options: Options) -> dict[str, object]:
    from litany.evals.sweep import toml

    own = _own(options)
    table = toml.table(options.file) if options.file else {**DEFAULTS, **_errands(own)}
    table |= own
    pace = {name: getattr(options, name) for name in PACE}
    _added(table, "pace", {name: value for name, value in pace.items() if value is not None})
    _added(table, "options", _settings(options.settings or []))
    if "lengths" not in table and not options.file:
        table["lengths"] = _lengths(table["model"])
    return table


def _errands(own: Mapping[str, object]) -> dict[str, object]:
    """What is asked by default where errands are."""
    tasks = own.get("tasks")
    names = tasks if isinstance(tasks, list) else []
    if not any(str(name).partition(":")[0] == "errand" for name in names):
        return {}
    from litany.evals.errand import KINDS, SEEDS, TREATMENTS

    lengths = {"lengths": ["2k"]} if own.get("model", "pocket") == "pocket" else {}
    return {"arms": list(TREATMENTS), "depths": [0.0], "n": SEEDS * len(KINDS), **lengths}


def _own(options: Options) -> dict[str, object]:
    """What is given, under the names of a suite."""
    tasks = None if options.file or options.task is None else list(items([options.task], "TASK"))
    given = {
        "tasks": tasks,
        "model": options.model,
        "arms": None if options.arms is None else list(items(options.arms, "--arms")),
        "lengths": None if options.lengths is None else [_size(text) for text in items(options.lengths, "--lengths")],
        "depths": None if options.depths is None else [_depth(text) for text in items(options.depths, "--depths")],
        "n": options.n,
        "seed": options.seed,
        "trials": options.trials,
        "judge": options.judge,
    }
    return {name: value for name, value in given.items() if value is not None}


def _added(table: dict[str, object], name: str, given: Mapping[str, object]) -> None:
    """Into a table of the file; one that is none is refused where all is read."""
    held = table.get(name, {})
    if given and isinstance(held, Mapping):
        table[name] = {**held, **given}


def _settings(texts: list[str]) -> dict[str, object]:
    given = of_model(texts, "--set")
    for key, value in given.items():
        if not isinstance(value, str | int | float | bool):
            raise EvalError(f"--set {key}={value!r}: give one number, one text, true or false")
    return given


def _lengths(model: object) -> list[str]:
    if model == "pocket":
        return list(LENGTHS)
    raise EvalError(
        f"how long the prompts for {model} are is not said; give --lengths, such as 1k,4k,16k; "
        "--dry-run says what they cost"
    )


def _size(text: str) -> int:
    from litany.evals.sweep.toml import size

    tokens = size(text)
    if not isinstance(tokens, int):
        raise EvalError(f"--lengths has {text!r}; write tokens as 4k, 1M or a plain number")
    return tokens


def _depth(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise EvalError(f"--depths has {text!r}; write shares from 0, the start, to 1, the end, as 0,.5,1") from None


def _parts(suite: Suite) -> Parts:
    """Tasks and arms, before the model is loaded, which may take seconds."""
    from litany.evals.sweep import parts_of

    try:
        return parts_of(suite)
    except OSError as error:
        raise EvalError(f"{error.filename} cannot be read ({error.strerror or error}); name another file") from error


def _beside(file: Path | None) -> Path | None:
    """The folder of a suite that an earlier sweep wrote: its results are there, and it goes on."""
    from litany.evals.lines import NAME

    return file.parent if file and file.name == "suite.toml" and (file.parent / NAME).exists() else None


def _name(file: Path | None, suite: Suite, parts: Parts, model: Model) -> str:
    """The same for the same command, and for one with more questions, which goes on there."""
    arms = [(arm.name, arm.policy_hash) for arm in parts.arms]
    asking = sorted((suite.asking | {"api_base": suite.options.get("api_base", "")}).items())  # one server, one folder
    same = [suite.tasks, model.name, arms, suite.lengths, suite.depths, asking, suite.seed]
    number = sha256(json.dumps([*same, suite.judge]).encode()).hexdigest()[:6]
    words = file.stem if file else f"{'-'.join(suite.tasks)}-{model.name}"
    return f"{re.sub(r'[^A-Za-z0-9.]+', '-', words)[:60].strip('-.')}-{number}"


def _judged_alike(suite: Suite, out: Path) -> None:
    """Raises: EvalError where answers lie that another one graded: they would be told together."""
    before = _earlier(out)
    if before is not None and before.judge != suite.judge:
        again = f"litany eval --rescore --out {shlex.quote(str(out))}"
        again += f" --judge {shlex.quote(suite.judge)}" if suite.judge else ""
        raise EvalError(f"{out} was graded by {before.judge or 'code'}; leave that so, or grade it again: {again}")


def _earlier(out: Path) -> Suite | None:
    """The suite whose outcomes lie in a folder; None where there are none, or nobody can read it any more."""
    from litany.evals.lines import NAME
    from litany.evals.sweep.toml import beside

    results = out / NAME
    return beside(out) if results.is_file() and results.stat().st_size else None
