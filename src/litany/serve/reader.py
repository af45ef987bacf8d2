"""Reader: what an answer says while it goes by: its usage, and whether the window overflowed before any content."""

import json
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from litany.adapters.clients.heard import ENDS, whole
from litany.middleware.usage import prompt_tokens
from litany.overflow import STATUSES, overflowed
from litany.serve.asked import Header

HELD = 64_000
"""Bytes that are held back until the answer shows content; what is longer goes on all the same."""
READ = 64_000_000
"""Bytes of an answer that is no stream, up to which its usage is read."""
END = re.compile(rb"\r\n\r\n|\n\n|\r\r")
TELLING = (b'"usage"', *(f'"{name}"'.encode() for name in ENDS))
"""What stands in the events that are looked into behind the content."""
SILENT = frozenset(("message_start", "ping", "response.created", "response.in_progress", "response.queued"))
"""Events before any content."""


class Reader:
    """Reads one answer. `began`: content came, so that the client is given the answer whatever follows."""

    def __init__(self, status: int, headers: Iterable[Header], holds: bool) -> None:
        """`holds`: whether an overflow is of interest, so that nothing goes on before content came."""
        self._named = {name.lower(): value.lower() for name, value in headers}
        self._status = status
        self.streams = self._named.get(b"content-type", b"").startswith(b"text/event-stream")
        self._unpack = _unpacker(self._named.get(b"content-encoding", b""))
        self._rest = b""
        self._size = 0
        self.began = not holds or status not in STATUSES
        self.overflowed = False
        self.usage: object = None
        self.answer: object = None
        """The answer, or the last event of one, once it is whole: of Responses."""

    def feed(self, chunk: bytes) -> None:
        """Takes the next bytes, as they came over the wire."""
        self._size += len(chunk)
        try:
            chunk = self._unpack(chunk)
        except zlib.error:  # it is not packed as it says; the client is given it as it came
            self._unpack, self.began, chunk = _unpacker(b"unknown"), True, b""
        if self.streams:
            *events, self._rest = END.split(self._rest + chunk)
            for event in events:
                self._heard(event)
        elif self._size <= READ:
            self._rest += chunk
        self.began = self.began or self._size > HELD

    def end(self) -> None:
        """The answer is whole."""
        if self.streams:
            self._heard(self._rest)
        elif self._size <= READ:
            self._told(_json(self._rest))
        self._rest = b""

    def _told(self, body: object) -> None:
        """A body that is no stream."""
        fields = body if isinstance(body, Mapping) else {}
        self._counted(fields)
        self.answer = fields if whole(fields) is not None else self.answer
        error = {**fields, "status_code": self._status} if self._status != 200 else fields
        self.overflowed = not self.began and self._status in STATUSES and _empty(fields) and overflowed(error)
        self.began = self.began or not self.overflowed

    def _heard(self, event: bytes) -> None:
        """An event of a stream; once content came only those that tell the usage are looked into."""
        if self.began and not any(word in event for word in TELLING):
            return
        fields = _json(_data(event))
        if not isinstance(fields, Mapping):
            self.began = self.began or bool(_data(event))
            return
        self._counted(fields)
        if fields.get("type") in ENDS:
            self.answer = fields
        if not self.began:
            self.overflowed = self.overflowed or overflowed(fields)
            self.began = not self.overflowed and not _silent(fields)

    def _counted(self, fields: Mapping[str, Any]) -> None:
        places = (fields, fields.get("message"), fields.get("response"))
        usages = [place.get("usage") for place in places if isinstance(place, Mapping)]
        self.usage = max([self.usage, *usages], key=prompt_tokens)


def _unpacker(encoding: bytes) -> Any:
    """What makes the bytes plain; of an encoding that is not known nothing can be read."""
    if encoding in (b"", b"identity"):
        return bytes
    if encoding == b"gzip":
        unpack = zlib.decompressobj(zlib.MAX_WBITS | 16)
        return unpack.decompress
    return lambda chunk: b""


def _data(event: bytes) -> bytes:
    lines = (line.removeprefix(b"data:").strip() for line in event.splitlines() if line.startswith(b"data:"))
    return b"\n".join(lines)


def _json(body: bytes) -> object:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def _silent(fields: Mapping[str, Any]) -> bool:
    """Whether the event holds no content yet."""
    if fields.get("type") in SILENT:
        return True
    choices = fields.get("choices")
    return isinstance(choices, Sequence) and "type" not in fields and all(map(_still, choices))


def _still(choice: object) -> bool:
    fields = choice if isinstance(choice, Mapping) else {}
    delta = fields.get("delta")
    pieces = delta if isinstance(delta, Mapping) else {}
    silent = all(name == "role" or not value for name, value in pieces.items())
    return silent and fields.get("finish_reason") is None


def _empty(fields: Mapping[str, Any]) -> bool:
    """Whether the answer holds nothing that a model said."""
    if fields.get("content") or fields.get("output"):
        return False
    choices = fields.get("choices") or ()
    said = (choice.get("message") for choice in choices if isinstance(choice, Mapping))
    return not any(
        message.get("content") or message.get("tool_calls") for message in said if isinstance(message, Mapping)
    )
