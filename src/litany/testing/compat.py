"""The quirks of servers that are compatible with OpenAI's, rule O11: each is a flag, none is on by itself."""

from collections.abc import Callable, Collection, Iterator, Sequence

from litany.testing.violation import Violation, mapping, shown


def check(messages: Sequence[object], flags: Collection[str], open_tail: bool) -> Iterator[Violation]:
    """What the quirks named in `flags` refuse; `strict-compat` names them all."""
    for flag, quirk in QUIRKS.items():
        if flag in flags or "strict-compat" in flags:
            yield from quirk(messages, open_tail)


def _last_role(messages: Sequence[object], open_tail: bool) -> Iterator[Violation]:
    """Azure AI, Mistral: the list ends on a tool or user message."""
    last = messages[-1] if messages else None
    if not mapping(last) or last.get("role") in ("tool", "user") or (open_tail and last.get("tool_calls")):
        return
    text = f"Expected last role to be one of: [tool, user] but got {shown(last.get('role'))}"
    yield Violation("O11", f"messages[{len(messages) - 1}]", text)


def _alternation(messages: Sequence[object], open_tail: bool) -> Iterator[Violation]:
    """DeepSeek reasoner: no two user or two assistant messages in succession; system messages do not part them."""
    before = None
    for index, message in enumerate(messages):
        role = message.get("role") if mapping(message) else None
        if role in ("system", "developer"):
            continue
        if role == before and role in ("user", "assistant"):
            text = f"Successive {role} messages are not supported; user and assistant must alternate."
            yield Violation("O11", f"messages[{index}]", text)
        before = role


def _system_first(messages: Sequence[object], open_tail: bool) -> Iterator[Violation]:
    """Qwen: a system message is the first message or none."""
    for index, message in enumerate(messages):
        if index and mapping(message) and message.get("role") in ("system", "developer"):
            yield Violation("O11", f"messages[{index}]", "System message must be at the beginning.")


def _no_null_content(messages: Sequence[object], open_tail: bool) -> Iterator[Violation]:
    """LM Studio, mistral-common: content is a string also beside tool calls."""
    for index, message in enumerate(messages):
        if mapping(message) and message.get("tool_calls") and message.get("content") is None:
            yield Violation("O11", f"messages[{index}].content", "Invalid 'content': null beside 'tool_calls'.")


QUIRKS: dict[str, Callable[[Sequence[object], bool], Iterator[Violation]]] = {
    "last-role": _last_role,
    "alternation": _alternation,
    "system-first": _system_first,
    "no-null-content": _no_null_content,
}
FLAGS = (*QUIRKS, "strict-compat")
