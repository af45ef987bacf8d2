"""What one Anthropic block must be by itself: its fields, its place, its text (A0, A8, A10, A16)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from litany.testing.violation import Violation, listing, mapping, shown
from litany.testing.wire import SERVER_USES, THINKING, Block, server_result

USES = ("tool_use", *SERVER_USES)
RESULT_PARTS = ("text", "image", "document", "search_result", "tool_reference")
EMPTY = "text content blocks must be non-empty"
BLANK = "text content blocks must contain non-whitespace text"


def check(block: Block) -> Iterator[Violation]:
    """What is wrong with this block, wherever it stands in the conversation."""
    yield from _place(block)
    shape = SHAPES.get(block.kind)
    if shape is not None:
        yield from shape(block)


def system(value: object) -> Iterator[Violation]:
    """What is wrong with the system parameter: a string or text blocks that are not empty."""
    if value is None or isinstance(value, str):
        return
    if not listing(value):
        yield Violation("A0", "system", f"system: Input should be a string or a list, got {shown(value)}")
        return
    for at, body in enumerate(value):
        path = f"system[{at}]"
        if not mapping(body) or body.get("type") != "text":
            yield Violation("A0", path, f"{path}: Input should be a text block")
        else:
            yield from _text_field(body, path, "system")


def blank(messages: Sequence[object]) -> Iterator[Violation]:
    """A8 for a message as a whole: it has content, and text alone is not all whitespace."""
    for index, message in enumerate(messages):
        content = message.get("content") if mapping(message) else None
        path = f"messages[{index}].content"
        if content in ("", [], ()):
            if index < len(messages) - 1 or not mapping(message) or message.get("role") != "assistant":
                text = "all messages must have non-empty content except for the optional final assistant message"
                yield Violation("A8", path, f"messages.{index}: {text}")
        elif _all_blank(content):
            yield Violation("A8", path, f"messages: {BLANK}")


def _all_blank(content: object) -> bool:
    if isinstance(content, str):
        return content.isspace()
    if not listing(content):
        return False
    return all(_blank_text(block) for block in content) and any(block["text"] for block in content)


def _blank_text(block: object) -> bool:
    if not mapping(block) or block.get("type") != "text":
        return False
    text = block.get("text")
    return isinstance(text, str) and (not text or text.isspace())


def _place(block: Block) -> Iterator[Violation]:
    text = None
    if block.role == "system" and block.kind != "text":
        yield Violation("A14", block.path, f"{block.path}: a system message holds text blocks only")
    elif block.role == "user" and (block.kind in (*USES, *THINKING) or server_result(block.kind)):
        text = f"`{block.kind}` blocks can only be in `assistant` messages"
    elif block.role == "assistant" and block.kind == "tool_result":
        text = "`tool_result` blocks can only be in `user` messages"
    if text:
        yield Violation("A0", block.path, f"{block.path}: {text}")


def _text(block: Block) -> Iterator[Violation]:
    if block.index >= 0:
        yield from _text_field(block.body, block.path, "messages")


def _text_field(body: Mapping[str, Any], path: str, where: str) -> Iterator[Violation]:
    text = body.get("text")
    if not isinstance(text, str):
        yield Violation("A0", f"{path}.text", f"{path}.text: Input should be a valid string, got {shown(text)}")
    elif not text:
        yield Violation("A8", path, f"{where}: {EMPTY}")


def _use(block: Block) -> Iterator[Violation]:
    for field in ("id", "name"):
        if not isinstance(block.body.get(field), str):
            yield Violation("A0", f"{block.path}.{field}", f"{block.path}.{field}: Field required")
    if not mapping(block.body.get("input")):
        text = f"{block.path}.{block.kind}.input: Input should be a valid dictionary"
        yield Violation("A10", f"{block.path}.input", text)


def _result(block: Block) -> Iterator[Violation]:
    if not isinstance(block.body.get("tool_use_id"), str):
        yield Violation("A0", f"{block.path}.tool_use_id", f"{block.path}.tool_use_id: Field required")
    content, where = block.body.get("content"), f"{block.path}.content"
    if content is None or isinstance(content, str):
        return
    if not listing(content):
        yield Violation("A10", where, f"{where}: Input should be a string or a list, got {shown(content)}")
        return
    for at, body in enumerate(content):
        yield from _result_part(body, f"{where}[{at}]")


def _result_part(body: object, path: str) -> Iterator[Violation]:
    if not mapping(body):
        yield Violation("A10", path, f"{path}: Input should be an object, got {shown(body)}")
        return
    kind = body.get("type")
    if kind == "text":
        yield from _text_field(body, path, "messages")
    elif kind not in RESULT_PARTS:
        yield Violation(
            "A10", f"{path}.type", f"{path}: Input tag {shown(kind)} does not match any of the expected tags"
        )


def _thinking(block: Block) -> Iterator[Violation]:
    for field in ("thinking", "signature"):
        if not isinstance(block.body.get(field), str):
            yield Violation("A12b", f"{block.path}.{field}", f"{block.path}.thinking.{field}: Field required")


def _redacted(block: Block) -> Iterator[Violation]:
    if not isinstance(block.body.get("data"), str):
        yield Violation("A12b", f"{block.path}.data", f"{block.path}.redacted_thinking.data: Field required")


def _compaction(block: Block) -> Iterator[Violation]:
    content = block.body.get("content", "")
    if content is not None and (not isinstance(content, str) or not content):
        text = f"{block.path}.compaction.content: Input should be a non-empty string or null"
        yield Violation("A16", f"{block.path}.content", text)
    for field, kind in (("encrypted_content", str), ("signature", str), ("tool_changes", list)):
        if not isinstance(block.body.get(field), kind | None):
            yield Violation("A16", f"{block.path}.{field}", f"{block.path}.compaction.{field}: was modified")


SHAPES: dict[str, Callable[[Block], Iterator[Violation]]] = {
    "text": _text,
    "thinking": _thinking,
    "redacted_thinking": _redacted,
    "tool_result": _result,
    "compaction": _compaction,
    **dict.fromkeys(USES, _use),
}
