"""Parts: a State as rows, so that a call writes what is new and not what the record has brought so far."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from operator import is_

from litany.core.state import State
from litany.middleware.saved import dumped, loaded

GROWING = ("edits", "repairs", "lates", "placed", "pins")
"""Fields of a State that grow with the record, between two compactions or for good."""
QUICK = (1, zlib.DEFLATED, 12, 4)
"""zlib's level, method, window and memory for what every call writes anew: a few thousand bytes, mostly."""
ENCODED = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Change:
    """Items of a growing field: from `first` on they are these."""

    name: str
    first: int
    items: Sequence[bytes]


def written(state: State, before: State | None) -> tuple[bytes, Sequence[Change]]:
    """The State without its growing fields, and what changed in those since `before`."""
    firsts = {name: _common(getattr(state, name), getattr(before, name, ())) for name in GROWING}
    same = {name for name in GROWING if before is not None and getattr(state, name) is getattr(before, name)}
    plain = dumped(replace(state, **{name: getattr(state, name)[first:] for name, first in firsts.items()}))
    items = {name: [_line(item) for item in plain.pop(name)] for name in GROWING}
    changes = [Change(name, firsts[name], items[name]) for name in GROWING if name not in same]
    return _packed(_line(plain)), changes


def read(body: bytes, parts: Mapping[str, Sequence[bytes]]) -> State:
    """The State of these rows. Raises: StateError when they are none."""
    items = {name: [json.loads(line) for line in parts.get(name, ())] for name in GROWING}
    return loaded({**json.loads(zlib.decompress(body)), **items})


def _common(new: Sequence[object], old: Sequence[object]) -> int:
    """How many items are the very same ones, told in a loop of C."""
    same = [*map(is_, new, old), False]
    return same.index(False)


def _line(plain: object) -> bytes:
    return ENCODED(plain).encode()


def _packed(line: bytes) -> bytes:
    pack = zlib.compressobj(*QUICK)
    return pack.compress(line) + pack.flush()
