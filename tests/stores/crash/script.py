"""The script that is killed: a fixed row of writes to a store, and what the store holds after each of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from litany import MemoryStore, SqliteStore
from litany.archive import Kept, Store
from litany.core.agenda import Agenda, Item
from litany.core.state import Cut, Edit, State

BEGUN = State(mark="0badcafe", agenda=Agenda(goal=Item("Find the leak.", "developer")))
EDITS = tuple(Edit(index, f"at{index}", 10, ((0, 5, 5),)) for index in range(30))
CUT = Cut(40, "at40", (0,), 1, "What was done. " * 40, 90, 80, {"done": ("all of it",)}, ("src/a.py",), 1)
Both = SqliteStore | MemoryStore
Shown = dict[str, tuple[State, list[Kept], list[Kept]]]
"""By conversation: its State, what is found under the handles of messages, and under the span."""


def messages(first: int, last: int) -> list[Kept]:
    """Messages that leave the view, no two alike."""
    return [Kept(f"{n:016x}", n, f'{{"role":"user","content":"{told(n)}"}}') for n in range(first, last)]


def told(n: int) -> str:
    """About 1,500 characters that zlib cannot take away."""
    return f"canary{n} " + " ".join(f"{(n + 7) * word * 2654435761 % 2**40:x}" for word in range(1, 150))


def saved(store: Store, key: str, state: State, kept: Sequence[Kept] = (), span: str = "") -> None:
    """One write over whatever version stands there."""
    held = store.load(key)
    assert store.save(key, 0 if held is None else held[0], state, kept, span)


STEPS: Sequence[Callable[[Both], object]] = (
    lambda store: saved(store, "talk", BEGUN),
    lambda store: saved(store, "talk", replace(BEGUN, edits=EDITS, length=40)),
    lambda store: saved(store, "talk", replace(BEGUN, edits=EDITS[:20], length=42), messages(0, 2)),
    lambda store: saved(store, "talk", replace(BEGUN, cut=CUT, length=44), messages(0, 40), "sfirst"),
    lambda store: saved(store, "other", replace(BEGUN, cut=CUT), messages(30, 45), "sfirst"),
    lambda store: store.close() if isinstance(store, SqliteStore) else None,
    lambda store: saved(store, "talk", replace(BEGUN, cut=replace(CUT, end=60, number=2)), messages(40, 60), "sfirst"),
    lambda store: store.forget("other"),
    lambda store: saved(store, "talk", replace(BEGUN, cut=replace(CUT, end=60, number=3))),
    lambda store: store.close() if isinstance(store, SqliteStore) else None,
)


def shown(store: Both) -> Shown:
    """All that a store holds."""
    out: Shown = {}
    for key in store.names():
        held = store.load(key)
        assert held is not None
        single = [item for n in range(60) for item in store.find(key, f"{n:016x}")]
        out[key] = (held[1], single, list(store.find(key, "sfirst")))
    return out


def expected() -> list[Shown]:
    """What a store holds after 0, 1, 2 … steps."""
    store = MemoryStore()
    out = [shown(store)]
    for step in STEPS:
        step(store)
        out.append(shown(store))
    return out


def path(folder: Path) -> Path:
    """Where the store of one run lies."""
    return folder / "store.litany"
