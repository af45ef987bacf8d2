"""Items of OpenAI Responses: which kinds there are, what each holds, and how a result of each kind is written.

Kinds that are not known here are told by their names: `…_call` with a `call_id` waits for an output, `…_output` with
one is it, and anything else is what the provider did by itself.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from litany.core.message import Call
from litany.dialects import leaves, media
from litany.dialects.canonical import mapping

Item = Mapping[str, Any]

OUTPUTS = {
    "function_call": "function_call_output",
    "custom_tool_call": "custom_tool_call_output",
    "computer_call": "computer_call_output",
    "shell_call": "shell_call_output",
    "local_shell_call": "local_shell_call_output",
    "apply_patch_call": "apply_patch_call_output",
    "tool_search_call": "tool_search_output",
    "mcp_approval_request": "mcp_approval_response",
}
"""Kinds of calls that the host answers, and of their outputs."""
HOSTED = {
    "mcp_call": ("output", "error"),
    "code_interpreter_call": ("outputs",),
    "file_search_call": ("results",),
    "program_output": ("result",),
}
"""Kinds that hold what a tool at the provider gave, and the fields that hold it."""
UNREAD = ("tool_search_output", "mcp_approval_response")
"""Outputs in which nothing is a tool's text: schemas, and the user's own word."""
GIVEN = ("arguments", "input", "action", "actions", "operation")
"""Fields that hold what a call gives to its tool."""
BLANK = "data:image/png;base64," + (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one pixel: what stands for a screenshot that nobody took."""


def kind_of(fields: Item) -> str:
    """The item's type; of a message written short "message", of a bare reference "item_reference"."""
    kind = fields.get("type")
    if kind is None:
        return "message" if "role" in fields else "item_reference" if "id" in fields else ""
    return str(kind)


def call_of(fields: Item) -> Call | None:
    """The call that the host is to answer; None when the item is none."""
    kind = kind_of(fields)
    id = fields.get("id") if kind == "mcp_approval_request" else fields.get("call_id")
    hosted = kind in HOSTED or fields.get("execution") == "server"
    if hosted or not isinstance(id, str) or not (kind in OUTPUTS or kind.endswith("_call")):
        return None
    given = next((fields[key] for key in GIVEN if fields.get(key) is not None), "")
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, default=str)
    return Call(id, str(fields.get("name") or kind.removesuffix("_call")), text, kind)


def answered(fields: Item) -> str | None:
    """Id of the call whose output the item is; None when it is none."""
    kind = kind_of(fields)
    if kind == "mcp_approval_response":
        return str(fields.get("approval_request_id"))
    if not kind.endswith("_output") or kind in HOSTED or fields.get("execution") == "server":
        return None
    id = fields.get("call_id") or fields.get("id")
    return None if id is None else str(id)


def held(fields: Item) -> dict[str, Any]:
    """The fields in which a tool's texts stand."""
    kind = kind_of(fields)
    names = HOSTED.get(kind, () if kind in UNREAD else ("output",) if kind.endswith("_output") else ())
    return {name: fields[name] for name in names if fields.get(name) is not None}


def beside(value: object) -> int:
    """Tokens of a message's content or of held fields beside their texts."""
    if isinstance(value, str):
        return 0
    parts = value if isinstance(value, Sequence) else [value]
    return sum(map(_part, parts))


def _part(part: object) -> int:
    if part is None or isinstance(part, str | int | float):
        return leaves.beside(part)
    if isinstance(part, Sequence):
        return beside(part)
    fields = mapping(part)
    match fields.get("type"):
        case "input_text" | "output_text" | "text" | "refusal":
            return 0
        case "input_image" | "computer_screenshot":
            return media.openai_image(str(fields.get("image_url")), str(fields.get("detail", "auto")))
        case "input_file":
            return media.document(fields.get("file_data"))
        case "input_audio":
            inner = fields.get("input_audio")
            return media.audio(str(inner.get("data", "")) if isinstance(inner, Mapping) else "")
    return sum(leaves.FIELD + beside(inner) for inner in fields.values())


def output(call: Call, text: str) -> Item:
    """The output of a call that failed with this text."""
    kind = OUTPUTS.get(call.kind or "function_call", f"{call.kind}_output")
    made = {"type": kind, "call_id": call.id}
    match kind:
        case "computer_call_output":
            return {**made, "output": {"type": "computer_screenshot", "image_url": BLANK}, "status": "incomplete"}
        case "shell_call_output":
            return {**made, "output": [{"stdout": "", "stderr": text, "outcome": {"type": "timeout"}}]}
        case "local_shell_call_output":
            return {"type": kind, "id": call.id, "output": text, "status": "incomplete"}
        case "apply_patch_call_output":
            return {**made, "status": "failed", "output": text}
        case "tool_search_output":
            return {**made, "execution": "client", "status": "incomplete", "tools": []}
        case "mcp_approval_response":
            return {"type": kind, "approval_request_id": call.id, "approve": False, "reason": text}
    return {**made, "output": text}


def cleared(fields: Item, stub: str) -> Item:
    """A copy whose results are only the stub."""
    kind = kind_of(fields)
    if kind == "code_interpreter_call":
        return {**fields, "outputs": [{"type": "logs", "logs": stub}]}
    if kind in ("shell_call_output", "file_search_call"):
        inner = held(fields)
        texts = dict.fromkeys(range(1, len(leaves.texts(inner))), "") | {0: stub}
        return {**fields, **leaves.replaced(inner, texts, 0)[0]}
    name = next(iter(held(fields)), "output")
    return {**fields, **dict.fromkeys(held(fields), ""), name: stub}
