"""Report: what one run came to in one window; its fields are the keys of `litany replay --json`."""

from dataclasses import asdict, dataclass
from typing import Any

from litany.testing import Violation


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that the view of a call broke."""

    call: int
    code: str
    path: str
    text: str

    @classmethod
    def of(cls, call: int, violation: Violation) -> "Broken":
        """The violation, with the call (from 1) at which it was found."""
        return cls(call, violation.code, violation.path, violation.text)


@dataclass(frozen=True, slots=True)
class Refused:
    """A call for which no view was made, because what may not be dropped does not fit the window."""

    call: int
    culprit: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Rival:
    """A baseline: what another way to keep the same calls short comes to."""

    name: str
    cost: float
    violations: int
    goal_verbatim_calls: int
    max_view_tokens: int


@dataclass(frozen=True, slots=True)
class Report:
    """One run in one window. Refused calls count in `calls`, `refused_calls` and `refused` only."""

    source: str
    index: int
    format: str
    window: int
    calls: int
    """Assistant messages after the first user text."""
    messages: int
    tokens: int
    """Tokens of the whole record, a system text beside the messages included."""
    goal_source: str
    goal_tokens: int
    violations: tuple[Broken, ...]
    due_calls: int
    recital_last_calls: int
    """Due calls whose view's last text block ends with the whole recital."""
    goal_calls: int
    goal_verbatim_calls: int
    max_view_tokens: int
    over_budget_calls: int
    refused_calls: int
    refused: tuple[Refused, ...]
    compactions: int
    clears: int
    clips: int
    prefix_reuse: float
    cost: float
    cost_full: float
    cost_floor: float
    recall_missing: int
    """Messages that left a view and do not come back byte for byte."""
    ms_median: float
    ms_p99: float
    against: tuple[Rival, ...]

    @property
    def failed(self) -> bool:
        """Whether a check of this run failed."""
        verbatim = self.goal_verbatim_calls < self.goal_calls or self.recital_last_calls < self.due_calls
        return verbatim or bool(self.violations or self.over_budget_calls or self.recall_missing)

    def plain(self) -> dict[str, Any]:
        """The report as JSON writes it."""
        return {key: round(value, 4) if isinstance(value, float) else value for key, value in asdict(self).items()}
