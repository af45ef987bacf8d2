"""Messages of the random histories as the items of the Agents SDK."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from tests.adapters.clients.walk import item, sendable
from tests.laws.strategies import Case
from tests.laws.writing import Message


def records(case: Case) -> Iterator[list[Any]]:
    """The run's items at each call."""
    record: list[Any] = []
    for turn in case.turns:
        replies = [said for message in turn.reply for said in _said(sendable(message))]
        record = [*record, *replies, *(item(sendable(message)) for message in turn.after)]
        yield record


def _said(message: Message) -> Iterator[Message]:
    """The items of one answer."""
    text = message.get("content")
    if text:
        part = {"type": "output_text", "text": text, "annotations": []}
        id = f"msg_{sha256(text.encode()).hexdigest()[:8]}"
        yield {"type": "message", "id": id, "role": "assistant", "status": "completed", "content": [part]}
    for call in message.get("tool_calls") or ():
        made = call["function"]
        yield {"type": "function_call", "call_id": call["id"], "name": made["name"], "arguments": made["arguments"]}
