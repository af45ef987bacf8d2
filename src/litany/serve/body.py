"""Body: a request's JSON with the place of each message in its text, so that what stays leaves in its very bytes."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.serve.places import Member, Span, following, items, members

ENCODING = "utf-8"
SHORT = ("input",)
"""Members in which a text stands for one user message."""


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A JSON object, one of whose members is a list of messages, or the text of the one user message."""

    raw: bytes
    text: str
    name: str
    """The member in which the messages stand."""
    messages: Sequence[Any]
    spans: Sequence[Span]
    """Where each message stands in the text."""
    whole: Span
    """Where the list stands, its brackets included; or the text, its quotes included."""
    before: Mapping[str, Any]
    """The members before the list."""
    behind: Mapping[str, Any]
    """Those behind it."""
    short: bool = False
    """Whether a text stands in the place of the list."""

    def get(self, name: str) -> Any:
        """Another member; None when there is none."""
        return self.behind.get(name, self.before.get(name))

    def sent(self, view: Sequence[Any]) -> bytes:
        """The body with these messages: unchanged it is the very body, else all but what is changed keeps its bytes."""
        if len(view) == len(self.messages) and all(new is old for new, old in zip(view, self.messages, strict=True)):
            return self.raw
        places = {id(message): span for message, span in zip(self.messages, self.spans, strict=True)}
        written = (
            self._same(places[id(message)]) if id(message) in places else self._changed(message) for message in view
        )
        text = f"{self.text[: self.whole[0]]}[{','.join(written)}]{self.text[self.whole[1] :]}"
        return text.encode(ENCODING)

    def _same(self, place: Span) -> str:
        """A message in the bytes in which it came."""
        text = self.text[slice(*place)]
        return f'{{"role":"user","content":{text}}}' if self.short else text

    def _changed(self, message: Mapping[str, Any]) -> str:
        """A message that litany wrote, or changed: then the blocks that it did not change keep their bytes."""
        content = message.get("content")
        if not isinstance(content, list):
            return _plain(message)
        known = self._blocks({id(block) for block in content})
        blocks = ",".join(known.get(id(block)) or _plain(block) for block in content)
        others = (f"{_plain(name)}:{_plain(value)}" for name, value in message.items() if name != "content")
        return "{" + ",".join([*others, f'"content":[{blocks}]']) + "}"

    def _blocks(self, wanted: set[int]) -> dict[int, str]:
        """The text of those blocks that stand in a message of this body."""
        found: dict[int, str] = {}
        for message, (start, _) in zip(self.messages, self.spans, strict=True):
            content = message.get("content") if isinstance(message, Mapping) else None
            if isinstance(content, list) and any(id(block) in wanted for block in content):
                inner = [member.items for member in members(self.text, start, "content") if member.items is not None]
                spans = inner[-1].spans
                found |= {id(block): self.text[slice(*span)] for block, span in zip(content, spans, strict=True)}
        return found


def read(raw: bytes, name: str, known: Body | None = None) -> Body | None:
    """The body; None when it is no JSON object with one list of messages, or a text for it, under that name.

    known -- an earlier body: what both begin with is not read anew, and gives the very same messages.
    """
    text = decoded(raw)
    if text is None:
        return None
    return parsed(raw, text, name, known, 0 if known is None or known.name != name else common(text, known))


def decoded(raw: bytes) -> str | None:
    """The text; None when it is none."""
    try:
        return raw.decode(ENCODING)
    except UnicodeDecodeError:
        return None


def parsed(raw: bytes, text: str, name: str, known: Body | None, same: int) -> Body | None:
    """The body of a text that has so many messages in common with a known one."""
    try:
        return _whole(raw, text, name) if known is None or not same else _grown(raw, text, known, same)
    except (ValueError, RecursionError):
        return None


def common(text: str, body: Body) -> int:
    """How many messages the text has in common with that body, from its first letter on."""
    if body.short or not text.startswith(body.text[: body.whole[0] + 1]):
        return 0
    if body.spans and _begins(text, body, len(body.spans)):
        return len(body.spans)  # a conversation that grew: nearly always
    low, high = 0, 1
    while high <= len(body.spans) and _begins(text, body, high):
        low, high = high, high * 2
    high = min(high, len(body.spans) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _begins(text, body, middle) else (low, middle)
    return low


def _begins(text: str, body: Body, messages: int) -> bool:
    return text.startswith(body.text[: body.spans[messages - 1][1]])


def _whole(raw: bytes, text: str, name: str) -> Body | None:
    found = list(members(text, 0, name))
    places = [place for place, member in enumerate(found) if member.name == name]
    if len(places) != 1:
        return None
    own = found[places[0]]
    before, behind = _named(found[: places[0]]), _named(found[places[0] + 1 :])
    if name in SHORT and isinstance(own.value, str):
        spoken = [{"role": "user", "content": own.value}]
        return Body(raw, text, name, spoken, [own.span], own.span, before, behind, short=True)
    if own.items is None or not all(isinstance(message, dict) for message in own.items.values):
        return None
    return Body(raw, text, name, own.items.values, own.items.spans, own.span, before, behind)


def _grown(raw: bytes, text: str, known: Body, same: int) -> Body | None:
    """The body that begins with as many messages of the known one."""
    more = items(text, known.spans[same - 1][1])
    if not all(isinstance(message, dict) for message in more.values):
        return None
    behind = known.behind
    if text[more.end :] != known.text[known.whole[1] :]:
        behind = _named(following(text, more.end, ""))
    if known.name in behind:
        return None
    messages, spans = [*known.messages[:same], *more.values], [*known.spans[:same], *more.spans]
    return Body(raw, text, known.name, messages, spans, (known.whole[0], more.end), known.before, behind)


def _named(found: Iterable[Member]) -> dict[str, Any]:
    return {member.name: member.value for member in found}


def _plain(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode(ENCODING)
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))  # half a pair came escaped and leaves escaped
    return text
