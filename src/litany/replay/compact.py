"""The baseline `compact`: from 0.8 of the budget down to 0.3 by a fork, and litany's own recital beside it.

Head and tail stay word for word; one summary stands for all that lies between. It is made as litany makes its
outline, so that the two differ in what they decide and in nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from litany.core.agenda import Agenda, Item
from litany.core.message import Role
from litany.core.outline import outline
from litany.core.recite import Since, far, recital
from litany.core.summary import Summary, rendered
from litany.core.todos import host_todos
from litany.dialects import DIALECTS
from litany.replay.goal import mark_of
from litany.replay.sending import Loop, Sending


@dataclass(frozen=True, slots=True)
class _Cut:
    """What was compacted: everything before `end`, the head aside."""

    end: int = 0
    summary: Summary | None = None
    native: object = None
    """The message that holds the summary."""
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the loop told so far, for the recital."""

    agenda: Agenda
    latest: str = ""
    now: Since = Since()
    then: Since = Since()
    """Where the goal or the todos were last read."""


def compact(loop: Loop) -> Iterator[Sending]:
    """Compaction by fork, with the recital that litany would send."""
    cut, mark = _Cut(), mark_of(loop.run)
    heard = _Heard(Agenda(goal=_goal(loop)))
    for answer in loop.answers:
        heard = _hearing(loop, heard, answer)
        most = loop.policy.recite_tokens
        compacts = _size(loop, cut, answer) + most > loop.high
        after = _cut(loop, cut, answer, mark) if compacts else cut
        compacts, cut = after is not cut, after
        due = not heard.agenda.empty and loop.policy.recite != "off"
        due = due and (compacts or far(heard.now, heard.then, loop.policy))
        text = recital(heard.agenda, heard.latest, mark, most, loop.parts.count) if due else ""
        heard = replace(heard, then=heard.now) if text else heard
        yield Sending(_view(loop, cut, answer, text), text, compacts)


def _goal(loop: Loop) -> Item | None:
    found = loop.goal.source == "first-user" and loop.goal.given is None
    return Item(loop.goal.text, "found" if found else "developer") if loop.goal.text else None


def _hearing(loop: Loop, heard: _Heard, answer: int) -> _Heard:
    """With the messages that are new: the latest request, todos, and how far the loop came."""
    for index in range(heard.now.length, answer):
        message, before = loop.read[index], heard.now
        now = Since(index + 1, before.turns + (message.role is Role.ASSISTANT), before.tokens + message.tokens)
        heard = replace(heard, now=now)
        todos = host_todos(message.calls, index) if message.calls else None
        if todos is not None:
            heard = replace(heard, agenda=replace(heard.agenda, todos=todos), then=now)
        if message.speaks and message.text.strip() and not loop.observed(index):
            heard = replace(heard, latest=message.text)
        if index == loop.goal_at:
            heard = replace(heard, then=now)
    return heard


def _head(loop: Loop, end: int) -> list[int]:
    """What stays of the messages before `end`: the leading system messages and the one that holds the goal."""
    return sorted({*range(min(loop.leading, end)), *([loop.goal_at] if 0 <= loop.goal_at < end else [])})


def _size(loop: Loop, cut: _Cut, answer: int) -> int:
    head = sum(loop.read[index].tokens for index in _head(loop, cut.end))
    return loop.parts.fixed + head + cut.tokens + loop.tokens(cut.end, answer)


def _cut(loop: Loop, cut: _Cut, answer: int, mark: str) -> _Cut:
    """The cut that leaves the longest tail of whole turns within the low mark, or the last turn."""
    ends = [index for index in range(cut.end + 1, answer) if not loop.observed(index) and index > loop.leading]
    if not ends:
        return cut
    room = loop.low - loop.policy.recite_tokens - loop.policy.cap
    end = next((end for end in ends if _size(loop, _Cut(end), answer) <= room), ends[-1])
    head = set(_head(loop, end))
    gone = [loop.read[index] for index in range(cut.end, end) if index not in head]
    if not gone:
        return cut
    summary = outline(gone, cut.summary, mark, loop.policy.cap, loop.parts.count)
    native = DIALECTS[loop.run.dialect].user(rendered(summary))
    return _Cut(end, summary, native, loop.parts.of(native).tokens)


def _view(loop: Loop, cut: _Cut, answer: int, text: str) -> list[Any]:
    messages = loop.run.messages
    summary = [] if cut.native is None else [cut.native]
    spoken = [DIALECTS[loop.run.dialect].user(text)] if text else []
    return [*(messages[index] for index in _head(loop, cut.end)), *summary, *messages[cut.end : answer], *spoken]
