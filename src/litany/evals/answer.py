"""Answer: a model's message as one text of an outcome, and back, so that it can be scored again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litany.errors import EvalError


@dataclass(frozen=True, slots=True)
class Called:
    """A tool call of an answer."""

    name: str
    arguments: object
    """As JSON reads them; the text itself where it is no JSON."""


def text(message: Mapping[str, object]) -> str:
    """What the message says, calls aside."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, Mapping) and part.get("type") == "text"]
        return "\n".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def calls(message: Mapping[str, object]) -> tuple[Called, ...]:
    """What the message calls. Raises: EvalError where a call is none."""
    given = message.get("tool_calls") or ()
    if not isinstance(given, list | tuple):
        raise EvalError(f"`tool_calls` is {type(given).__name__}; a message has a list of them, as OpenAI writes it")
    return tuple(map(_called, given))


def written(message: Mapping[str, object]) -> str:
    """The text, then each call on a line as name({"key": "value"})."""
    lines = [f"{call.name}({json.dumps(call.arguments, ensure_ascii=False)})" for call in calls(message)]
    return "\n".join([*filter(None, [text(message)]), *lines])


def message_of(answer: str, called: int = 0) -> dict[str, Any]:
    """The message of which `written` made the answer; its last lines, `called` of them, are calls.

    Raises: EvalError where one of those is no call.
    """
    lines = answer.split("\n")
    if called > len(lines):
        raise EvalError(f"the answer has {len(lines)} lines and should end with {called} calls")
    said, tail = lines[: len(lines) - called], lines[len(lines) - called :]
    message: dict[str, Any] = {"role": "assistant", "content": "\n".join(said) or None}
    if tail:
        message["tool_calls"] = [_call(line, place) for place, line in enumerate(tail)]
    return message


def _called(call: object) -> Called:
    function = call.get("function") if isinstance(call, Mapping) else None
    name = function.get("name") if isinstance(function, Mapping) else None
    if not isinstance(function, Mapping) or not isinstance(name, str):
        raise EvalError("a tool call has no function with a name; write calls as OpenAI does")
    arguments = function.get("arguments") or "{}"
    try:
        return Called(name, json.loads(arguments) if isinstance(arguments, str) else arguments)
    except (ValueError, RecursionError):
        return Called(name, arguments)


def _call(line: str, place: int) -> dict[str, Any]:
    name, bracket, rest = line.partition("(")
    try:
        given = json.loads(rest.removesuffix(")"))
    except (ValueError, RecursionError):
        raise EvalError(f"{line[:80]!r} is no call; one is written as name({{...}})") from None
    if not bracket or not name:
        raise EvalError(f"{line[:80]!r} is no call; one is written as name({{...}})")
    arguments = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    return {"id": f"call_{place}", "type": "function", "function": {"name": name, "arguments": arguments}}
