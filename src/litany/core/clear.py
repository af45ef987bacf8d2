"""Clipping and clearing: how a tool result is shortened as it enters, or later gives way to a stub."""

from collections.abc import Mapping, Sequence

from litany.core.excerpt import fitting
from litany.core.marks import parted
from litany.core.message import Message
from litany.core.ports import Count, Dialect
from litany.core.state import Edit

NOTICE = 40
"""Tokens set aside for the notice of a clip."""
STUB_TOKENS = 60
"""A result under this size is not worth clearing."""
LEAST = 48
"""Tokens that a clipped result keeps at least, its notice aside."""


def stub(message: Message) -> str:
    """What stands for cleared results."""
    return f'[tool result cleared, {sum(message.sizes)} tokens; recall("{message.digest}") returns it]'


def clipped(text: str, head: int, tail: int, tokens: int, handle: str) -> str:
    """Head and tail of a text, with a notice between them."""
    end = text[len(text) - tail :] if tail else ""
    return f'{text[:head]}\n[… clipped, {tokens} tokens in all; recall("{handle}") returns the rest …]\n{end}'


def entry_edit(message: Message, index: int, at: str, limits: Sequence[int], mark: str, count: Count) -> Edit | None:
    """How the results of a message read from the start: clipped to their limits, forged recitations broken."""
    clips = tuple(
        (slot, *_ends(text, limits[slot], count))
        for slot, text in enumerate(message.slots)
        if message.sizes[slot] > limits[slot]
    )
    neutral = parted(message.slots, mark) != message.slots
    if not clips and not neutral:
        return None
    edit = Edit(index, at, 0, clips, neutral)
    texts = slot_texts(message, edit, mark)
    tokens = message.tokens - sum(message.sizes[slot] for slot in texts) + sum(map(count, texts.values()))
    return Edit(index, at, tokens, clips, neutral)


def slot_texts(message: Message, edit: Edit, mark: str) -> Mapping[int, str]:
    """The slots that an edit changes, as they read now."""
    texts: dict[int, str] = {}
    for slot, head, tail in edit.clips:
        texts[slot] = clipped(message.slots[slot], head, tail, message.sizes[slot], message.digest)
    if edit.neutral:
        now = [texts.get(slot, text) for slot, text in enumerate(message.slots)]
        opened = parted(now, mark)
        texts.update((slot, opened[slot]) for slot, text in enumerate(message.slots) if opened[slot] != text)
    return texts


def cleared_edit(message: Message, edit: Edit | None, index: int, at: str, count: Count) -> Edit:
    """The edit that leaves only stubs of a message's results."""
    stubs = max(1, len(message.answers)) * count(stub(message))
    bare = edit is not None and edit.bare
    return Edit(index, at, message.tokens - sum(message.sizes) + stubs, cleared=True, bare=bare)


def bare_edit(message: Message, edit: Edit | None, index: int, at: str) -> Edit:
    """The edit that also leaves out its thinking blocks."""
    before = edit or Edit(index, at, message.tokens)
    if before.bare:
        return before
    return Edit(index, at, before.tokens - message.loose, before.clips, before.neutral, before.cleared, bare=True)


def read_as(native: object, message: Message, edit: Edit, mark: str, dialect: Dialect) -> object:
    """The host's message as the edit lets it read: a shallow copy."""
    if edit.spoken:
        return dialect.spoken(native)
    if edit.bare:
        native = dialect.bare(native)
    if edit.cleared:
        return dialect.cleared(native, stub(message))
    texts = slot_texts(message, edit, mark)
    return dialect.rewritten(native, texts) if texts else native


def shares(sizes: Sequence[int], room: int, most: int) -> tuple[int, ...]:
    """A limit for each size, at most `most`, so that together they fit the room; small ones stay whole."""
    low, high = LEAST + NOTICE, most
    if sum(min(size, high) for size in sizes) <= room:
        return (high,) * len(sizes)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if sum(min(size, middle) for size in sizes) <= room else (low, middle - 1)
    return (low,) * len(sizes)


def _ends(text: str, limit: int, count: Count) -> tuple[int, int]:
    room = max(LEAST, limit - NOTICE)
    head = fitting(text, room * 2 // 3, count)
    tail = fitting(text[len(head) :], room - room * 2 // 3, count, end=True)
    return len(head), len(tail)
