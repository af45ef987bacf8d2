"""Message and Call: what one speaker said once, whatever the dialect it was written in.

In most dialects one assistant message holds a whole reply, its calls included, and begins a turn. Where a reply is
several items in a row, each is a Message; its Joint says that it goes on with the turn of the item before it.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who speaks. A developer message is SYSTEM; an observation of a text-only agent is TOOL."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Joint(StrEnum):
    """How a message of the assistant is joined to the one before it."""

    NONE = ""
    """It begins a turn."""
    REPLY = "reply"
    """It is one item of a reply: it goes on with the turn of an item right before it, else it begins one."""
    TURN = "turn"
    """It belongs to whatever turn stands before it: the output of a program, after the results of its calls."""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call in an assistant message."""

    id: str
    name: str
    arguments: str
    """The arguments as JSON text, as the model wrote them where the dialect keeps text."""
    kind: str = ""
    """Which kind of call it is, in a dialect that has several: a result is written by it."""


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
    """Ids of the calls whose results this message holds, in its order; of a result without an id the tool's name."""
    names: tuple[str, ...] = ()
    """The tools that those results name, where a dialect matches a result by name when it bears no id."""
    slots: tuple[str, ...] = ()
    """The texts of its tool results (or of its observation), block by block: what may be clipped."""
    sizes: tuple[int, ...] = ()
    """Tokens of each slot."""
    joint: Joint = Joint.NONE
    summary: bool = False
    """Whether the host says that a summarizer wrote it, in the place of what was said before."""
    folds: bool = False
    """Whether it stands for all before it, in a form that only the provider reads: the newest such is in every view."""
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
