"""What one Gemini content must be by itself: its role, its parts, their fields (G0, G1, G4, G6)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from litany.testing.violation import Violation, listing, mapping, shown

Part = Mapping[str, Any]

DATA = (
    *("text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult"),
    *("toolCall", "toolResponse"),
)
"""What a part is one of."""
BESIDE = ("thought", "thoughtSignature", "videoMetadata", "partMetadata", "mediaResolution")
SPELLINGS = {re.sub("([A-Z])", r"_\1", name).lower(): name for name in (*DATA, *BESIDE)} | {
    name: name for name in (*DATA, *BESIDE)
}
"""Either spelling of a part's fields."""
ROLES = ("user", "model")
NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}")
PAYLOAD = "Invalid JSON payload received."


def read(part: object) -> dict[str, Any]:
    """A part's fields in the API's own spelling; those that it does not know are left out."""
    return {SPELLINGS[name]: value for name, value in part.items() if name in SPELLINGS} if mapping(part) else {}


def parts(content: object) -> list[dict[str, Any]]:
    """All parts of a content, read."""
    held = content.get("parts") if mapping(content) else None
    return [read(part) for part in held] if listing(held) else []


def calls(content: object) -> list[Part]:
    """What a content calls."""
    found = (part.get("functionCall") for part in parts(content))
    return [call for call in found if mapping(call)]


def responses(content: object) -> list[Part]:
    """What a content answers."""
    found = (part.get("functionResponse") for part in parts(content))
    return [response for response in found if mapping(response)]


def check(content: object, index: int) -> Iterator[Violation]:
    """What is wrong with this content, wherever it stands."""
    path = f"contents[{index}]"
    if not mapping(content):
        yield Violation("G0", path, f"Invalid value at '{path}' (type.googleapis.com/Content), {shown(content)}")
        return
    for name in content:
        if name not in ("role", "parts"):
            yield Violation("G0", f"{path}.{name}", f"{PAYLOAD} Unknown name {name!r} at '{path}': Cannot find field.")
    role = content.get("role")
    if role not in ROLES:
        code = "G6" if role == "system" else "G0"
        yield Violation(code, f"{path}.role", "Please use a valid role: user, model.")
    held = content.get("parts")
    if not listing(held) or not held:
        text = f"* GenerateContentRequest.{path}.parts: contents.parts must not be empty."
        yield Violation("G1", f"{path}.parts", text)
        return
    for at, part in enumerate(held):
        yield from _part(part, f"{path}.parts[{at}]")


def _part(part: object, path: str) -> Iterator[Violation]:
    if not mapping(part):
        yield Violation("G0", path, f"Invalid value at '{path}' (type.googleapis.com/Part), {shown(part)}")
        return
    for name in part:
        if name not in SPELLINGS:
            yield Violation("G0", f"{path}.{name}", f"{PAYLOAD} Unknown name {name!r} at '{path}': Cannot find field.")
    fields = read(part)
    found = [name for name in DATA if fields.get(name) is not None]
    if not found:
        text = f"* GenerateContentRequest.{path}.data: required oneof field 'data' must have one initialized field"
        yield Violation("G1", path, text)
    elif len(found) > 1:
        text = f"Invalid value at '{path}' (oneof), oneof field 'data' is already set. Cannot set '{found[1]}'"
        yield Violation("G0", path, text)
    elif found == ["text"]:
        yield from _text(fields, path)
    elif found[0] in ("functionCall", "functionResponse"):
        yield from _function(fields[found[0]], found[0], f"{path}.{found[0]}")


def _text(fields: Part, path: str) -> Iterator[Violation]:
    if not isinstance(fields["text"], str):
        yield Violation("G0", f"{path}.text", f"Invalid value at '{path}.text' (TYPE_STRING), {shown(fields['text'])}")
    elif not fields["text"] and not fields.get("thoughtSignature"):
        text = "Unable to submit request because it has an empty text parameter. Add a value to the parameter and try"
        yield Violation("G1", path, f"{text} again.")


def _function(value: object, kind: str, path: str) -> Iterator[Violation]:
    if not mapping(value):
        yield Violation("G0", path, f"Invalid value at '{path}', {shown(value)}")
        return
    name, held = value.get("name"), "args" if kind == "functionCall" else "response"
    if not name:
        yield Violation(
            "G4", f"{path}.name", f"* GenerateContentRequest.{path}.name: [FIELD_INVALID] Name cannot be empty."
        )
    elif not isinstance(name, str) or not NAME.fullmatch(name):
        text = "Invalid function name. Must start with a letter or an underscore. Must be alphanumeric"
        yield Violation(
            "G0", f"{path}.name", f"{text} (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:) or dashes (-)."
        )
    given = value.get(held)
    if not mapping(given) and not (given is None and held == "args"):
        text = f"Invalid value at '{path}.{held}' (type.googleapis.com/google.protobuf.Struct), {shown(given)}"
        yield Violation("G4", f"{path}.{held}", text)
