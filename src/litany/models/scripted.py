"""A model that says what a file says: one OpenAI assistant message a line."""

import json
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from litany.adapters.counting import Counting
from litany.core.completion import Completion, Usage
from litany.errors import EvalError
from litany.models.failure import Failure
from litany.models.model import Unanswered
from litany.testing.provider import validate

WINDOW = 2_000_000
"""Tokens that a script takes, unless told otherwise: more than any eval sends."""


class Scripted:
    """Gives the lines in the order of the calls, whatever is asked. Thread-safe; a sweep asks it with one worker."""

    answer = 0

    def __init__(self, path: Path, *, cycle: bool = False, window: int = WINDOW) -> None:
        """`cycle`: begin again after the last line. Raises: EvalError that names the file and the line."""
        raw = _raw(path)
        self.name = f"scripted:{path.name}-{sha256(raw).hexdigest()[:8]}"
        self.window = window
        self._path, self._cycle = path, cycle
        self._messages = _messages(path, raw)
        self._count = Counting()
        self._said, self._lock = 0, Lock()

    def seek(self, place: int, /) -> None:
        """The next call is answered by the line at this place, from 0: where a run is resumed."""
        with self._lock:
            self._said = place

    @cached_property
    def longest(self) -> int:
        """Tokens of the longest line."""
        return max(self.count([message]) for message in self._messages)

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        """Tokens of a request, by litany's own counter."""
        return self._count(messages, tools)

    def price(self, _usage: Usage, /) -> float | None:
        """Nothing."""
        return 0.0

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Completion:
        """The next line. Raises: Unanswered when all were said."""
        message = self._next()
        usage = Usage(self.count(messages, tools), self.count([message]))
        return Completion(message, usage, "tool_calls" if message.get("tool_calls") else "stop")

    def go_on(self, said: int) -> None:
        """The next line is the one after so many: a sweep that goes on begins where it was stopped."""
        with self._lock:
            self._said = said

    def _next(self) -> dict[str, Any]:
        with self._lock:
            place, self._said = self._said, self._said + 1
        every = len(self._messages)
        if place >= every and not self._cycle:
            told = (
                f"{self._path} holds {every} answers and was asked {place + 1} times; add lines, or set `cycle = true`"
            )
            raise Unanswered(Failure("provider", told))
        return self._messages[place % every]


def _raw(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise EvalError(
            f"the script {path} cannot be read ({error.strerror or error}); name a file of one OpenAI assistant "
            "message a line"
        ) from None


def _messages(path: Path, raw: bytes) -> list[dict[str, Any]]:
    messages = [_message(f"{path}, line {number}", line) for number, line in enumerate(_lines(path, raw), 1) if line]
    if not messages:
        raise EvalError(f"the script {path} is empty; write one OpenAI assistant message a line")
    return messages


def _lines(path: Path, raw: bytes) -> list[str]:
    try:
        return [line.strip() for line in raw.decode("utf-8-sig").split("\n")]
    except UnicodeDecodeError as error:
        raise EvalError(f"the script {path} is not UTF-8 (byte {error.start}); save it as UTF-8") from None


def _message(where: str, line: str) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise EvalError(f"{where} is no JSON ({error}); write one OpenAI assistant message a line") from None
    if not isinstance(message, dict) or message.get("role") != "assistant":
        example = '{"role": "assistant", "content": "…"}'
        raise EvalError(f"{where} is no assistant message; write it as {example}")
    wrong = validate("openai", {"messages": [{"role": "user", "content": "?"}, message]}, open_tail="allow")
    if wrong:
        at = wrong[0].path.removeprefix("messages[1]").removeprefix(".")
        raise EvalError(f"{where}{f', {at}' if at else ''}: {wrong[0].text.rstrip('.')}; write it as OpenAI does")
    return message
