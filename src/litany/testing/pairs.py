"""How tool uses and their results stand to each other in an Anthropic request (A4 to A7, A17)."""

import re
from collections.abc import Iterator, Sequence

from litany.testing.blocks import EMPTY
from litany.testing.violation import Violation, listing, mapping, shown
from litany.testing.wire import SERVER_USES, Block, Stretch, server_result

ID = re.compile(r"[a-zA-Z0-9_-]+")


def check(turns: Sequence[Stretch], *, open_tail: bool, bedrock: bool) -> Iterator[Violation]:
    """A4 to A7 over the merged turns; with `bedrock` also A17."""
    yield from _ids(turns)
    for at, turn in enumerate(turns):
        if turn.role == "assistant":
            answers = turns[at + 1 : at + 2]
            if not (open_tail and _is_tail(answers, at + 2 >= len(turns))):
                yield from _unanswered(turn, answers)
            yield from _server_results(turn)
        else:
            yield from _answers(turn, turns[at - 1] if at else None)
            yield from _order(turn)
            if bedrock:
                yield from _bedrock(turn)


def owns_calls(turn: Stretch) -> bool:
    return any(block.kind == "tool_use" for block in turn.blocks)


def _ids(turns: Sequence[Stretch]) -> Iterator[Violation]:
    seen: set[str] = set()
    for turn in turns:
        for block in turn.blocks:
            if block.kind != "tool_use" and block.kind not in SERVER_USES:
                continue
            name = block.body.get("id")
            if not isinstance(name, str):
                continue
            if not ID.fullmatch(name):
                text = (
                    f"{block.path}.{block.kind}.id: String should match pattern '^[a-zA-Z0-9_-]+$', got {shown(name)}"
                )
                yield Violation("A4", f"{block.path}.id", text)
            if name in seen:
                yield Violation("A4", f"{block.path}.id", f"messages.{block.message}: `tool_use` ids must be unique")
            seen.add(name)


def _is_tail(answers: Sequence[Stretch], last: bool) -> bool:
    """Whether nothing but results, perhaps not all of them, ends the record."""
    return last and all(block.kind == "tool_result" for turn in answers for block in turn.blocks)


def _unanswered(turn: Stretch, answers: Sequence[Stretch]) -> Iterator[Violation]:
    answered = {_answered(block) for result in answers for block in result.blocks if block.kind == "tool_result"}
    for block in turn.blocks:
        name = block.body.get("id")
        if block.kind == "tool_use" and isinstance(name, str) and name not in answered:
            text = (
                f"messages.{block.message}: `tool_use` ids were found without `tool_result` blocks immediately"
                f" after: {name}. Each `tool_use` block must have a corresponding `tool_result` block in the next"
                " message."
            )
            yield Violation("A5", block.path, text)


def _answers(turn: Stretch, before: Stretch | None) -> Iterator[Violation]:
    """A6: each result answers one use of the turn before, and no use is answered twice."""
    uses = {_id(block) for block in before.blocks if block.kind == "tool_use"} if before else set()
    done: set[str | None] = set()
    for block in turn.blocks:
        name = _answered(block) if block.kind == "tool_result" else None
        if name is None:
            continue
        if name not in uses:
            text = (
                f"{block.path}: unexpected `tool_use_id` found in `tool_result` blocks: {name}. Each `tool_result`"
                " block must have a corresponding `tool_use` block in the previous message."
            )
            yield Violation("A6", block.path, text)
        elif name in done:
            text = "each `tool_use` must have a single result. Found multiple `tool_result` blocks with id"
            yield Violation("A6", block.path, f"{block.path}: {text}: {name}")
        done.add(name)


def _server_results(turn: Stretch) -> Iterator[Violation]:
    uses: set[str | None] = set()
    for block in turn.blocks:
        if block.kind in SERVER_USES:
            uses.add(_id(block))
        elif block.kind == "tool_result" or (server_result(block.kind) and _answered(block) not in uses):
            text = (
                f"{block.path}: unexpected `tool_use_id` found in `{block.kind}` blocks: {_answered(block)}. Each"
                f" `{block.kind}` block must have a corresponding tool use block before it."
            )
            yield Violation("A6", block.path, text)


def _order(turn: Stretch) -> Iterator[Violation]:
    """A7: results come first."""
    other = False
    for block in turn.blocks:
        if block.kind != "tool_result":
            other = True
        elif other:
            text = "Did not find 1 `tool_result` block(s) at the beginning of this message."
            yield Violation("A7", block.path, f"{block.path}: {text} Found: {_answered(block)}.")


def _bedrock(turn: Stretch) -> Iterator[Violation]:
    results = [block for block in turn.blocks if block.kind == "tool_result"]
    others = [block for block in turn.blocks if block.kind != "tool_result"]
    if results and others:
        text = "Conversation blocks and tool result blocks cannot be provided in the same turn."
        yield Violation("A17", others[0].path, text)
    for block in results:
        if _empty(block.body.get("content")):
            yield Violation("A17", f"{block.path}.content", f"{block.path}: toolResult {EMPTY}")


def _empty(content: object) -> bool:
    parts = content if listing(content) else ()
    return content == "" or any(
        mapping(part) and part.get("type") == "text" and part.get("text") == "" for part in parts
    )


def _id(block: Block) -> str | None:
    name = block.body.get("id")
    return name if isinstance(name, str) else None


def _answered(block: Block) -> str | None:
    name = block.body.get("tool_use_id")
    return name if isinstance(name, str) else None
