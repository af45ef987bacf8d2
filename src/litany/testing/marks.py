"""Where cache marks may stand in an Anthropic request (A15)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.testing.violation import Request, Violation, listing, mapping, shown
from litany.testing.wire import THINKING, Block, read

MOST = 4
LOOKBACK = 20
TTLS = ("5m", "1h")
WHOLE_REQUEST = "cache_control"


@dataclass(frozen=True, slots=True)
class Mark:
    """One `cache_control`, and the block that bears it."""

    path: str
    """The block's path, or `cache_control` for the mark of the whole request."""
    place: int
    """How many blocks of tools, system and messages stand before it."""
    ttl: str
    body: Mapping[str, Any]


def check(request: Request, blocks: Sequence[Block]) -> Iterator[Violation]:
    """A15a to A15e and A15g; what a single request cannot show is `lookback`."""
    marks = _marks(request, blocks)
    for mark in marks:
        yield from _bearer(mark)
    yield from _automatic(request.get("cache_control"), marks)
    if len(marks) > MOST:
        text = f"A maximum of {MOST} blocks with cache_control may be provided. Found {len(marks)}."
        yield Violation("A15a", marks[MOST].path, text)
    yield from _falling(marks)


def lookback(previous: Request, request: Request) -> Iterator[Violation]:
    """A15f: the last mark of `previous` must be found from a mark of `request`, else the cache is written anew."""
    before, now = ([mark.place for mark in _marks(each, _blocks(each))] for each in (previous, request))
    if before and not any(0 <= place - before[-1] < LOOKBACK for place in now):
        text = (
            f"no mark stands within {LOOKBACK} blocks after the last mark of the previous request: its cache is missed"
        )
        yield Violation("A15f", "messages", text)


def _blocks(request: Request) -> Sequence[Block]:
    messages = request.get("messages")
    return read(messages).blocks if listing(messages) else ()


def _marks(request: Request, blocks: Sequence[Block]) -> list[Mark]:
    """Every mark in order; that of the whole request takes a slot unless the last block has one already."""
    marks: list[Mark] = []
    last = -1
    for last, (where, body) in enumerate(_bearers(request, blocks)):
        control = _control(body)
        if control is not None:
            marks.append(Mark(where if isinstance(where, str) else where.path, last, _ttl(control), body))
    automatic = request.get("cache_control")
    if mapping(automatic) and last >= 0 and not (marks and marks[-1].place == last):
        marks.append(Mark(WHOLE_REQUEST, last, _ttl(automatic), {"cache_control": automatic}))
    return marks


def _bearers(request: Request, blocks: Sequence[Block]) -> Iterator[tuple[str | Block, Mapping[str, Any]]]:
    """Whatever may bear a mark, in the order of the cache: tools, system, messages."""
    for field in ("tools", "system"):
        value = request.get(field)
        for at, body in enumerate(value if listing(value) else ()):
            yield f"{field}[{at}]", body if mapping(body) else {}
    for block in blocks:
        yield block, block.body


def _control(body: Mapping[str, Any]) -> object:
    """The mark of a block: its own, or the first that a part of a result bears for it."""
    own: object = body.get("cache_control")
    if own is not None or body.get("type") != "tool_result":
        return own
    content = body.get("content")
    parts = [part for part in content if mapping(part)] if listing(content) else []
    return next((part["cache_control"] for part in parts if part.get("cache_control") is not None), None)


def _bearer(mark: Mark) -> Iterator[Violation]:
    kind, own, where = mark.body.get("type"), mark.body.get("cache_control"), f"{mark.path}.cache_control"
    if kind == "tool_result":
        yield from _nested(mark.path, mark.body.get("content"))
    if own is not None:
        yield from _shape(own, WHOLE_REQUEST if mark.path == WHOLE_REQUEST else where)
    if kind in THINKING:
        yield Violation("A15c", where, f"{where}: Extra inputs are not permitted")
    if kind == "text" and mark.body.get("text") == "":
        yield Violation("A15d", where, f"{mark.path}: cache_control cannot be set for empty text blocks")


def _nested(path: str, content: object) -> Iterator[Violation]:
    for at, part in enumerate(content if listing(content) else ()):
        if mapping(part) and part.get("cache_control") is not None:
            where = f"{path}.content[{at}].cache_control"
            yield Violation("A15g", where, f"{where}: a mark inside a tool_result belongs on the tool_result")


def _shape(control: object, path: str) -> Iterator[Violation]:
    if not mapping(control) or control.get("type") != "ephemeral":
        yield Violation("A0", path, f"{path}: Input should be an object of type 'ephemeral', got {shown(control)}")
    elif control.get("ttl", "5m") not in TTLS:
        yield Violation(
            "A0", f"{path}.ttl", f"{path}.ttl: Input should be '5m' or '1h', got {shown(control.get('ttl'))}"
        )


def _automatic(control: object, marks: Sequence[Mark]) -> Iterator[Violation]:
    """A15e: the mark of the whole request and the mark of its last block say the same."""
    # A mark of the whole request that took a slot of its own stands last, and was looked at as one.
    if control is None or (marks and marks[-1].path == WHOLE_REQUEST):
        return
    yield from _shape(control, WHOLE_REQUEST)
    if marks and marks[-1].ttl != _ttl(control):
        text = f"the last block is marked for {marks[-1].ttl} and the request for {_ttl(control)}"
        yield Violation("A15e", WHOLE_REQUEST, f"cache_control: ttl conflict, {text}")


def _falling(marks: Sequence[Mark]) -> Iterator[Violation]:
    """A15b: an hour does not come after five minutes."""
    short = False
    for mark in marks:
        if mark.ttl == "1h" and short:
            text = "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block"
            yield Violation("A15b", mark.path, f"{mark.path}: {text}")
        short = short or mark.ttl != "1h"


def _ttl(control: object) -> str:
    return "1h" if mapping(control) and control.get("ttl") == "1h" else "5m"
