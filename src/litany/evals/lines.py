"""Lines: an outcome as one line of outcomes.jsonl, out and in; sweep and reports read it alike."""

import json
from dataclasses import asdict, fields
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING

from litany.evals.outcome import Outcome

if TYPE_CHECKING:
    from pydantic import TypeAdapter

NAME = "outcomes.jsonl"
FIELDS = tuple(field.name for field in fields(Outcome))


def line_of(outcome: Outcome) -> bytes:
    """The outcome as a line."""
    plain = {name: getattr(outcome, name) for name in FIELDS}
    for name in ("error", "judge"):
        plain[name] = None if plain[name] is None else asdict(plain[name])
    return json.dumps(plain).encode() + b"\n"


def parsed(line: bytes) -> Outcome:
    """The outcome of a line. Raises: ValueError that says in one line why it is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError("no JSON") from error
    if not isinstance(found, dict):
        raise ValueError(f"a {type(found).__name__} and no outcome")  # noqa: TRY004 -- a fault of the file
    strange = sorted(set(found) - set(FIELDS))
    if strange:
        raise ValueError(f"unknown field {_short(strange[0])}")
    from pydantic import ValidationError  # here, not above: a sweep into a new folder reads nothing

    try:
        outcome = _adapter().validate_json(line, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{where}: {first['msg'].lower()}") from None
    wrong = _wrong(outcome)
    if wrong:
        raise ValueError(wrong)
    return outcome


@cache
def _adapter() -> "TypeAdapter[Outcome]":
    from pydantic import TypeAdapter

    return TypeAdapter(Outcome)


def _wrong(outcome: Outcome) -> str | None:
    """What no type says: an error has no score and everything else has one, between 0 and 1."""
    if (outcome.score is None) == (outcome.error is None):
        return "it has neither score nor error" if outcome.score is None else "it has a score and an error"
    if outcome.score is not None and not 0 <= outcome.score <= 1:
        return f"score: {outcome.score} is not between 0 and 1"
    if not 0 <= outcome.depth <= 1:
        return f"depth: {outcome.depth} is not between 0 and 1"
    counts = {name: getattr(outcome, name) for name in ("length", "tokens", "cached", "completion", "latency")}
    counts["cost"] = outcome.cost or 0.0
    if outcome.judge is not None:
        counts |= {f"judge.{name}": amount or 0.0 for name, amount in asdict(outcome.judge).items()}
    return next((f"{name}: {n} is no amount" for name, n in counts.items() if n < 0 or not isfinite(n)), None)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
