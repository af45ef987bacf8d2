"""The outline: a summary made without a model, and the exact index of identifiers beside every summary."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from litany.core.excerpt import line
from litany.core.marks import broken
from litany.core.message import Message, Role
from litany.core.ports import Count
from litany.core.summary import Summary

IDENTIFIER = re.compile(
    r"https?://[^\s\"'<>()\[\]{}\\,;]{4,200}"
    r"|(?<![\w/.])(?:\.{0,2}/|~/)?(?:[\w.+-]{1,80}/){1,12}[\w.+-]{1,80}"
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r"|\b(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}\b"
    r"|\b[A-Z][A-Z0-9]{1,12}[-_#]\d{1,12}\b"
    r"|(?<!\w)#\d{1,9}\b"
    r"|\b\w{1,40}\.(?:py|js|ts|tsx|rs|go|java|c|h|cpp|md|toml|yaml|yml|json|txt|csv|sh|sql|html|css|log|cfg|ini)\b"
    r"|\b\d[\d,]*\.?\d*(?:e[+-]?\d+)?\b(?<=\d{4})"
)
"""URLs, paths, uuids, hashes, ticket ids, file names, numbers of four digits and more."""
TELLING = re.compile(r"[\d/.-]")
"""What every identifier has in it; none has a space."""
SCANNED = 20_000
"""Characters of one text that are searched for identifiers."""
EARLIER = "… {n} earlier steps"
COUNTED = re.compile(r"… (\d{1,9}) earlier steps$")


def redacted(messages: Sequence[Message], redact: Callable[[str], str]) -> Sequence[Message]:
    """The messages as an outline may read them: the beginnings of their texts, redacted."""
    if redact is str:
        return messages
    return [
        replace(
            message,
            text=redact(message.text[:SCANNED]),
            calls=tuple(replace(call, arguments=redact(call.arguments[:SCANNED])) for call in message.calls),
            slots=tuple(redact(text[:SCANNED]) for text in message.slots),
        )
        for message in messages
    ]


def identifiers(messages: Iterable[Message], known: Sequence[str], most: int, count: Count) -> tuple[str, ...]:
    """Exact identifiers in the messages and those known before, newest first, within `most` tokens."""
    found: dict[str, None] = {}
    words: set[str] = set()
    for message in reversed(list(messages)):
        texts = [message.text, *(call.arguments for call in message.calls), *message.slots]
        new = [word for text in texts for word in dict.fromkeys(text[:SCANNED].split()) if word not in words]
        words.update(new)
        for word in filter(TELLING.search, new):
            for match in IDENTIFIER.finditer(word):
                found.setdefault(match[0].rstrip(".,:"))
        if len(found) * 2 > most:  # each takes two tokens at least
            break
    chosen: list[str] = []
    room = most
    for name in dict.fromkeys([*found, *known]):
        room -= count(name) + 1
        if room < 0:
            break
        chosen.append(name)
    return tuple(chosen)


def outline(messages: Sequence[Message], before: Summary | None, mark: str, cap: int, count: Count) -> Summary:
    """What happened, a line a step, the newest kept when the cap is short; the lines of an earlier summary first."""
    steps = _steps(messages, mark)
    earlier = [] if before is None else list(before.done)
    said = (
        {}
        if before is None
        else {name: getattr(before, name) for name in ("decisions", "artifacts", "findings", "failures")}
    )
    room = cap - 8
    kept: dict[str, tuple[str, ...]] = {}
    for name, items in said.items():
        kept[name] = tuple(_newest(items, room // 4, count))
        room -= sum(count(item) + 2 for item in kept[name]) + 4 * bool(kept[name])
    lines = [text for text in earlier if not COUNTED.match(text)] + steps
    dropped = sum(int(match[1]) for text in earlier if (match := COUNTED.match(text)))
    newest = _newest(lines, room - count(EARLIER) - 3, count)
    dropped += len(lines) - len(newest)
    return Summary(done=((EARLIER.replace("{n}", str(dropped)),) if dropped else ()) + tuple(newest), **kept)


def _newest(lines: Sequence[str], room: int, count: Count) -> list[str]:
    chosen: list[str] = []
    for text in reversed(lines):
        room -= count(text) + 2
        if room < 0:
            break
        chosen.append(text)
    return chosen[::-1]


def _steps(messages: Sequence[Message], mark: str) -> list[str]:
    """A line a step: what was said, and each call with the beginning of its result."""
    steps: list[str] = []
    open: dict[str, int] = {}
    for message in messages:
        steps += [broken(text, mark) for text in _said(message)]
        for call in message.calls:
            open[call.id] = len(steps)
            steps.append(broken(f"called {call.name} {line(call.arguments, 100)}", mark))
        for id, text in zip(message.answers, message.slots, strict=False):
            if id in open and text.strip():
                steps[open.pop(id)] += f" → {broken(line(text, 70), mark)}"
    return steps


def _said(message: Message) -> list[str]:
    if message.role is Role.TOOL:
        return [] if message.answers else [f"→ {line(text, 90)}" for text in message.slots if text.strip()]
    if not message.text.strip() or (message.calls and message.role is Role.ASSISTANT):
        return []
    title, most = ("agent", 90) if message.role is Role.ASSISTANT else (str(message.role), 160)
    return [f"{title}: {line(message.text, most)}"]
