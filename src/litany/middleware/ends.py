"""Ends: what a record ends with, by which a conversation is told though its client put a summary before it."""

import re
from collections.abc import Iterable, Sequence

from litany.core.message import Call, Role
from litany.core.record import Record
from litany.core.state import Ends

SUBSTANCE = 200
"""Characters from which an answer tells its conversation from others that open alike; one with calls does."""
DRAWN = re.compile(r"(?=[^\W_]{8})(?=[^\W_]*[^\W\d_]\d)(?=[^\W_]*\d[^\W\d_])")
"""What an id holds that was drawn at random, as providers draw them; `call_7` or `functions.look:7` were counted."""


def ends_of(record: Record) -> Ends | None:
    """What the record ends with; None where it ends with nothing that tells it from others."""
    places = range(record.length - 1, -1, -1)
    last = next((place for place in places if record[place].role is Role.ASSISTANT), None)
    if last is None or not (record[last].calls or len(record[last].text) >= SUBSTANCE):
        return None
    digests = tuple(message.digest for message in record.span(last, record.length))
    return Ends(digests, any(map(drawn, record[last].calls)))


def drawn(call: Call) -> bool:
    """Whether the call has an id that no other conversation has."""
    return DRAWN.search(call.id) is not None


def holds(digests: Sequence[str], ends: Iterable[str]) -> bool:
    """Whether messages of these digests hold the whole end, in one piece."""
    wanted = list(ends)
    places = (place for place, digest in enumerate(digests) if digest == wanted[0])
    return any(list(digests[place : place + len(wanted)]) == wanted for place in places)
