"""`litany eval`: where a model stops reading, and whether reciting helps; measured, into a folder, resumable."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from litany.cli.models import MODELS
from litany.cli.suites import HOME, Options, asked
from litany.cli.threads import one_each

Task = Annotated[
    str | None,
    typer.Argument(
        help="Tasks, or a file of all that is to be asked. [default: needle]", metavar="TASK,...|SUITE.toml"
    ),
]
ModelName = Annotated[
    str | None, typer.Option("--model", help=f"Who is asked: {MODELS}. [default: pocket]", metavar="NAME")
]
Arms = Annotated[
    list[str] | None,
    typer.Option("--arms", help="Treatments, or Policy files (.toml). [default: bare,placebo,recite]", metavar="A,..."),
]
Lengths = Annotated[
    list[str] | None,
    typer.Option(
        "--lengths", help="Tokens of a whole prompt: 1k,4k. [default for pocket: 250,500,1k,2k]", metavar="N,..."
    ),
]
Depths = Annotated[
    list[str] | None,
    typer.Option("--depths", help="Where the answer stands, 0 to 1. [default: 0,.25,.5,.75,1]", metavar="X,..."),
]
Number = Annotated[int | None, typer.Option("-n", help="Questions of each task. [default: 50]", metavar="N")]
Seed = Annotated[int | None, typer.Option("--seed", help="Another one asks others. [default: 0]", metavar="N")]
Trials = Annotated[int | None, typer.Option("--trials", help="How often each is asked. [default: 1]", metavar="N")]
Out = Annotated[
    Path | None, typer.Option("--out", help=f"Where results go. [default: a folder in {HOME}]", metavar="DIR")
]
CachePath = Annotated[
    Path | None,
    typer.Option("--cache", help="Answers shared between folders: read first, written to.", metavar="FILE"),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", help="An option of the model: api_base=URL, temperature=0; repeatable.", metavar="KEY=VALUE"),
]
Workers = Annotated[int | None, typer.Option("--workers", help="Calls at once. [default: 8]", metavar="N")]
Requests = Annotated[int | None, typer.Option("--requests-per-minute", help="At most so many.", metavar="N")]
Tokens = Annotated[int | None, typer.Option("--tokens-per-minute", help="Sent and written.", metavar="N")]
Retries = Annotated[int | None, typer.Option("--retries", help="After what may pass. [default: 5]", metavar="N")]
MaxCost = Annotated[
    float | None,
    typer.Option("--max-cost", help="Dollars, a judge's and earlier runs' included; stops before.", metavar="X"),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say calls, tokens, money and time; ask nothing.")]
JudgeName = Annotated[
    str | None, typer.Option("--judge", help="A model that grades what code finds wrong.", metavar="NAME")
]
Rescore = Annotated[bool, typer.Option("--rescore", help="Grade the answers in --out again, by code or by --judge.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object: counts, errors, every number.")]


def evaluate(
    task: Task = None,
    model: ModelName = None,
    arms: Arms = None,
    lengths: Lengths = None,
    depths: Depths = None,
    n: Number = None,
    seed: Seed = None,
    trials: Trials = None,
    out: Out = None,
    cache: CachePath = None,
    settings: Settings = None,
    workers: Workers = None,
    requests: Requests = None,
    tokens: Tokens = None,
    retries: Retries = None,
    max_cost: MaxCost = None,
    dry_run: DryRun = False,
    judge: JudgeName = None,
    rescore: Rescore = False,
    as_json: AsJson = False,
) -> int:
    """Ask a model the same questions at every length and depth, bare and treated; the same command goes on.

    Options go before what SUITE.toml says. For CI: `litany compare` holds a run against one before it; in pytest the
    fixture litany_eval skips a test whose model has no key, unless litany_missing = fail is set. Exit status: 0 all
    answered; 1 errors, or --max-cost or a provider that is down left something; 2 could not start; 130 interrupted.
    """
    one_each()
    options = Options(
        task, model, arms, lengths, depths, n, seed, trials, out, settings, workers, requests, tokens, retries, judge
    )
    options = replace(options, cache=cache)
    from litany.cli import rescoring, sweeping

    if rescore:
        return (rescoring.planned if dry_run else rescoring.rescored)(options, max_cost, as_json)
    if dry_run:
        return sweeping.planned(asked(options, dry=True), max_cost, as_json)
    return sweeping.swept(asked(options), max_cost, as_json)
