"""What a baseline sees of a run, and what it sends on a call."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from litany import Policy
from litany.core.message import Message, Role
from litany.replay.goal import Goal
from litany.replay.parts import Parts
from litany.replay.run import Run

HIGH = 0.8
"""The share of the budget at which a baseline acts."""
LOW = 0.3
"""The share of the budget down to which one compacts."""
HOLDERS = (Role.SYSTEM, Role.USER)
"""Who may have said the goal."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A view, and what of it is priced apart."""

    view: Sequence[object]
    recital: str = ""
    """The recitation at its end, which is not kept."""
    compacts: bool = False


@dataclass(frozen=True)  # no slots: the sums are made when they are asked for
class Loop:
    """A run as a loop of calls."""

    run: Run
    policy: Policy
    goal: Goal
    answers: Sequence[int]
    """Where the answer of each call stands: the call sees what stands before it."""
    parts: Parts

    @property
    def high(self) -> float:
        """Tokens at which a baseline acts."""
        return HIGH * self.policy.budget

    @property
    def low(self) -> float:
        """Tokens down to which one compacts."""
        return LOW * self.policy.budget

    @cached_property
    def read(self) -> Sequence[Message]:
        """The messages of the record, read."""
        return [self.parts.of(native).message for native in self.run.messages]

    @cached_property
    def leading(self) -> int:
        """How many system messages stand before everything else."""
        return next((index for index, message in enumerate(self.read) if message.role is not Role.SYSTEM), 0)

    @cached_property
    def answered(self) -> int:
        """Where the first assistant message stands."""
        roles = [message.role for message in self.read]
        return roles.index(Role.ASSISTANT) if Role.ASSISTANT in roles else len(roles)

    @cached_property
    def goal_at(self) -> int:
        """The message that first holds the goal; -1 when none does."""
        text = self.goal.text
        told = (i for i, message in enumerate(self.read) if text and message.role in HOLDERS and text in message.text)
        return next(told, -1)

    def observed(self, index: int) -> bool:
        """Whether a message is a tool result, or the observation of a text-only agent."""
        message = self.read[index]
        spoken = self.run.observations == "user" and message.role is Role.USER and index > self.answered
        return spoken or bool(message.answers)

    def tokens(self, start: int, end: int) -> int:
        """Tokens of the messages from start up to, not including, end."""
        return self._sums[end] - self._sums[start]

    @cached_property
    def _sums(self) -> Sequence[int]:
        return [0, *accumulate(message.tokens for message in self.read)]
