"""The rules of OpenAI Chat Completions, O1 to O12, as a strict server applies them."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from json import JSONDecoder
from typing import Any

from litany.testing import compat
from litany.testing.violation import Request, Violation, listing, mapping, quoted, shown

FLAGS = compat.FLAGS
"""The quirks of compatible servers, each by its name."""

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
PARTS = {
    "system": ("text",),
    "developer": ("text",),
    "user": ("text", "image_url", "input_audio", "file"),
    "assistant": ("text", "refusal"),
    "tool": ("text",),
}
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def check(
    request: Request, *, open_tail: bool = False, flags: Collection[str] = (), max_tool_calls: int = 128
) -> Iterator[Violation]:
    """Every rule that the request breaks, message by message, then the pairs, the quirks and the tools."""
    messages = request.get("messages")
    if not listing(messages):
        yield Violation("O0", "messages", f"Invalid type for 'messages': expected an array, got {shown(messages)}.")
        return
    if not messages:
        yield Violation("O1", "messages", "[] is too short - 'messages'")
    for index, message in enumerate(messages):
        yield from _message(message, f"messages[{index}]", max_tool_calls)
    yield from _pairs(messages, open_tail)
    yield from compat.check(messages, flags, open_tail)
    yield from _tools(request.get("tools"))


def _message(message: object, path: str, max_tool_calls: int) -> Iterator[Violation]:
    if not mapping(message):
        yield Violation("O0", path, f"Invalid type for '{path}': expected an object, got {shown(message)}.")
        return
    role = message.get("role")
    if not isinstance(role, str) or role not in ROLES:
        yield Violation("O2", f"{path}.role", f"Invalid value: {shown(role)}. Supported values are: {quoted(ROLES)}.")
        return
    yield from _content(message, role, path)
    if role == "assistant":
        yield from _calls(message, path, max_tool_calls)
    elif message.get("tool_calls"):
        yield Violation("O0", f"{path}.tool_calls", f"'tool_calls' is not allowed in a message of role {role!r}.")
    if role == "tool" and not isinstance(message.get("tool_call_id"), str):
        yield Violation("O0", f"{path}.tool_call_id", "Missing required parameter: 'tool_call_id'.")
    if role == "function":
        yield from _name(message.get("name"), f"{path}.name")


def _content(message: Request, role: str, path: str) -> Iterator[Violation]:
    content, where = message.get("content"), f"{path}.content"
    if content is None:
        if role == "function" or (role == "assistant" and (message.get("tool_calls") or message.get("function_call"))):
            return
        yield Violation("O6", where, "Invalid value for 'content': expected a string, got null.")
    elif isinstance(content, str):
        return
    elif role == "function" or not listing(content):
        code = "O8" if role == "tool" else "O0"
        yield Violation(code, where, f"Invalid type for 'content': expected a string, got {shown(content)}.")
    elif not content:
        yield Violation("O0", where, f"[] is too short - '{where}'")
    else:
        for at, part in enumerate(content):
            yield from _part(part, role, f"{where}[{at}]")


def _part(part: object, role: str, path: str) -> Iterator[Violation]:
    if not mapping(part):
        yield Violation("O0", path, f"Invalid type for '{path}': expected an object, got {shown(part)}.")
        return
    kind = part.get("type")
    if kind not in PARTS[role]:
        code = "O8" if role == "tool" and isinstance(kind, str) else "O0"
        text = f"Invalid value: {shown(kind)}. Supported values for role {role!r} are: {quoted(PARTS[role])}."
        yield Violation(code, f"{path}.type", text)
    elif kind in ("text", "refusal"):
        if not isinstance(part.get(kind), str):
            yield Violation("O0", f"{path}.{kind}", f"Missing required parameter: '{path}.{kind}'.")
    elif not mapping(part.get(kind)):
        yield Violation("O0", f"{path}.{kind}", f"Missing required parameter: '{path}.{kind}'.")


def _calls(message: Request, path: str, max_tool_calls: int) -> Iterator[Violation]:
    function, calls = message.get("function_call"), message.get("tool_calls")
    if function is not None:
        yield from _function(function, f"{path}.function_call")
    if calls is None:
        return
    where = f"{path}.tool_calls"
    if not listing(calls):
        yield Violation("O0", where, f"Invalid type for '{where}': expected an array, got {shown(calls)}.")
        return
    if not calls:
        yield Violation("O7", where, f"[] is too short - '{where}'")
    if len(calls) > max_tool_calls:
        yield Violation("O12", where, f"array too long: expected at most {max_tool_calls} calls, got {len(calls)}.")
    for at, call in enumerate(calls):
        yield from _call(call, f"{where}[{at}]")


def _call(call: object, path: str) -> Iterator[Violation]:
    if not mapping(call):
        yield Violation("O0", path, f"Invalid type for '{path}': expected an object, got {shown(call)}.")
        return
    if not isinstance(call.get("id"), str):
        yield Violation("O0", f"{path}.id", f"Missing required parameter: '{path}.id'.")
    kind = call.get("type")
    if kind == "function":
        yield from _function(call.get("function"), f"{path}.function")
    elif kind == "custom":
        yield from _custom(call.get("custom"), f"{path}.custom")
    else:
        yield Violation("O0", f"{path}.type", f"Invalid value: {shown(kind)}. Supported values are: function, custom.")


def _function(function: object, path: str) -> Iterator[Violation]:
    if not mapping(function):
        yield Violation("O0", path, f"Missing required parameter: '{path}'.")
        return
    yield from _name(function.get("name"), f"{path}.name")
    arguments = function.get("arguments")
    if not isinstance(arguments, str) or not _json(arguments):
        text = f"Invalid '{path}.arguments': expected a string that holds JSON, got {shown(arguments)}."
        yield Violation("O10", f"{path}.arguments", text)


def _custom(custom: object, path: str) -> Iterator[Violation]:
    if not mapping(custom):
        yield Violation("O0", path, f"Missing required parameter: '{path}'.")
        return
    yield from _name(custom.get("name"), f"{path}.name")
    if not isinstance(custom.get("input"), str):
        yield Violation("O0", f"{path}.input", f"Missing required parameter: '{path}.input'.")


def _name(name: object, path: str) -> Iterator[Violation]:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        text = (
            f"Invalid '{path}': string does not match pattern. Expected '^[a-zA-Z0-9_-]{{1,64}}$', got {shown(name)}."
        )
        yield Violation("O9", path, text)


def _json(text: str) -> bool:
    try:
        DECODER.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


DECODER = JSONDecoder(parse_constant=_no_constant)


def _pairs(messages: Sequence[object], open_tail: bool) -> Iterator[Violation]:
    """O3 to O5: one walk with the ids of the last block and those answered of them."""
    pending: dict[str, None] = {}
    done: set[str] = set()
    maker = 0
    for index, message in enumerate(messages):
        if not mapping(message):
            continue
        if message.get("role") == "tool":
            yield from _answer(message.get("tool_call_id"), pending, done, f"messages[{index}]")
            continue
        yield from _unanswered(pending, done, maker)
        pending, done, maker = {}, set(), index
        for at, call in enumerate(_made(message)):
            if call in pending:
                where = f"messages[{index}].tool_calls[{at}].id"
                yield Violation("O5", where, f"Duplicate tool call id in one message: {call}.")
            pending[call] = None
    if not open_tail:
        yield from _unanswered(pending, done, maker)


def _made(message: Mapping[str, Any]) -> list[str]:
    calls = message.get("tool_calls") if message.get("role") == "assistant" else None
    if not listing(calls):
        return []
    ids = (call.get("id") if mapping(call) else None for call in calls)
    return [name for name in ids if isinstance(name, str)]


def _answer(name: object, pending: Mapping[str, None], done: set[str], path: str) -> Iterator[Violation]:
    if not isinstance(name, str):
        return
    if name not in pending:
        text = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message"
        yield Violation("O3", path, f"{text} with 'tool_calls'. Found: {shown(name)}.")
    elif name in done:
        yield Violation("O5", path, f"Duplicate tool message for tool_call_id {name}: it was answered already.")
    else:
        done.add(name)


def _unanswered(pending: Mapping[str, None], done: set[str], maker: int) -> Iterator[Violation]:
    missing = [name for name in pending if name not in done]
    if missing:
        text = (
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each"
            f" 'tool_call_id'. The following tool_call_ids did not have response messages: {quoted(missing)}"
        )
        yield Violation("O4", f"messages[{maker}]", text)


def _tools(tools: object) -> Iterator[Violation]:
    if tools is None:
        return
    if not listing(tools):
        yield Violation("O0", "tools", f"Invalid type for 'tools': expected an array, got {shown(tools)}.")
        return
    for at, tool in enumerate(tools):
        if not mapping(tool):
            yield Violation("O0", f"tools[{at}]", f"Invalid type for 'tools[{at}]': got {shown(tool)}.")
        elif tool.get("type") in ("function", "custom"):
            named = tool.get(str(tool["type"]))
            yield from _name(named.get("name") if mapping(named) else None, f"tools[{at}].{tool['type']}.name")
        else:
            yield Violation("O0", f"tools[{at}].type", f"Invalid value: {shown(tool.get('type'))}.")
