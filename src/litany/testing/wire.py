"""An Anthropic message list read as the provider reads it: blocks in a row, and the turns of one role merged."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litany.testing.violation import Violation, listing, mapping, shown

ROLES = ("user", "assistant", "system")
THINKING = ("thinking", "redacted_thinking")
SERVER_USES = ("server_tool_use", "mcp_tool_use")
WHOLE = -1
"""The index of the one block that stands for content given as a string."""


@dataclass(frozen=True, slots=True)
class Block:
    """One content block and where it stands; content given as a string is one text block."""

    role: str
    message: int
    index: int
    kind: str
    body: Mapping[str, Any]

    @property
    def path(self) -> str:
        where = f"messages[{self.message}].content"
        return where if self.index == WHOLE else f"{where}[{self.index}]"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Messages of one role in a row, merged (A2); system messages do not part them."""

    role: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The blocks of a list in order, and what in it could not be read."""

    blocks: tuple[Block, ...]
    violations: tuple[Violation, ...]


def read(messages: Sequence[object]) -> Reading:
    """All blocks; what is malformed is left out and named."""
    blocks: list[Block] = []
    violations: list[Violation] = []
    for index, message in enumerate(messages):
        for found in _message(message, index):
            if isinstance(found, Block):
                blocks.append(found)
            else:
                violations.append(found)
    return Reading(tuple(blocks), tuple(violations))


def stretches(blocks: Sequence[Block]) -> list[Stretch]:
    """The merged turns; system messages are left out."""
    merged: list[Stretch] = []
    run: list[Block] = []
    for block in blocks:
        if block.role == "system":
            continue
        if run and run[-1].role != block.role:
            merged.append(Stretch(run[-1].role, tuple(run)))
            run = []
        run.append(block)
    return [*merged, Stretch(run[-1].role, tuple(run))] if run else merged


def server_result(kind: str) -> bool:
    """Whether a block is the result of a tool that runs at the provider."""
    return kind.endswith("_tool_result")


def role_of(message: object) -> object:
    return message.get("role") if mapping(message) else None


def _message(message: object, index: int) -> Iterator[Block | Violation]:
    path = f"messages[{index}]"
    if not mapping(message):
        yield Violation("A0", path, f"{path}: Input should be an object, got {shown(message)}")
        return
    role, content = message.get("role"), message.get("content")
    if not isinstance(role, str) or role not in ROLES:
        yield Violation("A0", f"{path}.role", f"{path}.role: Input should be 'user' or 'assistant', got {shown(role)}")
    elif isinstance(content, str):
        yield Block(role, index, WHOLE, "text", {"type": "text", "text": content})
    elif listing(content):
        for at, body in enumerate(content):
            yield _block(body, role, index, at)
    else:
        text = f"{path}.content: Input should be a string or a list, got {shown(content)}"
        yield Violation("A0", f"{path}.content", text)


def _block(body: object, role: str, message: int, at: int) -> Block | Violation:
    path = f"messages[{message}].content[{at}]"
    if not mapping(body):
        return Violation("A0", path, f"{path}: Input should be an object, got {shown(body)}")
    kind = body.get("type")
    if not isinstance(kind, str):
        return Violation("A0", f"{path}.type", f"{path}.type: Field required, got {shown(kind)}")
    return Block(role, message, at, kind, body)
