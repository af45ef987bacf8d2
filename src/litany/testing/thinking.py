"""Where thinking blocks may stand in an Anthropic request, and what thinking excludes (A12)."""

from collections.abc import Iterator, Sequence

from litany.testing.pairs import owns_calls
from litany.testing.violation import Request, Violation, mapping, shown
from litany.testing.wire import THINKING, Stretch

MODES = ("enabled", "disabled", "adaptive")


def check(request: Request, turns: Sequence[Stretch]) -> Iterator[Violation]:
    """A12a and A12c to A12g; A12b needs what the provider signed and stands with the binding."""
    value = request.get("thinking")
    mode = value.get("type") if mapping(value) else None
    if value is not None and mode not in MODES:
        yield Violation("A0", "thinking", f"thinking.type: Input should be one of {MODES}, got {shown(mode)}")
    if mapping(value) and mode == "enabled":
        yield from _budget(value.get("budget_tokens"), request.get("max_tokens"))
    for turn in turns:
        if turn.role == "assistant":
            yield from _ends(turn)
    if mode in ("enabled", "adaptive"):
        yield from _starts(turns)
        yield from _forced(request.get("tool_choice"))
    if mode == "disabled":
        yield from _none(turns)


def _budget(budget: object, most: object) -> Iterator[Violation]:
    path = "thinking.budget_tokens"
    if not isinstance(budget, int) or isinstance(budget, bool):
        yield Violation("A12a", path, f"{path}: Input should be a valid integer, got {shown(budget)}")
        return
    if budget < 1024:
        yield Violation("A12a", path, f"{path}: Input should be greater than or equal to 1024")
    if isinstance(most, int) and budget >= most:
        yield Violation("A12a", path, "`max_tokens` must be greater than `thinking.budget_tokens`")


def _ends(turn: Stretch) -> Iterator[Violation]:
    """A12c and A12e: thinking comes first and not last."""
    first, last = _first(turn), turn.blocks[-1]
    if first not in THINKING and any(block.kind in THINKING for block in turn.blocks):
        where = turn.blocks[0]
        text = f"{where.path}.type: Expected `thinking` or `redacted_thinking`, but found `{first}`."
        yield Violation("A12c", where.path, text)
    if last.kind in THINKING:
        text = f"messages.{last.message}: The final block in an assistant message cannot be `{last.kind}`."
        yield Violation("A12e", last.path, text)


def _first(turn: Stretch) -> str | None:
    """The kind of the first block; a server's compaction block may stand before it."""
    return next((block.kind for block in turn.blocks if block.kind != "compaction"), None)


def _starts(turns: Sequence[Stretch]) -> Iterator[Violation]:
    """A12d: the turn that is being continued starts with thinking."""
    turn = _continued(turns)
    if turn is None or _first(turn) in THINKING:
        return
    text = (
        f"Expected `thinking` or `redacted_thinking`, but found `{_first(turn)}`. When `thinking` is enabled, a final"
        " `assistant` message must start with a thinking block (preceding the lastmost set of `tool_use` and"
        " `tool_result` blocks)."
    )
    yield Violation("A12d", turn.blocks[0].path, f"{turn.blocks[0].path}.type: {text}")


def _continued(turns: Sequence[Stretch]) -> Stretch | None:
    """The final assistant turn, if the list ends with it or with results for it."""
    if turns and turns[-1].role == "assistant":
        return turns[-1]
    if len(turns) < 2 or not owns_calls(turns[-2]):
        return None
    return turns[-2] if any(block.kind == "tool_result" for block in turns[-1].blocks) else None


def _forced(choice: object) -> Iterator[Violation]:
    if mapping(choice) and choice.get("type") in ("any", "tool"):
        yield Violation("A12g", "tool_choice", "Thinking may not be enabled when tool_choice forces tool use.")


def _none(turns: Sequence[Stretch]) -> Iterator[Violation]:
    last = next((turn for turn in reversed(turns) if turn.role == "assistant"), None)
    for block in last.blocks if last else ():
        if block.kind in THINKING:
            text = "When thinking is disabled, an `assistant` message in the final position cannot contain `thinking`."
            yield Violation("A12f", block.path, f"{block.path}: {text}")
