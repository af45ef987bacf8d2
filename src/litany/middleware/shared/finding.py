"""Finding the conversation of a request: by its name, else by the messages that it begins with.

The first conversation under a name that the host gave is kept under that name. All others are found by the hash of
their first messages, which every process reckons alike: `name~~hash` is what conversations share that open with the
same messages; at its second call each goes on with a copy of that, under `name~hash`, a key of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from litany.archive import Store
from litany.core.agenda import Agenda
from litany.core.state import State
from litany.middleware.shared.begin import archived, fresh, inherited
from litany.middleware.shared.live import Live, Lives
from litany.middleware.shared.request import Request

MOST_TWINS = 16
"""Conversations told by the same first messages that are looked through: the newest."""


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation in the store."""

    key: str
    version: int
    state: State
    length: int = 0
    """How many messages of the request its key stands for."""


@dataclass(frozen=True, slots=True)
class Found:
    """The conversation of a request, and the version of its State by which it was told."""

    live: Live
    version: int


def found(request: Request, lives: Lives, goal: str | None, constraints: Sequence[str]) -> Found:
    """The conversation of the request, begun when there is none. `goal` and `constraints`: what a new one is for."""
    while True:
        if request.exact:
            return _exact(request, lives, fresh(goal, constraints))
        held = _warm(request, lives) or _main(request, lives) or _cold(request, lives.store) or _edited(request, lives)
        if held is not None:
            return Found(lives.of(held.key, request), held.version)
        _begin(request, lives, goal, constraints)


def still(request: Request, found: Found, store: Store) -> int | None:
    """The version to plan on; None when the conversation went on without this request, which is found anew."""
    held = _held(store, found.live.key)
    if held is None:
        return None
    return held.version if request.exact or held.version == found.version or _fits(request, held) else None


def _exact(request: Request, lives: Lives, start: State) -> Found:
    """The conversation of that very key, begun when there is none."""
    key = request.key or ""
    while True:
        held = _held(lives.store, key)
        if held is not None:
            return Found(lives.of(key, request), held.version)
        opening = request.opening if request.natives else ""
        lives.store.save(key, 0, replace(start, opening=opening), (), "")


def _fits(request: Request, held: Held) -> bool:
    """Whether the request goes on from there. What was begun and not planned yet is told by its opening."""
    if held.state.length or held.key != request.key:
        return request.grew(held.state)
    return held.state.opening in ("", request.opening)


def _warm(request: Request, lives: Lives) -> Held | None:
    """One whose messages are held: the longest that the request begins with."""
    begin = [live for live in lives.all(request.key) if live.begins(request)]
    for live in sorted(begin, key=lambda live: -live.talk.record.length):
        request.know(live.talk.record)
        held = _held(lives.store, live.key)
        if held is not None and _fits(request, held) and not _outgrown(request, held):
            return held
    return None


def _main(request: Request, lives: Lives) -> Held | None:
    """The one under the very name that the host gave, though the request edited, branched or compacted its record.

    With another opening it is the same one only when it holds the last answer, and no other opened so.
    """
    held = None if request.key is None else _held(lives.store, request.key)
    if held is None or _fits(request, held):
        return held
    if held.state.opening in ("", request.opening) and not request.bare:
        return held
    same = lives.of(held.key, request).continues(request) and _shared(request, lives.store) is None
    if not same or held.state.opening == request.opening:
        return held if same else None
    lives.store.save(held.key, held.version, replace(held.state, opening=request.opening), (), "")
    return _held(lives.store, held.key)


def _cold(request: Request, store: Store) -> Held | None:
    """One that began with the first messages of the request, here or in another process; else what is shared."""
    own = (held for length in range(1, len(request) + 1) for held in _named(request, store, length))
    fitting = next((held for held in own if _fits(request, held)), None)
    return fitting or _held(store, request.opened(len(request)))


def _edited(request: Request, lives: Lives) -> Held | None:
    """One whose record the host edited: it opens alike, and its last answer is among the messages."""
    for live in lives.all(request.key):
        record, head = live.talk.record, request.head
        alike = record.length >= head and record.at(head) == request.at(head)
        if alike and live.key != request.key and not live.shared and live.continues(request):
            return _held(lives.store, live.key)
    return None


def _outgrown(request: Request, held: Held) -> bool:
    """Whether this is what several share that open alike, and the request went its own way."""
    return held.key == request.opened(held.state.length) and held.state.length < len(request)


def _begin(request: Request, lives: Lives, goal: str | None, constraints: Sequence[str]) -> None:
    """Begins the conversation. When another caller is first nothing is lost: the request is found with that."""
    store = lives.store
    shared = _shared(request, store)
    start = fresh(goal, constraints) if shared is None else shared.state
    kept, span = ((), "") if shared is None else archived(request, shared.state, store, shared.key)
    if request.key is not None and not request.bare and _held(store, request.key) is None:
        store.save(request.key, 0, replace(start, opening=request.opening), kept, span)
        return
    agenda, common = _parted(request, lives)
    if shared is None and not common:
        store.save(request.opened(len(request)), 0, start, (), "")
        return
    store.save(_free(store, request.name(len(request))), 0, inherited(start, agenda, common), kept, span)


def _shared(request: Request, store: Store) -> Held | None:
    """What those share that open as this request does, as far as it reaches."""
    held = (_held(store, request.opened(length), length) for length in range(len(request) - 1, 0, -1))
    return next((item for item in held if item is not None and _fits(request, item)), None)


def _parted(request: Request, lives: Lives) -> tuple[Agenda, int]:
    """The agenda of the conversation that this one parted from last, and how many messages they share."""
    own = (held for length in range(len(request), 0, -1) for held in _named(request, lives.store, length))
    best = next(own, None)
    agenda, common = (Agenda(), 0) if best is None else (best.state.agenda, best.length)
    for live in lives.all(request.key):
        shares = 0 if live.shared or live.key == request.key else request.common(live.talk.record)
        if shares > max(common, request.head):
            agenda, common = live.talk.state.agenda, shares
    return agenda, common


def _named(request: Request, store: Store, length: int) -> Iterator[Held]:
    """Conversations told by the first `length` messages, the newest first."""
    name = request.name(length)
    first = _held(store, name, length)
    if first is None:
        return
    last = _twins(store, name)
    for number in range(last, max(1, last - MOST_TWINS), -1):
        held = _held(store, f"{name}.{number}", length)
        if held is not None:
            yield held
    yield first


def _free(store: Store, name: str) -> str:
    """A key that no conversation has yet."""
    return name if store.load(name) is None else f"{name}.{_twins(store, name) + 1}"


def _twins(store: Store, name: str) -> int:
    """The number of the newest of those that bear this name: 1, 2, … without a gap."""
    low, high = 1, 2
    while store.load(f"{name}.{high}") is not None:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if store.load(f"{name}.{middle}") is None else (middle, high)
    return low


def _held(store: Store, key: str, length: int = 0) -> Held | None:
    found = store.load(key)
    return None if found is None else Held(key, *found, length)
