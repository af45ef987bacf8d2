"""One recorded run of an agent, whatever tool wrote it down."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Run:
    """The messages of a run in one dialect, and what its file says about them."""

    source: str
    """The file's path as given."""
    index: int
    """The run's place in its file, from 0."""
    format: str
    """Who wrote it: openai, anthropic, tau2, swe-agent, mini-swe-agent, who-and-when, claude-code or codex."""
    dialect: str
    """What `messages` are written in: openai or anthropic."""
    messages: tuple[dict[str, Any], ...]
    system: str | list[dict[str, Any]] | None = None
    """Anthropic only: the system text, which stands beside the messages."""
    goal_is_system: bool = False
    """The run names its system message as the goal."""
    observations: str = "tool"
    """ "user": a text-only agent, whose observations stand in user messages."""
    demonstrations: frozenset[int] = frozenset()
    """Indexes of messages that show how it is done, or that a harness put in; none of them is the user's request."""
