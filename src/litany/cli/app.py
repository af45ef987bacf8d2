"""The commands, and what all of them do alike: errors in one line, exit statuses, --debug."""

import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from typing import Annotated

import typer

from litany.cli.ask import ask
from litany.cli.compare import compare
from litany.cli.demo import demo
from litany.cli.eval import evaluate
from litany.cli.explain import explain
from litany.cli.mcp import mcp
from litany.cli.replay import replay
from litany.cli.report import report
from litany.cli.run import resume
from litany.cli.run import run as run_task
from litany.cli.runs import export, runs, show
from litany.cli.serve import serve
from litany.cli.store import store
from litany.errors import LitanyError

DONE, FAILED, NOT_STARTED, INTERRUPTED = 0, 1, 2, 130

app = typer.Typer(add_completion=False, rich_markup_mode=None)
app.command()(demo)
app.command()(replay)
app.command()(explain)
app.command()(ask)
app.command("eval")(evaluate)
app.command()(report)
app.command()(compare)
app.command("run")(run_task)
app.command()(runs)
app.command()(resume)
app.command()(show)
app.command()(export)
app.command()(serve)
app.command()(mcp)
app.add_typer(store, name="store")


@app.callback()
def litany(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks; may stand anywhere.")] = False,
) -> None:
    """Agents lose the middle. litany recites the goal at the end and compacts what lies between."""


def run(arguments: Sequence[str]) -> int:
    """The exit status: 0 done, 1 a check or some input failed, 2 could not start, 3 a run's limit, 130 interrupted."""
    debug = "--debug" in arguments
    _careful()
    try:
        status = app(
            [word for word in arguments if word != "--debug"] or ["--help"], prog_name="litany", standalone_mode=False
        )
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        return _said("interrupted", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader went away; nothing more to say
        return FAILED
    except LitanyError as error:
        return _failed(str(error), NOT_STARTED, debug)
    except Exception as error:  # noqa: BLE001 -- what nobody foresaw ends in one sentence too
        usage = getattr(error, "format_message", None)  # a usage error of typer, whichever click it stands on
        if callable(usage):
            return _failed(f"{str(usage()).rstrip('.')}; see `litany --help`", NOT_STARTED, debug)
        return _failed(f"internal error: {type(error).__name__}: {error}; --debug shows where", FAILED, debug)
    return status if isinstance(status, int) else DONE


def _failed(text: str, status: int, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    return _said(text, status)


def _said(text: str, status: int) -> int:
    if text:
        print(f"litany: {' '.join(text.split())}", file=sys.stderr)
    return status


def _careful() -> None:
    """Whatever a file's name or a message holds can be printed, and a warning takes one line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    warnings.showwarning = lambda message, *_rest, **_more: print(f"litany: {message}", file=sys.stderr)
