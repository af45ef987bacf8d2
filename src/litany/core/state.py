"""State: what litany remembers between calls. Plain values, written as JSON with a schema version."""

from dataclasses import dataclass

from litany.core.agenda import Agenda
from litany.core.message import Call
from litany.core.recite import Since

VERSION = 1
HELD = 60
"""Tokens of the note that tells of a late result whose call is not in the view."""


@dataclass(frozen=True, slots=True)
class Edit:
    """How one message of the record reads in the view; decided once, remembered."""

    index: int
    at: str
    """Hash of the record up to and with this message: an edit of another record is dropped."""
    tokens: int
    """Tokens of the message as it reads now."""
    clips: tuple[tuple[int, int, int], ...] = ()
    """(slot, head, tail): the characters that are left of a slot."""
    neutral: bool = False
    """Whether forged recitations in its results are broken."""
    cleared: bool = False
    """Whether its results are stubs."""
    bare: bool = False
    """Whether its thinking blocks left."""
    spoken: bool = False
    """Whether its results left, with the turn that they answer: what the user says beside them stays."""


@dataclass(frozen=True, slots=True)
class Repair:
    """An assistant message with calls that nobody answered; error results stand in."""

    index: int
    at: str
    calls: tuple[Call, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class Late:
    """A real result that came after a repair: it stands right behind its call, in the repair's place.

    While its call is compacted a note tells of it; it goes back behind the call when a pin brings that back.
    """

    index: int
    at: str
    after: int
    """Index of the assistant message that holds the call."""
    tokens: int
    """Tokens of the note; 0 when it came inside an open turn, which no note may part: then recall alone tells of it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A recitation that litany placed, and that stays."""

    index: int
    """The record length at the time: it stands before that message."""
    at: str
    text: str
    carrier: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Cut:
    """The compacted part of the record, and what stands for it."""

    end: int
    """Messages before this index left, the kept ones aside."""
    at: str
    kept: tuple[int, ...]
    """Indexes before `end` that stay: system text, the goal's message, pins, the latest user message."""
    place: int
    """How many of the kept stand before the summary."""
    text: str
    """The summary as it stands in the view; "" when not even a line fitted."""
    tokens: int
    """Tokens of the summary and the kept messages together."""
    said: int
    """Tokens of the summary alone."""
    summary: dict[str, tuple[str, ...]]
    """The typed Summary, by field: what the next one is anchored on."""
    identifiers: tuple[str, ...]
    number: int
    """How many compactions there were."""
    bridges: tuple[int, ...] = ()
    """Indexes before which a line of the user parts two messages of the assistant, where the dialect wants one."""


@dataclass(frozen=True, slots=True)
class Head:
    """The goal and constraints that no message holds, in a user message after the leading system messages."""

    index: int
    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Pin:
    """A message that the user asked to keep; its whole turn stays, late results included."""

    index: int
    digest: str
    """Digest of the message, by which it is found again when the host edits the record before it."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The last answer of the model and all behind it: what a client that compacts by itself still sends."""

    digests: tuple[str, ...]
    sure: bool
    """Whether a call of it has an id that no other conversation has."""


@dataclass(frozen=True, slots=True)
class Scan:
    """How far the record was read, and what stands where."""

    open: tuple[str, ...] = ()
    """Ids of calls of the last assistant turn that are not answered yet."""
    turn: int = -1
    """Index of that assistant message."""
    user: int = -1
    """Index of the latest message in which the user speaks."""
    goal: int = -1
    """Index of the message that holds the goal; -2: the system text beside the messages does."""
    answered: int = 0
    """Assistant messages so far."""
    entered: int = 0
    """Tokens that entered the view so far."""


@dataclass(frozen=True, slots=True)
class State:
    """Everything that litany knows of one conversation, the record aside. A value: change is a new one."""

    mark: str
    version: int = VERSION
    agenda: Agenda = Agenda()
    finds: bool = True
    """Whether the first user message is the goal when none was given."""
    length: int = 0
    """Messages of the record that were read."""
    at: str = ""
    """Hash of the record up to there."""
    scan: Scan = Scan()
    head: Head | None = None
    headed: bool = False
    """Whether the head was decided since the goal or the constraints last changed."""
    cut: Cut | None = None
    edits: tuple[Edit, ...] = ()
    repairs: tuple[Repair, ...] = ()
    lates: tuple[Late, ...] = ()
    placed: tuple[Placed, ...] = ()
    pins: tuple[Pin, ...] = ()
    size: int = 0
    """Tokens of the view without a recitation of this call, system text and tools left out."""
    recited: Since | None = None
    """Where the last recitation was sent."""
    told: Since = Since()
    """Where the record itself last told the goal, or the agent its whole todo list."""
    finished: int = -1
    """Record length when the agenda was finished; -1 while it is not."""
    recital: str = ""
    """The recitation that ends the view of this call when it is not kept."""
    carrier: str = "user"
    touched: bool = False
    """Whether the agenda changed from outside since the last recitation."""
    spent: float = 0.0
    """Break-even: what cache reads of the excess have cost since the last compaction."""
    shrunk: int = -1
    """Record length for which a smaller view was given after a provider refused one."""
    failures: int = 0
    """Summaries in a row that failed."""
    again: int = 0
    """Size of the view below which compaction is not tried again."""
    drift: float = 1.0
    """Tokens that the provider reported, per token of our count."""
    least: float = 0.0
    """What drift does not fall below: a provider refused a view for its length."""
    answered: tuple[tuple[str, str], ...] = ()
    """Answers given to litany's own tools in this turn, by call."""
    opening: str = ""
    """Hash of the messages up to the first user message, where one door serves many conversations: it tells this one
    from others that come under the same key."""
    kin: str = ""
    """Hash of the system text and the tools' names, where one door serves many conversations."""
    ends: Ends | None = None
    """What the record ended with, where that tells this conversation among those of its kin."""
    index: tuple[str, ...] = ()
    """The keys of the newest conversations of one kin: then this is no conversation, but the list of them."""

    def noted(self, late: Late) -> bool:
        """Whether a note tells of a late result, because its call is compacted."""
        return self.cut is not None and late.after < self.cut.end and late.after not in self.cut.kept
