"""The goal of a run, where it stands, and from where on a call is a call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from litany.core.message import Message, Role
from litany.dialects.canonical import digest
from litany.replay.parts import Part, Parts, texts_of
from litany.replay.run import Run

WAYS = ("first-user", "system", "none")
"""What `--goal` takes beside a text of one's own."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What the run is for."""

    text: str
    """Empty when it has none."""
    source: str
    """Where it comes from: first-user, system, none or given."""
    given: str | None
    """What Litany is told: None leaves it to find the goal itself."""

    def stands(self, part: Part) -> bool:
        """Whether a message holds the goal, byte for byte."""
        return self.within(part.texts)

    def within(self, texts: Sequence[str]) -> bool:
        """Whether one of the texts holds it; a goal that came in several blocks, whether they are the texts."""
        return any(self.text in text for text in texts) or (len(texts) > 1 and self.text == "\n".join(texts))


def goal_of(run: Run, parts: Parts, wish: str | None) -> Goal:
    """The goal by `--goal`; without it, the system message where the run names it, else the first user message."""
    way = wish or ("system" if run.goal_is_system else "first-user")
    if way not in WAYS:
        return Goal(way, "given", way)
    text = _system(run) if way == "system" else ""
    if text:
        return Goal(text, "system", text)
    return _first_user(run, parts) if way == "first-user" else Goal("", "none", "")


def call_indexes(run: Run, parts: Parts) -> tuple[int, ...]:
    """Where each call's answer stands: every assistant message after the first user text."""
    first = next((index for index, _ in spoken(run, parts)), len(run.messages))
    return tuple(
        i for i, native in enumerate(run.messages) if i > first and parts.of(native).message.role == "assistant"
    )


def spoken(run: Run, parts: Parts) -> Iterator[tuple[int, Message]]:
    """The messages in which a user says something, observations left out."""
    for index, native in enumerate(run.messages):
        message = parts.of(native).message
        if message.role is Role.ASSISTANT and run.observations == "user":
            return
        if message.speaks and message.text.strip():
            yield index, message


def mark_of(run: Run) -> str:
    """The session's mark, drawn from the record: the same run replays the same."""
    return sha256("".join(map(digest, run.messages)).encode()).hexdigest()[:8]


def _first_user(run: Run, parts: Parts) -> Goal:
    said = list(spoken(run, parts))
    if not said:
        return Goal("", "none", "")
    index, message = next((pair for pair in said if pair[0] not in run.demonstrations), said[0])
    return Goal(message.text, "first-user", None if index == said[0][0] else message.text)


def _system(run: Run) -> str:
    first = run.messages[0] if run.system is None and run.messages else {}
    content = run.system if run.system is not None else first.get("content") if first.get("role") == "system" else None
    return "\n".join(texts_of(content))
