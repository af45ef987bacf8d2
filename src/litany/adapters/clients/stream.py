"""Streams: passed on event by event; held back only until content comes, so that an overflow can still be mended."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

from litany.adapters.refused import Refused

BEFORE = ("message_start", "ping", "response.created", "response.queued", "response.in_progress")
"""Kinds of events that come before any content."""
CONTENT = ("content", "tool_calls", "function_call", "refusal", "reasoning_content", "reasoning", "audio")
"""Fields of a chunk of OpenAI chat that hold content."""
Hears = Callable[[object], object]


def listened(
    events: Iterator[Any], hears: Hears, again: Callable[[Refused], Iterator[Any] | None] | None
) -> Iterator[Any]:
    """The events, each as it came; `hears` is told of each as it goes.

    again -- gives the events of a smaller request when this one was too long; None: it was sent again already.
    """
    held: list[Any] = []
    refused = Refused()
    with refused:
        for event in events:
            held.append(event)
            refused.heard(event)
            if refused or telling(event):
                break
    if again is None:
        _left(refused)
    mended = again(refused) if refused and again is not None else None
    for event in held if mended is None else ():
        hears(event)
        yield event
    for event in events if mended is None else mended:
        hears(event)
        yield event


async def listened_async(
    events: AsyncIterator[Any], hears: Hears, again: Callable[[Refused], Awaitable[AsyncIterator[Any] | None]] | None
) -> AsyncIterator[Any]:
    """The same, for a stream that is awaited."""
    held: list[Any] = []
    refused = Refused()
    with refused:
        async for event in events:
            held.append(event)
            refused.heard(event)
            if refused or telling(event):
                break
    if again is None:
        _left(refused)
    mended = await again(refused) if refused and again is not None else None
    for event in held if mended is None else ():
        hears(event)
        yield event
    async for event in events if mended is None else mended:
        hears(event)
        yield event


def telling(event: object) -> bool:
    """Whether an event carries content, or ends the answer: then nothing is sent anew any more."""
    kind = _field(event, "type")
    if isinstance(kind, str) and kind:
        return kind not in BEFORE
    choices = _field(event, "choices")
    if not isinstance(choices, list) or not choices:
        return False
    return any(_field(choice, "finish_reason") or _said(_field(choice, "delta")) for choice in choices)


def reported(answer: object) -> object:
    """The usage that an answer, or an event of a stream, reports; None when it reports none."""
    for place in (answer, _field(answer, "message"), _field(answer, "response"), _raw(answer)):
        usage = _field(place, "usage")
        if usage is not None:
            return usage
    return None


def _left(refused: Refused) -> None:
    """Lets what was refused be: it is not sent again. Raises: what the provider said."""
    if refused.error is not None:
        raise refused.error


def _said(delta: object) -> bool:
    return any(_field(delta, name) for name in CONTENT)


def _raw(answer: object) -> object:
    """The body of a raw response that was read already."""
    response = _field(answer, "http_response")
    if response is None or not getattr(response, "is_stream_consumed", False):
        return None
    try:
        return response.json()
    except ValueError:
        return None


def _field(value: object, name: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(name)
    return None if value is None or isinstance(value, str) else getattr(value, name, None)
