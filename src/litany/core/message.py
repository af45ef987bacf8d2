"""Message and Call: what one speaker said once, whatever the dialect it was written in."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who speaks. A developer message is SYSTEM; an observation of a text-only agent is TOOL."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call in an assistant message."""

    id: str
    name: str
    arguments: str
    """The arguments as JSON text, as the model wrote them where the dialect keeps text."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the record, read once.

    The host's own object stays in the Record; nothing here is ever written back into it.
    """

    role: Role
    text: str = ""
    """What the speaker said in text, results left out; several blocks are joined by newlines."""
    calls: tuple[Call, ...] = ()
    answers: tuple[str, ...] = ()
    """Ids of the calls whose results this message holds, in its order."""
    slots: tuple[str, ...] = ()
    """The texts of its tool results (or of its observation), block by block: what may be clipped."""
    sizes: tuple[int, ...] = ()
    """Tokens of each slot."""
    bound: bool = False
    """Whether it holds a thinking block that is bound to the prefix that produced it."""
    loose: int = 0
    """Tokens of its thinking blocks, which leave when the binding breaks."""
    tokens: int = 0
    """Tokens of the whole message, its framing included."""
    said: int = 0
    """Tokens of a message that carries results, without them."""
    digest: str = ""
    """Hash of its canonical bytes, cache marks aside; the handle by which it is recalled."""

    @property
    def speaks(self) -> bool:
        """Whether a user says something here: not only results, not an observation."""
        return self.role is Role.USER and (bool(self.text.strip()) or not self.answers)

    @property
    def observed(self) -> bool:
        """Whether it carries results: of calls, or the observation of a text-only agent."""
        return bool(self.slots or self.answers) or self.role is Role.TOOL
