"""Task: what a run is for, as a TOML file or the command line gives it."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from litany.core.policy import Policy
from litany.errors import PolicyError, TaskError

CONFIG = ConfigDict(extra="forbid", strict=True)
MOST = 1_000_000
"""Bytes of a task file."""


@dataclass(frozen=True, slots=True)
class Check:
    """One condition of being done; it has one of the three."""

    __pydantic_config__ = CONFIG

    shell: str | None = None
    """A command that exits with 0."""
    python: str | None = None
    """mod:fn, a function that gives true."""
    file: str | None = None
    """A file that is there and is not empty."""

    def __str__(self) -> str:
        return next(f"{name} = {given}" for name, given in self.given)

    @property
    def given(self) -> list[tuple[str, str]]:
        """Which kinds it has."""
        fields = (("shell", self.shell), ("python", self.python), ("file", self.file))
        return [(name, given) for name, given in fields if given]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may take, all its resumptions together; None: as much as it needs."""

    __pydantic_config__ = CONFIG

    steps: int | None = None
    """Answers of the model."""
    tokens: int | None = None
    """Tokens sent and written."""
    usd: float | None = None
    """Dollars, where prices are known."""
    seconds: float | None = None
    """Seconds at work."""


@dataclass(frozen=True, slots=True)
class Task:
    """What an agent is to do, with what, and within which limits."""

    __pydantic_config__ = CONFIG

    goal: str
    """What the agent is here for."""
    model: str
    """Who is asked: pocket, scripted:FILE.jsonl, or a name of LiteLLM's."""
    constraints: tuple[str, ...] = ()
    """What it must keep to, each a sentence."""
    todos: tuple[str, ...] = ()
    """What is to be done first; the agent keeps the list from there."""
    tools: tuple[str, ...] = ()
    """"file.py", "mod:fn", "mcp:COMMAND", "mcp:http://…", "files"."""
    fallbacks: tuple[str, ...] = ()
    """Models that are asked where the one before gives no answer."""
    system: str | None = None
    """System text in place of litany's own."""
    subtasks: bool = False
    """Whether the agent may give a part of its task to an agent of its own."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Options of the model, such as api_base or temperature."""
    policy: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the Policy; `window` is the model's own unless it stands here."""
    limits: Limits = Limits()
    """What the run may take."""
    done: tuple[Check, ...] = ()
    """What must hold before it is done."""


ADAPTER: TypeAdapter[Task] = TypeAdapter(Task)


def task_of(table: Mapping[str, Any], source: str) -> Task:
    """The task of a table. `source`: where it was written, for the error.

    Raises: TaskError that names the key; PolicyError for a policy that cannot work.
    """
    try:
        task = ADAPTER.validate_json(json.dumps(dict(table), default=str))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=True)[0]
        raise TaskError(f"{source}: {_told(first)}") from None
    _checked(task, source)
    return task


def read_task(path: Path) -> dict[str, Any]:
    """The table of a task file. Raises: TaskError when it is none."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST + 1)
        if len(raw) > MOST:
            raise TaskError(f"{path} is larger than {MOST:,} bytes; a task file is a page of TOML")
        return tomllib.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise TaskError(f"{path}: cannot be read ({error.strerror or error}); give the path of a task file") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TaskError(f"{path} is no TOML ({error}); write it as key = value") from None


def _told(first: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] in ("unexpected_keyword_argument", "dataclass_args_extra", "extra_forbidden"):
        kind = first["loc"][0] if first["loc"][1:] else ""
        known = Limits if kind == "limits" else Check if kind == "done" else Task
        has = ", ".join(each.name for each in fields(known))
        return f"there is no key `{where}`; {f'`{kind}`' if kind in ('limits', 'done') else 'a task'} has {has}"
    if first["type"] in ("missing", "missing_argument"):
        return f"`{where}` is missing; a task has at least a goal and a model"
    return f"`{where}` is {first.get('input')!r}: {first['msg'].lower()}"


def _checked(task: Task, source: str) -> None:
    if not task.goal.strip() or not task.model.strip():
        raise TaskError(f"{source}: goal or model is blank; write what the agent is to do, and who does it")
    for name in ("constraints", "todos", "tools", "fallbacks"):
        if any(not each.strip() for each in getattr(task, name)):
            raise TaskError(f"{source}: `{name}` has a blank item; write it, or leave it out")
    for check in task.done:
        _check(check, source)
    _limits(task.limits, source)
    if "api_key" in task.options:
        raise TaskError(f"{source}: `options.api_key` would be kept in the run's folder; set it in the environment")
    try:
        Policy.of(task.policy)
    except PolicyError as error:
        raise TaskError(f"{source}: [policy]: {error}") from None


def _check(check: Check, source: str) -> None:
    if len(check.given) != 1:
        raise TaskError(f"{source}: a [[done]] has {len(check.given)} of shell, python and file; give it one")
    if check.python and not all(check.python.partition(":")):
        raise TaskError(f'{source}: python = {check.python!r}; write it as "module:function"')


def _limits(limits: Limits, source: str) -> None:
    for name in Limits.__dataclass_fields__:
        limit = getattr(limits, name)
        if limit is not None and limit <= 0:
            raise TaskError(f"{source}: `limits.{name}` is {limit}; give a number above 0, or leave it out")
