"""Finding the conversation of a request: by its name, else by the messages that it begins with.

The first conversation under a name that the host gave is kept under that name: every later request of the same system
text and tools belongs to it, however its client compacted the record. All others are found by the hash of their first
messages, which every process reckons alike: `name~~hash` is what conversations share that open with the same messages
and system text; at its second call each goes on with a copy of that, under `name~hash`, a key of its own. A system text
beside the messages may change later: what opened with another one is still taken for the request's own, unless some
conversation opened with this one and no id drawn at random says whose the messages are.

One of these whose client put a summary before its last messages is found by them, among the newest of the same system
text and tools, which `name~@hash` lists. Two conversations must never be taken for one: the last messages must be there
whole, in one conversation alone, and with ids of calls that were drawn at random or behind the same first messages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from litany.archive import Store
from litany.core.agenda import Agenda
from litany.core.state import State
from litany.middleware.ends import holds
from litany.middleware.shared.begin import archived, fresh, inherited
from litany.middleware.shared.live import Live, Lives
from litany.middleware.shared.request import Request

MOST_TWINS = 16
"""Conversations told by the same first messages that are looked through: the newest."""


MOST_AKIN = 64
"""Conversations of the same system text and tools among which one that was compacted is looked for: the newest."""


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
        held = _warm(request, lives) or _main(request, lives.store) or _cold(request, lives.store)
        held = held or _edited(request, lives) or _compacted(request, lives.store)
        if held is not None:
            held = _now(request, held, lives.store)
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
        lives.store.save(key, 0, _told(request, start) if request.natives else start, (), "")


def _fits(request: Request, held: Held) -> bool:
    """Whether the request goes on from there. What was begun and not planned yet is told by its opening."""
    if held.state.length or held.key != request.key:
        return request.grew(held.state)
    return held.state.opening in ("", request.opening)


def _warm(request: Request, lives: Lives) -> Held | None:
    """One whose messages are held: the longest that the request begins with."""
    begin = [live for live in lives.all(request.root) if live.begins(request)]
    for live in sorted(begin, key=lambda live: -live.talk.record.length):
        request.know(live.talk.record)
        held = _held(lives.store, live.key)
        if held is None or not _fits(request, held):
            continue
        if _alike(request, held) if live.shared else _own(request, held, lives.store):
            return held
    return None


def _main(request: Request, store: Store) -> Held | None:
    """The one under the very name that the host gave, though the request edited, branched or compacted its record.

    With another opening it is the same one when system text and tools are the same, and no other opened so.
    """
    held = None if request.key is None else _held(store, request.key)
    if held is None or (_fits(request, held) and _own(request, held, store)):
        return held
    kin = held.state.kin in ("", request.kin)
    if held.state.opening in ("", request.opening) and not request.bare and (kin or request.tools):
        return held
    same = (held.state.kin == request.kin or _continues(request, held)) and kin and not request.bare
    if not same or _shared(request, store) is not None:
        return None
    store.save(held.key, held.version, _told(request, held.state), (), "")
    return _held(store, held.key)


def _cold(request: Request, store: Store) -> Held | None:
    """One that began with the first messages of the request, here or in another process; else what is shared."""
    own = (held for length in range(1, len(request) + 1) for held in _named(request, store, length))
    fitting = next((held for held in own if _fits(request, held) and _own(request, held, store)), None)
    return fitting or _held(store, request.opened(len(request)))


def _edited(request: Request, lives: Lives) -> Held | None:
    """One whose record the host edited: it opens alike, and its last answer is among the messages."""
    for live in lives.all(request.root):
        record, head = live.talk.record, request.head
        alike = record.length >= head and record.at(head) == request.at(head)
        held = _held(lives.store, live.key) if alike and live.key != request.key and not live.shared else None
        if held is not None and held.state.kin in ("", request.kin) and _continues(request, held):
            return held
    return None


def _compacted(request: Request, store: Store) -> Held | None:
    """One of the same kin that the request goes on from, or whose last messages alone it still holds."""
    if len(request) == request.head:
        return None
    index = _held(store, request.index)
    found: list[Held] = []
    for key in reversed(() if index is None else index.state.index):
        held = _held(store, key)
        if held is None or held.state.kin != request.kin:
            continue
        if held.state.length and request.grew(held.state):
            return held
        if _continues(request, held) and (_sure(held) or held.state.opening == request.opening):
            found.append(held)
    return found[0] if len(found) == 1 else None


def _continues(request: Request, held: Held) -> bool:
    """Whether the request holds the last answer and all behind it: an edited record, not another conversation."""
    ends = held.state.ends
    return ends is not None and holds(request.digests(), ends.digests)


def _sure(held: Held) -> bool:
    return held.state.ends is not None and held.state.ends.sure


def _now(request: Request, held: Held, store: Store) -> Held:
    """The conversation under its very name, told by the system text and the tools that it has now."""
    grown = held.key == request.key and held.state.length > 0 and not request.bare and request.grew(held.state)
    if not grown or held.state.kin == request.kin or (held.state.kin and not request.tools):
        return held
    store.save(held.key, held.version, _told(request, held.state), (), "")
    return _held(store, held.key) or held


def _told(request: Request, state: State) -> State:
    """The State with what tells its conversation from others."""
    return replace(state, opening=request.opening if request.told else state.opening, kin=request.kin)


def _alike(request: Request, held: Held) -> bool:
    """Whether what several share that open alike holds as far as the request goes."""
    return held.key == request.opened(len(request)) or (not request.told and held.state.length == len(request))


def _own(request: Request, held: Held, store: Store) -> bool:
    """Whether one whose messages the request begins with is its own, under the system text that it has now."""
    return _sure(held) or not _other(request, held.state, store)


def _other(request: Request, state: State, store: Store) -> bool:
    """Whether it opened with another system text, while some conversation opened, or opens now, with the request's."""
    if not request.told or not request.asks or state.opening in ("", request.opening):
        return False
    return len(request) == request.head or _shared(request, store) is not None


