"""Price: what a call costs under prefix caching, in units of one uncached input token."""

from dataclasses import dataclass

from litany.explain.line import Line

READ = 0.1
"""A token of the prefix that the call before sent too."""
WRITE = 1.25
"""Any other token, which the cache takes up."""
PLAIN = 1.0
"""A token of a recitation that is not kept: it stands behind the cache mark."""
ANSWER = 5 * 300
"""The summary that a summarizer writes."""
PROMPT = 127
"""Tokens of the prompt of a fork that a replay supposes."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One call, priced."""

    read: int
    """Tokens of the prefix that stood in the view before."""
    write: int
    """Tokens that are new, or that a cut moved."""
    passing: int
    """Tokens of a recitation that is not kept."""
    summary: float
    """What asking for a summary cost."""

    @property
    def total(self) -> float:
        """The sum, in units of one uncached input token."""
        return READ * self.read + WRITE * self.write + PLAIN * self.passing + self.summary


def cost(line: Line, before: Line | None) -> Cost:
    """What a call cost, the agent's own output left out. `before`: the call before it; None: it is the first."""
    beside = before is not None and (before.sections.system, before.sections.tools) == (
        line.sections.system,
        line.sections.tools,
    )
    read = min(line.prefix.tokens, line.tokens - line.passing) if beside else 0
    return Cost(read, max(0, line.tokens - read - line.passing), line.passing, _summary(line, before))


def _summary(line: Line, before: Line | None) -> float:
    """Asked on the cached prefix (a fork) or afresh; a replay asks nobody and supposes a fork a compaction."""
    if line.asked is not None and line.asked.how == "fresh":
        return PLAIN * line.asked.prompt + ANSWER
    if line.asked is None and (line.source is None or line.compacted is None):
        return 0.0
    prompt = PROMPT if line.asked is None else line.asked.prompt
    return READ * (0 if before is None else before.tokens) + WRITE * prompt + ANSWER
