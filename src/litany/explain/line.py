"""Line: one line of a trace, checked when it is read."""

from pydantic import BaseModel, ConfigDict

SECTIONS = ("system", "tools", "head", "summary", "tail", "recitation")


class _Part(BaseModel):
    """A key that this litany does not know is passed over: the version of the line tells when that would mislead."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class New(_Part):
    """A message that the record did not have at the call before."""

    index: int
    role: str
    tokens: int
    handle: str
    text: str = ""
    calls: tuple[str, ...] = ()
    reads: int | None = None
    """Its tokens as it is sent, where that differs."""


class Edit(_Part):
    """A message that is sent otherwise from this call on."""

    index: int
    how: tuple[str, ...]
    before: int
    after: int
    handle: str


class Prefix(_Part):
    """What stands unchanged at the beginning of the view."""

    tokens: int
    to: int | None


class Levels(_Part):
    """Sizes between which compaction moves."""

    trigger: int
    keep: int
    limit: int
    raised: bool


class Since(_Part):
    """How far back the goal was last read."""

    turns: int
    tokens: int
    last: str | None


class Gone(_Part):
    """What a compaction took."""

    handle: str
    stays: tuple[int, ...]
    messages: int
    number: int
    before: int
    after: int


class Asked(_Part):
    """How a summarizer was asked."""

    how: str
    prompt: int


class Sections(_Part):
    """Tokens of the view by section."""

    system: int
    """System text beside the messages, and the system messages that lead them."""
    tools: int
    head: int
    summary: int
    tail: int
    recitation: int


class Line(_Part):
    """One call."""

    version: int
    call: int
    time: float | None = None
    key: str = ""
    source: str | None = None
    index: int = 0
    window: int | None = None
    messages: int
    sent: int
    tokens: int
    budget: int
    sections: Sections
    due: bool
    recital: str | None
    kept: bool
    passing: int
    """Tokens of a recitation that is not kept."""
    clipped: tuple[int, ...]
    cleared: tuple[int, ...]
    compacted: tuple[int, int] | None
    summary: str | None
    repaired: tuple[int, ...]
    changed: bool
    reasons: tuple[str, ...]
    new: tuple[New, ...]
    edits: tuple[Edit, ...]
    prefix: Prefix
    levels: Levels
    since: Since | None
    gone: Gone | None
    drift: float
    failures: int
    shadow: bool
    rewritten: bool
    asked: Asked | None