def _begin(request: Request, lives: Lives, goal: str | None, constraints: Sequence[str]) -> None:
    """Begins the conversation. When another caller is first nothing is lost: the request is found with that."""
    store = lives.store
    shared = _shared(request, store) or _changed(request, lives)
    start = fresh(goal, constraints) if shared is None else shared.state
    kept, span = ((), "") if shared is None else archived(request, shared.state, store, shared.key)
    if request.key is not None and not request.bare and _held(store, request.key) is None:
        store.save(request.key, 0, _told(request, start), kept, span)
        return
    agenda, common = _parted(request, lives)
    if shared is None and not common:
        store.save(request.opened(len(request)), 0, start, (), "")
        return
    key = _free(store, request.name(len(request)))
    if store.save(key, 0, _told(request, inherited(start, agenda, common)), kept, span):
        _listed(request, lives, key)


def _listed(request: Request, lives: Lives, key: str) -> None:
    """Lists it among those of its kin, the newest last."""
    while True:
        held = _held(lives.store, request.index)
        version, others = (0, ()) if held is None else (held.version, held.state.index)
        state = State("", index=(*others, key)[-MOST_AKIN:])
        if lives.store.save(request.index, version, state, (), ""):
            return lives.listed(request.index)


def _shared(request: Request, store: Store) -> Held | None:
    """What those share that open as this request does, as far as it reaches."""
    held = (_held(store, request.opened(length), length) for length in range(len(request) - 1, 0, -1))
    return next((item for item in held if item is not None and _fits(request, item)), None)


def _changed(request: Request, lives: Lives) -> Held | None:
    """What it opened with in this process, where its system text, goal or constraints have changed since."""
    for live in lives.all(request.root):
        held = _held(lives.store, live.key) if live.shared and live.begins(request) else None
        if held is not None and held.state.length < len(request) and _fits(request, held):
            return held
    return None


def _parted(request: Request, lives: Lives) -> tuple[Agenda, int]:
    """The agenda of the conversation that this one parted from last, and how many messages they share."""
    store = lives.store
    own = (held for length in range(len(request), 0, -1) for held in _named(request, store, length))
    best = next((held for held in own if not _other(request, held.state, store)), None)
    agenda, common = (Agenda(), 0) if best is None else (best.state.agenda, best.length)
    for live in lives.all(request.root):
        shares = 0 if live.shared or live.key == request.key else request.common(live.talk.record)
        if shares > max(common, request.head) and not _other(request, live.talk.state, store):
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
