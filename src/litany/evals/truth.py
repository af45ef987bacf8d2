"""Truth as the one text that an outcome gives it: all that scoring again needs, and nothing that says nothing."""

import json
from functools import lru_cache
from typing import Any

from litany.errors import EvalError
from litany.evals.case import Truth

FIELDS = ("grader", "texts", "call", "arguments", "forbidden")


def written(truth: Truth) -> str:
    """JSON of one line; empty fields are left out."""
    fields = {name: getattr(truth, name) for name in FIELDS if getattr(truth, name)}
    arguments = {"arguments": dict(truth.arguments)} if truth.arguments else {}
    return json.dumps({**fields, **arguments}, ensure_ascii=False)


@lru_cache(maxsize=4_096)
def read(text: str) -> Truth:
    """The truth that was written. Raises: EvalError when it is none."""
    try:
        fields: Any = json.loads(text)
        lists = {name: tuple(fields[name]) for name in ("texts", "forbidden") if name in fields}
        return Truth(**{**fields, **lists})
    except (ValueError, TypeError, RecursionError) as error:
        raise EvalError(f"{text[:80]!r} is no truth ({error}); outcomes hold it as JSON with a grader") from None


def shown(text: str) -> str:
    """What was written, for a reader; a text that is no truth as it is."""
    try:
        return told(read(text)) or text
    except EvalError:
        return text


def told(truth: Truth) -> str:
    """The truth for a reader."""
    joined = {"all": " and ", "state": "; "}.get(truth.grader, " or ").join(truth.texts)
    call = f"{truth.call}({json.dumps(dict(truth.arguments or {}), ensure_ascii=False)})" if truth.call else ""
    never = f"never {' or '.join(truth.forbidden)}" if truth.forbidden else ""
    return "; ".join(filter(None, (call, joined, never)))
