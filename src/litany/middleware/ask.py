"""Asking the summarizer: on the cached prefix where it fits (a fork), else with the span quoted as data."""

import inspect
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from litany.core.compact import Compaction
from litany.core.excerpt import fitting
from litany.core.marks import broken
from litany.core.message import Message
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import State
from litany.core.summary import prompted

QUOTE = 2_000
"""Characters of one text that a quoted span shows."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What the summarizer is given. No messages: the prompt quotes them."""

    messages: Sequence[object]
    prompt: str


def asked(record: Record, state: State, setting: Setting, wish: Compaction, sent: Callable[[], list[object]]) -> Ask:
    """The request for a summary. `sent` gives the view before the compaction."""
    prompt = prompted(wish.cap)
    room = setting.limit(state) + setting.policy.spare - wish.cap
    if state.size + setting.fixed + setting.count(prompt) + 8 <= room:
        return Ask(sent(), prompt)
    return Ask((), prompted(wish.cap, _quoted(record, state, setting, wish, room - setting.count(prompt) - 100)))


def summarized(summarize: Callable[[Sequence[object], str], object], ask: Ask) -> object:
    """The summarizer's answer, or the exception that it raised. An awaitable is no answer here."""
    try:
        answer = summarize(ask.messages, ask.prompt)
    except Exception as error:  # a user's summarizer may fail in any way; the outline takes its place
        return error
    if inspect.iscoroutine(answer):
        answer.close()
        return TypeError("the summarizer is asynchronous; use AsyncLitany")
    return answer


async def summarized_async(summarize: Callable[[Sequence[object], str], object], ask: Ask) -> object:
    """The same, waiting for an awaitable."""
    try:
        answer = summarize(ask.messages, ask.prompt)
        return await answer if inspect.isawaitable(answer) else answer
    except Exception as error:  # a user's summarizer may fail in any way; the outline takes its place
        return error


def _quoted(record: Record, state: State, setting: Setting, wish: Compaction, room: int) -> str:
    """The earlier summary and the span, a line a message; when it is too long its middle is left out."""
    first = 0 if state.cut is None else state.cut.end
    lines = [] if state.cut is None else [json.dumps({"earlier summary": state.cut.text}, ensure_ascii=False)]
    told = (message for message in record.span(first, wish.end) if message.text or message.calls or message.slots)
    lines += [broken(_line(message), state.mark) for message in told]
    text = "\n".join(lines)
    if setting.count(text) <= room:
        return text
    head = fitting(text, room // 4, setting.count)
    return head + "\n[… the middle is left out …]\n" + fitting(text, room - room // 4 - 20, setting.count, end=True)


def _line(message: Message) -> str:
    said: dict[str, object] = {"role": str(message.role)}
    if message.text:
        said["text"] = message.text[:QUOTE]
    if message.calls:
        said["calls"] = [f"{call.name} {call.arguments[:QUOTE]}" for call in message.calls]
    if message.slots:
        said["results"] = [text[:QUOTE] for text in message.slots]
    return json.dumps(said, ensure_ascii=False)
