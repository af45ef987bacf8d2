"""Parts: the messages of a run's views, each distinct one read and counted once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from litany.core.message import Message
from litany.core.ports import Count
from litany.dialects import DIALECTS
from litany.dialects.anthropic import FRAME
from litany.dialects.canonical import plain
from litany.replay.run import Run


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A message of a view. Messages of the same bytes are the same Part, so parts compare by identity."""

    native: object
    message: Message
    tokens: int
    texts: tuple[str, ...]
    """Its text blocks, those inside tool results included."""


class Parts:
    """Reads messages; shared by all the windows and baselines of one run."""

    def __init__(self, run: Run, count: Count) -> None:
        self.count = count
        self.fixed = sum(map(count, texts_of(run.system))) + FRAME * (run.system is not None)
        """Tokens of the system text beside the messages."""
        self.system = tuple(texts_of(run.system))
        self._dialect = DIALECTS[run.dialect]
        self._by_bytes: dict[str, Part] = {}
        self._by_id = {id(native): part for native in run.messages for part in [self._read(native)]}
        self._run = run  # the ids stay true while the run lives

    def of(self, native: object) -> Part:
        """The part of that message."""
        known = self._by_id.get(id(native))
        return self._read(native) if known is None else known

    def listed(self, view: Sequence[object], before: Sequence[Part] = ()) -> list[Part]:
        """The parts of a view; where it begins like the view before, without reading again."""
        known = len(before)
        return [
            before[place] if place < known and _same(before[place].native, native) else self.of(native)
            for place, native in enumerate(view)
        ]

    def _read(self, native: object) -> Part:
        key = plain(native)
        part = self._by_bytes.get(key)
        if part is None:
            message = self._dialect.read(native, self.count, False)
            part = Part(native, message, message.tokens, tuple(texts_of(_content(native))))
            self._by_bytes[key] = part
        return part


def texts_of(content: object) -> Iterator[str]:
    """The text blocks of a message's content, or of a system text, in order."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        if isinstance(content.get("text"), str):
            yield content["text"]
        elif content.get("type") == "tool_result":
            yield from texts_of(content.get("content"))
    elif isinstance(content, Sequence):
        for block in content:
            yield from texts_of(block)


def _content(native: object) -> object:
    return native.get("content") if isinstance(native, Mapping) else None


def _same(one: object, other: object) -> bool:
    return one is other or one == other
