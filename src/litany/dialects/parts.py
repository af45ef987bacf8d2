"""Parts of Gemini contents: their fields in both spellings, what each holds, and the texts of a function's response.

The REST API writes names in camelCase, its Python packages in snake_case; both are read, and what is written anew is
spelled as the part that it stands in.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litany.core.message import Call
from litany.dialects import leaves, media
from litany.dialects.canonical import mapping, modelled
from litany.errors import MessageError

Part = Mapping[str, Any]

SNAKE = {
    "functionCall": "function_call",
    "functionResponse": "function_response",
    "inlineData": "inline_data",
    "fileData": "file_data",
    "mimeType": "mime_type",
    "thoughtSignature": "thought_signature",
    "executableCode": "executable_code",
    "codeExecutionResult": "code_execution_result",
}
NAMED = re.compile(r"[\w .$/-]{1,100}", re.ASCII)
"""A key of a response that is a name, and not a text of its own."""
SIGNED = 4
"""Characters of a signature that count as a token."""


def field(fields: Part, name: str) -> Any:
    """The field of that name, in either spelling; None when there is none."""
    value = fields.get(name)
    return fields.get(SNAKE.get(name, name)) if value is None else value


def inner(part: Part, name: str) -> Part | None:
    """A field that is an object."""
    value = field(part, name)
    return None if value is None else mapping(value)


def respelled(part: Part, name: str, value: object) -> Part:
    """A copy of the part with another value under the name that it has there."""
    return {**part, SNAKE[name] if SNAKE[name] in part else name: value}


def call_of(part: Part) -> Call | None:
    """The call that a part makes; without an id it goes by the name of its tool."""
    made = inner(part, "functionCall")
    if made is None:
        return None
    name = str(made.get("name"))
    given = json.dumps(made.get("args") or {}, ensure_ascii=False, default=str)
    return Call(str(made.get("id") or name), name, given)


def answered(part: Part) -> tuple[str, str] | None:
    """Id (else the name) and name of the call that a part answers."""
    response = inner(part, "functionResponse")
    if response is None:
        return None
    name = str(response.get("name"))
    return str(response.get("id") or name), name


def text_of(part: Part) -> str | None:
    """What a part says; a thought is not said."""
    text = part.get("text")
    return text if isinstance(text, str) and not part.get("thought") else None


def slots(part: Part) -> list[str]:
    """The texts of a function's response."""
    response = inner(part, "functionResponse")
    return [] if response is None else leaves.texts(response.get("response"), changed)


def rewritten(part: Part, texts: Mapping[int, str], first: int) -> tuple[Part, int]:
    """The part with the numbered texts of its response, and the number behind its last."""
    response = inner(part, "functionResponse")
    if response is None:
        return part, first
    value, behind = leaves.replaced(response.get("response"), texts, first, changed)
    if value is response.get("response"):
        return part, behind
    return respelled(part, "functionResponse", {**response, "response": value}), behind


def cleared(part: Part, stub: str) -> Part:
    """The part with only the stub for its response; pictures beside it leave too."""
    response = inner(part, "functionResponse")
    if response is None:
        return part
    old = response.get("response")
    key = next(iter(old)) if isinstance(old, Mapping) and len(old) == 1 else "result"
    kept = {name: value for name, value in response.items() if name != "parts"}
    return respelled(part, "functionResponse", {**kept, "response": {key: stub}})


def appended(part: Part, text: str) -> Part | None:
    """The part whose response ends with the text; None where the order of its fields, or a picture, may belie it."""
    response = inner(part, "functionResponse")
    old = None if response is None else response.get("response")
    if response is None or not isinstance(old, Mapping) or len(old) != 1 or response.get("parts"):
        return None
    ((key, said),) = old.items()
    if not isinstance(said, str):
        return None
    longer = f"{said}\n\n{text}" if said else text
    return respelled(part, "functionResponse", {**response, "response": {key: longer}})


def changed(value: object, change: Callable[[str], str], deep: int = 0) -> object:
    """A copy of a response with each text as `change` gives it, keys that are no names among them."""
    if isinstance(value, str):
        return change(value)
    if deep > leaves.MOST_DEEP:
        raise MessageError(f"a response is nested more than {leaves.MOST_DEEP} deep; no provider takes it")
    opened = _opened(value)
    if isinstance(opened, Mapping):
        pairs = [(_key(key, change), changed(part, change, deep + 1)) for key, part in opened.items()]
        same = all(new is old and part is opened[old] for (new, part), old in zip(pairs, opened, strict=True))
        return value if same else dict(pairs)
    if isinstance(opened, Sequence):
        parts = [changed(part, change, deep + 1) for part in opened]
        return parts if any(new is not old for new, old in zip(parts, opened, strict=True)) else value
    return value


def _key(key: object, change: Callable[[str], str]) -> object:
    return key if not isinstance(key, str) or NAMED.fullmatch(key) else change(key)


def _opened(value: object) -> object:
    if value is None or isinstance(value, bytes | int | float):
        return None
    return value if isinstance(value, Mapping | Sequence) else modelled(value)


def beside(part: Part) -> int:
    """Tokens of a part beside what is said, called and answered in it in text."""
    tokens = len(str(field(part, "thoughtSignature") or "")) // SIGNED
    for name in ("inlineData", "fileData"):
        tokens += _blob(inner(part, name))
    response = inner(part, "functionResponse")
    if response is not None:
        tokens += leaves.FIELD + _weight(response.get("response"))
        tokens += sum(beside(mapping(other)) for other in response.get("parts") or ())
    return tokens


def _blob(fields: Part | None) -> int:
    if fields is None:
        return 0
    data = fields.get("data")
    return media.gemini(str(field(fields, "mimeType")), data if isinstance(data, str) else None)


def _weight(value: object) -> int:
    opened = _opened(value)
    if isinstance(opened, str):
        return 0
    if isinstance(opened, Mapping):
        return sum(leaves.FIELD + len(str(key)) // 8 + _weight(part) for key, part in opened.items())
    if isinstance(opened, Sequence):
        return sum(map(_weight, opened))
    return len(str(value)) // 3 + 1
