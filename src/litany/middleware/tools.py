"""Litany's own tools: their schemas in each dialect, and how a call of one is read."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from litany.core.agenda import Agenda, Status
from litany.core.message import Call
from litany.core.todos import HOST_TOOLS
from litany.errors import AgendaError, PolicyError

UPDATE_TODOS, NOTE, RECALL = "update_todos", "note", "recall"
NAMES = (UPDATE_TODOS, NOTE, RECALL)

_OPERATION = {
    "type": "object",
    "properties": {
        "op": {"type": "string", "enum": ["add", "update", "remove"]},
        "id": {"type": "string", "description": "which todo; for add it may be left out"},
        "content": {"type": "string", "description": "what is to be done"},
        "status": {"type": "string", "enum": [str(status) for status in Status]},
    },
    "required": ["op"],
    "additionalProperties": False,
}
SCHEMAS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    UPDATE_TODOS: (
        "Keep the list of what is still to be done. Operations on single todos, by id; the answer shows the list.",
        {"operations": {"type": "array", "items": _OPERATION, "minItems": 1}},
    ),
    NOTE: (
        "Keep a short fact or decision in sight for the rest of the task.",
        {"content": {"type": "string"}},
    ),
    RECALL: (
        "Get back messages that were cleared, clipped or compacted: by the handle that stands in their place, "
        "or by words to search for.",
        {
            "query": {"type": "string", "description": "a handle, or words"},
            "part": {"type": "integer", "minimum": 1, "description": "which part of a long answer; 1 is the first"},
        },
    ),
}


def schemas(dialect: str, todos: bool) -> list[dict[str, Any]]:
    """The schemas as that dialect's API takes them. `todos`: whether update_todos is among them.

    Raises: PolicyError for a dialect that has no form here.
    """
    names = NAMES if todos else (NOTE, RECALL)
    if dialect == "openai":
        return [{"type": "function", "function": _function(name, "parameters")} for name in names]
    if dialect == "anthropic":
        return [_function(name, "input_schema") for name in names]
    if dialect == "responses":
        return [{"type": "function", **_function(name, "parameters"), "strict": False} for name in names]
    if dialect == "gemini":
        return [{"functionDeclarations": [_open(_function(name, "parameters")) for name in names]}]
    raise PolicyError(f"there is no dialect {dialect!r} for tools; there are openai, anthropic, responses, gemini")


def has_todo_tool(tools: Iterable[object]) -> bool:
    """Whether the host offers a todo tool of its own among these schemas."""
    return any(name in HOST_TOOLS for tool in tools for name in _names(tool))


def named(tools: Iterable[object]) -> Sequence[str]:
    """The names of the tools, in no order of the host's; of one that the provider runs its kind."""
    names = (name or _field(tool, "type") for tool in tools for name in (*_names(tool),))
    return sorted({str(name) for name in names if name})


def offered(name: str, host: Iterable[str]) -> bool:
    """Whether litany's tool of that name stands beside the host's: update_todos gives way to a todo tool of its own."""
    return name != UPDATE_TODOS or not any(tool in HOST_TOOLS for tool in host)


def read_call(native: object) -> Call:
    """A call of one of litany's tools. Raises: AgendaError when it is another tool's."""
    call = native if isinstance(native, Call) else _call(native)
    if call.name not in NAMES:
        raise AgendaError(f"{call.name!r} is none of litany's tools ({', '.join(NAMES)}); serve it yourself")
    return call


def calling(id: str, name: str, given: Mapping[str, Any]) -> Call:
    """A call as a host's tool is handed it: the same arguments are the same text, by which an answer is known again."""
    return Call(id, name, json.dumps(given, ensure_ascii=False, sort_keys=True, default=str))


def arguments(call: Call) -> Mapping[str, Any]:
    """What the model gave the tool. Raises: AgendaError when it is no JSON object."""
    try:
        given = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        raise AgendaError(f"the arguments of {call.name} are no JSON: {call.arguments[:80]!r}") from None
    if not isinstance(given, dict):
        raise AgendaError(f"the arguments of {call.name} are {type(given).__name__}; they are an object")
    return given


def operations(fields: Mapping[str, Any]) -> list[Mapping[str, object]]:
    """The operations of an update_todos call. Raises: AgendaError when they are no list of objects."""
    given = fields.get("operations")
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise AgendaError("`operations` is a list of objects, such as {op: 'add', content: '…'}")
    return given


def listed(agenda: Agenda) -> str:
    """The todos as the tool's answer shows them."""
    if not agenda.todos:
        return "no todos"
    return "\n".join(f"{todo.id}. [{todo.status}] {todo.content}" for todo in agenda.todos)


def _function(name: str, parameters: str) -> dict[str, Any]:
    description, properties = SCHEMAS[name]
    required = [key for key in properties if key != "part"]
    shape = {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}
    return {"name": name, "description": description, parameters: shape}


def _open(function: dict[str, Any]) -> dict[str, Any]:
    """A declaration without what Gemini's schemas do not know."""
    return {name: _opened(value) for name, value in function.items()}


def _opened(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _opened(inner) for name, inner in value.items() if name != "additionalProperties"}
    return value


def _names(tool: object) -> Iterator[object]:
    """The names of the functions that a tool is: Gemini's holds several."""
    declared = next(filter(None, (_field(tool, key) for key in ("functionDeclarations", "function_declarations"))), ())
    yield from (_field(function, "name") for function in declared if isinstance(declared, list | tuple))
    inner = _field(tool, "function")
    yield inner.get("name") if isinstance(inner, Mapping) else _field(tool, "name")


def _field(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _call(native: object) -> Call:
    dump = getattr(native, "model_dump", None)
    fields = native if isinstance(native, Mapping) else dump() if callable(dump) else {}
    fields = next(filter(None, (fields.get(key) for key in ("functionCall", "function_call"))), fields)
    inner = fields.get("function")
    if isinstance(inner, Mapping):
        return Call(str(fields.get("id")), str(inner.get("name")), _text(inner.get("arguments")))
    if "name" in fields:
        id = fields.get("call_id") or fields.get("id")
        given = next((fields[key] for key in ("input", "arguments", "args") if fields.get(key) is not None), None)
        return Call(str(id), str(fields["name"]), _text(given))
    raise AgendaError(f"this is no tool call: {str(native)[:80]!r}; give the call as the model's message holds it")


def _text(arguments: object) -> str:
    return arguments if isinstance(arguments, str) else json.dumps(arguments or {})
