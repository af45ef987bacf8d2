"""The rules of Gemini generateContent, G1 to G6, as the provider applies them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from litany.testing import contents
from litany.testing.binding import KEY
from litany.testing.seal import broken
from litany.testing.violation import Request, Violation, listing, mapping, shown

FLAGS = ("thought-signatures",)
"""What Gemini 3 and later ask for beside."""
SKIPPED = "skip_thought_signature_validator"
"""Stands for the signature of a call that no model made."""
AFTER_USER = (
    "Please ensure that function call turn comes immediately after a user turn or after a function response turn."
)
AFTER_CALL = "Please ensure that function response turn comes immediately after a function call turn."
NUMBER = (
    "Please ensure that the number of function response parts is equal to the number of function call parts of the "
    "function call turn."
)
UNSIGNED = (
    "Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, "
    "and missing thought_signature may lead to degraded model performance. Additional data, function call "
)


def check(
    request: Request, *, open_tail: bool = False, flags: Collection[str] = (), key: bytes = KEY
) -> Iterator[Violation]:
    """Every rule that the request breaks, content by content, then the turns and the signatures."""
    given = request.get("contents")
    yield from _system(request.get("systemInstruction", request.get("system_instruction")))
    yield from _tools(request.get("tools"))
    if given is None or given == []:
        yield Violation("G1", "contents", "* GenerateContentRequest.contents: contents is not specified")
        return
    if not listing(given):
        yield Violation("G0", "contents", f"Invalid value at 'contents', {shown(given)}")
        return
    for index, content in enumerate(given):
        yield from contents.check(content, index)
    yield from _turns(given, open_tail)
    yield from _seals(given, key)
    if "thought-signatures" in flags:
        yield from _signatures(given)


def _turns(given: Sequence[object], open_tail: bool) -> Iterator[Violation]:
    """G2 to G4: where calls and responses may stand, and that they fit."""
    for index, content in enumerate(given):
        path = f"contents[{index}]"
        made, answered = contents.calls(content), contents.responses(content)
        before = given[index - 1] if index else None
        if made and (_role(content) != "model" or index == 0 or _role(before) == "model"):
            yield Violation("G2", path, AFTER_USER)
        if answered and (_role(content) == "model" or not contents.calls(before)):
            yield Violation("G3", path, AFTER_CALL)
        if made and not (open_tail and index >= len(given) - 2 and _open(given[index + 1 :], made)):
            yield from _pairs(made, given[index + 1] if index + 1 < len(given) else None, path)


def _open(rest: Sequence[object], made: Sequence[contents.Part]) -> bool:
    """Whether nothing but responses, perhaps not all of them, ends the record."""
    answered = contents.responses(rest[0]) if rest else []
    alone = not rest or len(contents.parts(rest[0])) == len(answered)
    return alone and len(answered) <= len(made)


def _pairs(made: Sequence[contents.Part], content: object, path: str) -> Iterator[Violation]:
    answered = contents.responses(content)
    if len(made) != len(answered):
        yield Violation("G3", path, NUMBER)
        return
    left = list(made)
    for response in sorted(answered, key=lambda response: not response.get("id")):
        call = _call(response, left)
        if call is None:
            name = shown(response.get("name"))
            text = f"Function response {name} (id {shown(response.get('id'))}) answers no function call of its turn."
            yield Violation("G4", path, text)
        else:
            left.remove(call)


def _call(response: contents.Part, left: Sequence[contents.Part]) -> contents.Part | None:
    """The call that a response answers: by id where both bear one, else the first of that name; the names agree."""
    same = [call for call in left if call.get("name") == response.get("name")]
    id = response.get("id")
    exact = [call for call in same if id and call.get("id") == id]
    loose = [call for call in same if not id or not call.get("id")]
    return next(iter([*exact, *loose]), None)


def _signatures(given: Sequence[object]) -> Iterator[Violation]:
    """G5: behind the last thing that the user said, the first call of each step is signed."""
    start = max((index for index, content in enumerate(given) if _said(content)), default=-1)
    for index in range(start + 1, len(given)):
        for at, part in enumerate(contents.parts(given[index])):
            call = part.get("functionCall")
            if mapping(call) and _role(given[index]) == "model":
                if not part.get("thoughtSignature"):
                    path = f"contents[{index}].parts[{at}]"
                    yield Violation("G5", path, f"{UNSIGNED}`{call.get('name')}`, position {index + 1}.")
                break


def _said(content: object) -> bool:
    """Whether the user says something here: not only responses."""
    return _role(content) == "user" and any(part.get("functionResponse") is None for part in contents.parts(content))


def _seals(given: Sequence[object], key: bytes) -> Iterator[Violation]:
    for index, content in enumerate(given):
        for at, part in enumerate(contents.parts(content)):
            signature = part.get("thoughtSignature")
            if signature and signature != SKIPPED and broken(signature, key=key):
                yield Violation("G5", f"contents[{index}].parts[{at}]", "Thought signature is not valid.")


def _role(content: object) -> object:
    return content.get("role") if mapping(content) else None


def _system(value: object) -> Iterator[Violation]:
    if value is None or isinstance(value, str):
        return
    held = contents.parts(value)
    if not held or any(not isinstance(part.get("text"), str) for part in held):
        yield Violation("G6", "systemInstruction", "systemInstruction: only text parts are supported.")


def _tools(tools: object) -> Iterator[Violation]:
    if tools is None:
        return
    if not listing(tools):
        yield Violation("G0", "tools", f"Invalid value at 'tools', {shown(tools)}")
        return
    for at, tool in enumerate(tools):
        for place, function in enumerate(_declared(tool)):
            name = function.get("name") if mapping(function) else None
            if not isinstance(name, str) or not contents.NAME.fullmatch(name):
                path = f"tools[{at}].functionDeclarations[{place}].name"
                text = f"* GenerateContentRequest.{path}: Invalid function name. Must start with a letter or an"
                yield Violation("G0", path, f"{text} underscore.")


def _declared(tool: object) -> Sequence[Any]:
    fields: Mapping[str, Any] = tool if mapping(tool) else {}
    declared = fields.get("functionDeclarations", fields.get("function_declarations"))
    return declared if listing(declared) else ()
