"""Limits: which of them a run has reached."""

from litany.core.money import money
from litany.loop.journal import Spent
from litany.loop.task import Limits


def reached(limits: Limits, spent: Spent) -> str:
    """The limit that was reached, in words; "" while none is."""
    if limits.steps is not None and spent.steps >= limits.steps:
        return f"{spent.steps:,} of {limits.steps:,} steps"
    if limits.tokens is not None and spent.tokens >= limits.tokens:
        return f"{spent.tokens:,} of {limits.tokens:,} tokens"
    if limits.usd is not None and spent.cost >= limits.usd:
        return f"{money(spent.cost)} of {money(limits.usd)}"
    if limits.seconds is not None and spent.seconds >= limits.seconds:
        return f"{spent.seconds:,.0f} of {limits.seconds:,.0f} seconds"
    return ""
