"""`litany run` and `litany resume`: an agent that is started from a task and keeps to it, whatever stops it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from litany.cli.models import MODELS
from litany.cli.running import STORE, limits_of, walked
from litany.cli.settings import from_file, from_settings, of_model
from litany.errors import LitanyError, TaskError

if TYPE_CHECKING:  # the loop is imported when a command runs, and LangGraph with it
    from litany.loop.folder import Order

KINDS = ("shell", "python", "file")
"""What a --done may begin with."""
Many = list[str] | None
TaskFile = Annotated[Path | None, typer.Argument(help="A TOML file; what is given as an option rules.", metavar="TASK")]
Goal = Annotated[str | None, typer.Option(help="What the agent is here for.", metavar="TEXT")]
Constraints = Annotated[Many, typer.Option("--constraint", help="What it must keep to; repeatable.", metavar="TEXT")]
Todos = Annotated[Many, typer.Option("--todo", help="What is to be done; repeatable.", metavar="TEXT")]
ModelName = Annotated[str | None, typer.Option("--model", help=f"Who is asked: {MODELS}.", metavar="NAME")]
Fallbacks = Annotated[Many, typer.Option("--fallback", help="Who is asked next; repeatable.", metavar="NAME")]
Tools = Annotated[
    Many, typer.Option(help="file.py, mod:fn, mcp:COMMAND, mcp:http://…, files; repeatable.", metavar="SPEC")
]
Done = Annotated[
    Many, typer.Option(help="What must hold at the end: shell=, python= or file=; repeatable.", metavar="KIND=WHAT")
]
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="A TOML file of Policy fields.", metavar="FILE")]
Settings = Annotated[Many, typer.Option("--set", help="One Policy field; repeatable.", metavar="KEY=VALUE")]
Options = Annotated[
    Many,
    typer.Option("--option", help="An option of the model, such as api_base=URL; repeatable.", metavar="KEY=VALUE"),
]
Steps = Annotated[int | None, typer.Option(help="Most answers of the model.", metavar="N")]
Tokens = Annotated[str | None, typer.Option(help="Most tokens, sent and written, as 500k.", metavar="SIZE")]
Usd = Annotated[float | None, typer.Option(help="Most dollars.", metavar="N")]
Seconds = Annotated[float | None, typer.Option(help="Most seconds at work.", metavar="N")]
Shell = Annotated[
    bool,
    typer.Option("--allow-shell", help="Let the agent run commands; they see no variable that looks like a secret."),
]
Passed = Annotated[
    Many,
    typer.Option("--pass-env", help="A variable that its commands see nevertheless; repeatable.", metavar="NAME"),
]
Subtasks = Annotated[bool, typer.Option("--subtasks", help="Let the agent give parts of its task to others.")]
Work = Annotated[
    Path | None, typer.Option("--folder", help="Where it works. [default: where TASK stands, else here]", metavar="DIR")
]
StorePath = Annotated[Path, typer.Option("--store", help="Where runs live.", metavar="DIR")]
Name = Annotated[str | None, typer.Option(help="What the run is called. [default: by its goal]", metavar="NAME")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object an event, on stdout.")]
RunName = Annotated[str, typer.Argument(help="The run's name, as `litany runs` lists it.", metavar="RUN")]
Say = Annotated[str | None, typer.Option(help="What you say to it, such as an answer to its question.", metavar="TEXT")]


def run(
    context: typer.Context,
    task: TaskFile = None,
    goal: Goal = None,
    constraint: Constraints = None,
    todo: Todos = None,
    model: ModelName = None,
    fallback: Fallbacks = None,
    tools: Tools = None,
    done: Done = None,
    policy: PolicyFile = None,
    settings: Settings = None,
    options: Options = None,
    steps: Steps = None,
    tokens: Tokens = None,
    usd: Usd = None,
    seconds: Seconds = None,
    shell: Shell = False,
    passed: Passed = None,
    subtasks: Subtasks = False,
    folder: Work = None,
    store: StorePath = STORE,
    name: Name = None,
    as_json: AsJson = False,
) -> int:
    """Run an agent on a task, from a TOML file or options, until it is done. `litany resume` goes on with it.

    Exit status: 0 done; 1 it stopped with items open, or was stopped by an error; 2 could not start; 3 a limit was
    reached; 130 interrupted.
    """
    return _begun(context.params)


def resume(
    run: RunName,
    say: Say = None,
    steps: Steps = None,
    tokens: Tokens = None,
    usd: Usd = None,
    seconds: Seconds = None,
    store: StorePath = STORE,
    as_json: AsJson = False,
) -> int:
    """Go on with a run that was killed, interrupted, or stopped: from its last completed step. Limits given rule.

    Exit status: as `litany run`.
    """
    from litany.loop.folder import folder_of, limited

    at = folder_of(store, run)
    given = limits_of(steps, tokens, usd, seconds)
    order = limited(at.order, given)
    if given:
        with at.alone():
            at.write(order)
    return walked(at, order, store, say, as_json)


def _begun(given: Mapping[str, Any]) -> int:
    """A new run of what was given, to its end."""
    names = {"constraint": "constraints", "todo": "todos", "fallback": "fallbacks", "tools": "tools"}
    table: dict[str, Any] = {key: given[name] for name, key in names.items()}
    table |= {name: given[name] for name in ("goal", "model", "subtasks")}
    table["done"] = [_check(each) for each in given["done"] or ()]
    beside = {
        "policy": {**(from_file(given["policy"]) if given["policy"] else {}), **from_settings(given["settings"] or [])},
        "options": of_model(given["options"] or [], "--option"),
        "limits": limits_of(*(given[name] for name in ("steps", "tokens", "usd", "seconds"))),
    }
    set_ = {key: list(value) if isinstance(value, tuple) else value for key, value in table.items() if value}
    passed = _passed(given["passed"] or (), given["shell"])
    order = replace(_order(given["task"], set_, beside, given["folder"], given["shell"]), passed=passed)
    from litany.loop.folder import new_folder

    at = new_folder(given["store"], order.task.goal, given["name"])
    try:
        at.write(order)
        return walked(at, order, given["store"], None, given["as_json"])
    except LitanyError:  # it could not begin
        at.leave()
        raise


def _order(
    path: Path | None, table: dict[str, Any], beside: dict[str, dict[str, Any]], folder: Path | None, shell: bool
) -> Order:
    """What was asked for. Raises: TaskError, PolicyError."""
    from litany.loop.folder import Order
    from litany.loop.task import read_task, task_of

    if path is None and "goal" not in table:
        raise TaskError("there is no task; give a TASK file, or at least --goal and --model")
    whole = {**({} if path is None else read_task(path)), **table}
    for name, fields in beside.items():
        if fields:
            whole[name] = {**whole.get(name, {}), **fields}
    at = folder or (Path() if path is None else path.parent)
    if not at.is_dir():
        raise TaskError(f"there is no folder {at}; make it, or give another one with --folder")
    return Order(task_of(whole, str(path or "the command line")), at.resolve(), shell)


def _passed(names: Sequence[str], shell: bool) -> tuple[str, ...]:
    """Raises: TaskError."""
    if names and not shell:
        raise TaskError("--pass-env says what the agent's commands see; give --allow-shell with it, or leave it out")
    if absent := next((name for name in names if name not in os.environ), None):
        raise TaskError(f"--pass-env {absent}: there is no such variable; set it, or leave it out")
    return tuple(names)


def _check(text: str) -> dict[str, str]:
    kind, equals, what = text.partition("=")
    if kind not in KINDS or not equals or not what.strip():
        raise TaskError(f'--done {text!r}: write shell=, python= or file=, such as "shell=pytest -q"')
    return {kind: what}
