"""Plain: what explain tells, as values for JSON."""

from dataclasses import asdict
from typing import Any

from litany.explain.diff import diff
from litany.explain.read import Call, Run
from litany.explain.why import events, why


def brief(run: Run, call: Call) -> dict[str, Any]:
    """A call in the overview."""
    line = call.line
    return {
        **_where(run, call),
        "tokens": line.tokens,
        "budget": line.budget,
        "sections": line.sections.model_dump(),
        "prefix": line.prefix.tokens,
        "cost": round(call.cost.total, 4),
        "events": events(line),
    }


def whole(run: Run, place: int, compared: bool) -> dict[str, Any]:
    """One call; `compared`: with its diff against the one before, null for the first."""
    call = run.calls[place]
    line = call.line
    found = diff(run, place) if compared else None
    changes = (
        None
        if found is None
        else {
            "joined": [new.index for new in found.joined],
            "left": [asdict(left) for left in found.left],
            "sections": {change.section: [change.before, change.after] for change in found.changes},
            "prefix": found.prefix.model_dump(),
            "cost": round(found.cost, 4),
        }
    )
    return {
        **brief(run, call),
        "messages": line.messages,
        "sent": line.sent,
        "priced": asdict(call.cost),
        "levels": line.levels.model_dump(),
        "recital": line.recital,
        "new": [new.model_dump() for new in line.new],
        "why": why(line),
        **({"diff": changes} if compared else {}),
    }


def _where(run: Run, call: Call) -> dict[str, Any]:
    line = call.line
    source = {} if line.source is None else {"source": line.source, "index": line.index, "window": line.window}
    return {"run": run.number, **(source or {"key": line.key}), "call": call.number}
