"""What one item of a Responses request must be by itself: its type, its fields, its id (P0, P4, P6)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from litany.testing.seal import broken
from litany.testing.violation import Violation, listing, mapping, quoted, shown

CALLS = {
    "function_call": ("function_call_output", "function call"),
    "custom_tool_call": ("custom_tool_call_output", "custom tool call"),
    "computer_call": ("computer_call_output", "computer call"),
    "shell_call": ("shell_call_output", "shell call"),
    "local_shell_call": ("local_shell_call_output", "local shell call"),
    "apply_patch_call": ("apply_patch_call_output", "apply patch call"),
    "tool_search_call": ("tool_search_output", "tool search call"),
}
"""Calls that the client answers: the type of the output, and the provider's words for them."""
OUTPUTS = dict(CALLS.values())
MADE = (
    *("file_search_call", "web_search_call", "code_interpreter_call", "image_generation_call", "mcp_call", "program"),
    *("mcp_list_tools", "mcp_approval_request", "program_output", "reasoning", "compaction"),
)
"""What else the provider makes."""
TYPES = (
    *("message", *CALLS, *OUTPUTS, *MADE),
    *("mcp_approval_response", "item_reference", "additional_tools", "compaction_trigger"),
)
ROLES = ("user", "assistant", "system", "developer")
INPUT_PARTS = ("input_text", "input_image", "input_file", "input_audio")
OUTPUT_PARTS = ("output_text", "refusal")
PREFIXES = {"function_call": "fc", "message": "msg", "reasoning": "rs"}
"""How the ids of items begin that the provider made."""
NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
LONGEST = 64
"""Characters of a call_id."""
TEXTS = {
    "function_call": ("call_id", "name", "arguments"),
    "custom_tool_call": ("call_id", "name", "input"),
    "local_shell_call_output": ("id", "output"),
    "shell_call": ("call_id",),
    "local_shell_call": ("call_id",),
    "apply_patch_call": ("call_id",),
    "computer_call": ("call_id",),
    **dict.fromkeys(
        ("function_call_output", "custom_tool_call_output", "computer_call_output", "shell_call_output"), ("call_id",)
    ),
    "apply_patch_call_output": ("call_id", "status"),
    "item_reference": ("id",),
    "compaction": ("encrypted_content",),
    "mcp_approval_request": ("id", "name", "arguments", "server_label"),
    "mcp_approval_response": ("approval_request_id",),
}
"""Fields that must be texts."""


def kind_of(item: Mapping[str, Any]) -> object:
    """The type; of a message written short "message", of a bare id "item_reference"."""
    kind = item.get("type")
    if kind is None:
        return "message" if "role" in item else "item_reference" if "id" in item else None
    return kind


def check(item: object, path: str, key: bytes) -> Iterator[Violation]:
    """What is wrong with this item, wherever it stands."""
    if not mapping(item):
        yield Violation("P0", path, f"Invalid type for '{path}': expected an object, but got {shown(item)} instead.")
        return
    kind = kind_of(item)
    if not isinstance(kind, str) or kind not in TYPES:
        yield Violation("P0", f"{path}.type", f"Invalid value: {shown(kind)}. Supported values are: {quoted(TYPES)}.")
        return
    for name in TEXTS.get(kind, ()):
        if not isinstance(item.get(name), str):
            code = "P6" if kind == "compaction" else "P0"
            yield Violation(code, f"{path}.{name}", f"Missing required parameter: '{path}.{name}'.")
    yield from _ids(item, kind, path)
    if kind == "message":
        yield from _message(item, path)
    elif kind in ("function_call_output", "custom_tool_call_output"):
        yield from _content(item.get("output"), INPUT_PARTS, f"{path}.output")
    elif kind in ("reasoning", "compaction"):
        yield from _sealed(item, kind, path, key)


def _ids(item: Mapping[str, Any], kind: str, path: str) -> Iterator[Violation]:
    id, prefix, call = item.get("id"), PREFIXES.get(kind, ""), item.get("call_id")
    if isinstance(id, str) and not id.startswith(prefix):
        text = f"Invalid '{path}.id': {shown(id)}. Expected an ID that begins with '{prefix}'."
        yield Violation("P4", f"{path}.id", text)
    if isinstance(call, str) and not 0 < len(call) <= LONGEST:
        words = "too long" if call else "empty"
        text = f"Invalid '{path}.call_id': string {words}. Expected a string with maximum length {LONGEST}"
        yield Violation("P0", f"{path}.call_id", f"{text}, but got a string with length {len(call)} instead.")
    name = item.get("name")
    if kind in ("function_call", "custom_tool_call") and isinstance(name, str) and not NAME.fullmatch(name):
        text = f"Invalid '{path}.name': string does not match pattern. Expected a string that matches the pattern"
        yield Violation("P0", f"{path}.name", f"{text} '^[a-zA-Z0-9_-]+$'.")


def _message(item: Mapping[str, Any], path: str) -> Iterator[Violation]:
    role = item.get("role")
    if not isinstance(role, str) or role not in ROLES:
        yield Violation("P0", f"{path}.role", f"Invalid value: {shown(role)}. Supported values are: {quoted(ROLES)}.")
        return
    yield from _content(item.get("content"), OUTPUT_PARTS if role == "assistant" else INPUT_PARTS, f"{path}.content")


def _content(content: object, parts: Sequence[str], path: str) -> Iterator[Violation]:
    if isinstance(content, str):
        return
    if not listing(content):
        text = f"Invalid type for '{path}': expected one of an array of objects or string"
        yield Violation("P0", path, f"{text}, but got {shown(content)} instead.")
        return
    for at, part in enumerate(content):
        yield from _part(part, parts, f"{path}[{at}]")


def _part(part: object, parts: Sequence[str], path: str) -> Iterator[Violation]:
    kind = part.get("type") if mapping(part) else None
    if not mapping(part) or kind not in parts:
        yield Violation("P0", f"{path}.type", f"Invalid value: {shown(kind)}. Supported values are: {quoted(parts)}.")
        return
    field = {"refusal": "refusal", "input_text": "text", "output_text": "text"}.get(str(kind))
    if field and not isinstance(part.get(field), str):
        yield Violation("P0", f"{path}.{field}", f"Missing required parameter: '{path}.{field}'.")


def _sealed(item: Mapping[str, Any], kind: str, path: str, key: bytes) -> Iterator[Violation]:
    if kind == "reasoning" and not listing(item.get("summary")):
        yield Violation("P0", f"{path}.summary", f"Missing required parameter: '{path}.summary'.")
    content = item.get("encrypted_content")
    if content == "" or broken(content, key=key):
        code = "P6" if kind == "compaction" else "P3"
        text = f"The encrypted content for item {item.get('id')} could not be verified. Reason: Encrypted content could"
        yield Violation(code, f"{path}.encrypted_content", f"{text} not be decrypted or parsed.")
