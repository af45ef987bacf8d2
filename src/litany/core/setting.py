"""Setting: what stays the same through one call, and the sizes that follow from it."""

from collections.abc import Callable
from dataclasses import dataclass

from litany.core.policy import Policy
from litany.core.ports import Count, Dialect
from litany.core.state import State

HEADER = 70
"""Tokens of the sentence that introduces a summary."""
LEAST_DRIFT, MOST_DRIFT = 0.25, 5.0
"""Bounds of what a provider's report can change in the counting."""
LEAST_GAIN = 20
"""A compaction frees at least a budget / LEAST_GAIN, or is not applied."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a call happens: policy, dialect, counter, and what stands beside the messages."""

    policy: Policy
    dialect: Dialect
    count: Count
    system: int = 0
    """Tokens of a system text beside the messages."""
    tools: int = 0
    """Tokens of the tool schemas."""
    redact: Callable[[str], str] = str
    """What is done to text of tools, agent and summarizer before State remembers it."""

    @property
    def fixed(self) -> int:
        """Tokens that every request takes beside its messages."""
        return self.system + self.tools

    def limit(self, state: State) -> int:
        """Most tokens of a request in our own count: the budget, corrected by what the provider reported."""
        return int(self.policy.budget / state.drift)

    def recital(self, state: State) -> int:
        """Most tokens of a recitation."""
        return min(self.policy.recite_tokens, max(96, self.limit(state) // 4)) + 8

    def gain(self, state: State) -> int:
        """Least tokens that a compaction must free."""
        return self.limit(state) // LEAST_GAIN

    @property
    def summary(self) -> int:
        """Most tokens that stand for a compacted span: summary, identifiers, header."""
        return self.policy.cap + self.policy.cap // 3 + HEADER
