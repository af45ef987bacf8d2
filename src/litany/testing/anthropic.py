"""The rules of Anthropic Messages, A1 to A17, as the provider applies them."""

from collections.abc import Collection, Iterator, Sequence

from litany.testing import binding, blocks, marks, pairs, thinking
from litany.testing.violation import Request, Violation, listing, mapping, shown
from litany.testing.wire import SERVER_USES, Block, Stretch, read, role_of, server_result, stretches

FLAGS = ("bedrock", "no-prefill", "bound-thinking", "mid-conversation-system")
"""What some models and gateways do in another way, each by its name."""

MOST_MESSAGES = 100_000


def check(
    request: Request, *, open_tail: bool = False, flags: Collection[str] = (), key: bytes = binding.KEY
) -> Iterator[Violation]:
    """Every rule that the request breaks, block by block, then turn by turn."""
    messages = request.get("messages")
    yield from blocks.system(request.get("system"))
    if not listing(messages):
        yield Violation("A0", "messages", f"messages: Input should be a valid list, got {shown(messages)}")
        return
    reading = read(messages)
    turns = stretches(reading.blocks)
    yield from reading.violations
    yield from _list(messages)
    for block in reading.blocks:
        yield from blocks.check(block)
    yield from blocks.blank(messages)
    yield from pairs.check(turns, open_tail=open_tail, bedrock="bedrock" in flags)
    yield from _end(messages, turns, open_tail, "no-prefill" in flags)
    yield from thinking.check(request, turns)
    if "bound-thinking" in flags:
        yield from binding.check(request, reading.blocks, key)
    yield from _system_messages(messages, reading.blocks, "mid-conversation-system" in flags)
    yield from _tools(request.get("tools"))
    yield from marks.check(request, reading.blocks)
    yield from _edits(request.get("context_management"), reading.blocks)


def _list(messages: Sequence[object]) -> Iterator[Violation]:
    if not messages:
        yield Violation("A1", "messages", "messages: at least one message is required")
    elif role_of(messages[0]) != "user":
        yield Violation("A1", "messages[0]", 'messages: first message must use the "user" role')
    if len(messages) > MOST_MESSAGES:
        yield Violation("A3", "messages", f"messages: at most {MOST_MESSAGES} messages, got {len(messages)}")


def _end(
    messages: Sequence[object], turns: Sequence[Stretch], open_tail: bool, no_prefill: bool
) -> Iterator[Violation]:
    """A9 and A11: what a list that ends with the assistant must keep to."""
    if not turns or role_of(messages[-1]) != "assistant" or turns[-1].role != "assistant":
        return
    last = turns[-1].blocks[-1]
    text = last.body.get("text") if last.kind == "text" else None
    if isinstance(text, str) and text != text.rstrip():
        yield Violation("A9", last.path, "messages: final assistant content cannot end with trailing whitespace")
    if no_prefill and not (open_tail and pairs.owns_calls(turns[-1])):
        words = "This model does not support assistant message prefill. The conversation must end with a user message."
        yield Violation("A11", f"messages[{len(messages) - 1}]", words)


def _system_messages(messages: Sequence[object], found: Sequence[Block], allowed: bool) -> Iterator[Violation]:
    """A14: where a message of role system may stand, if the model takes it at all."""
    ends = {block.message: block.kind for block in found}
    for index, message in enumerate(messages):
        if role_of(message) != "system":
            continue
        if not allowed:
            text = (
                'Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an'
                " input message role."
            )
            yield Violation("A14", f"messages[{index}]", f"messages: {text}")
        for text in _misplaced(messages, index, ends.get(index - 1, "")) if allowed else ():
            yield Violation("A14", f"messages[{index}]", f"messages.{index}: {text}")


def _misplaced(messages: Sequence[object], index: int, end: str) -> Iterator[str]:
    """`end` is the kind of the block before the system message."""
    before = role_of(messages[index - 1]) if index else None
    after = role_of(messages[index + 1]) if index + 1 < len(messages) else "assistant"
    server = before == "assistant" and (end in SERVER_USES or server_result(end))
    if not index:
        yield "a system message cannot be the first message"
    elif before == "system":
        yield "two system messages cannot stand in a row"
    elif before != "user" and not server:
        yield "a system message must follow a user message or an assistant message that ends in server tool use"
    if after not in ("assistant", "system"):
        yield "a system message must be the last message or be followed by an assistant message"


def _tools(tools: object) -> Iterator[Violation]:
    if tools is None:
        return
    if not listing(tools):
        yield Violation("A0", "tools", f"tools: Input should be a valid list, got {shown(tools)}")
        return
    for at, tool in enumerate(tools):
        if not mapping(tool) or not isinstance(tool.get("name", ""), str):
            yield Violation("A0", f"tools[{at}]", f"tools.{at}: Input should be an object with a name")


def _edits(management: object, found: Sequence[Block]) -> Iterator[Violation]:
    """A16: a compaction block that came back, and an edit that would compact again."""
    edits = management.get("edits") if mapping(management) else None
    kinds = [edit.get("type") for edit in edits if mapping(edit)] if listing(edits) else []
    if any(isinstance(kind, str) and kind.startswith("compact_") for kind in kinds):
        for block in found:
            if block.kind == "compaction":
                text = f"{block.path}: a compaction block cannot be combined with a `compact_*` edit"
                yield Violation("A16", block.path, text)
