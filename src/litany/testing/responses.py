"""The rules of OpenAI Responses, P1 to P6, as the provider applies them."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from litany.testing import items
from litany.testing.binding import KEY
from litany.testing.violation import Request, Violation, listing, mapping, shown

FLAGS = ("positional-pairs",)
"""What compatible servers do in another way: some want each output right behind its call."""
STATE = ("previous_response_id", "conversation")
"""What says that earlier items are on the server."""
AFTER = (*items.CALLS, *items.MADE, "message", "item_reference")
"""What may follow a reasoning item: what the model made with it; of messages only the assistant's."""


def check(
    request: Request,
    *,
    open_tail: bool = False,
    flags: Collection[str] = (),
    key: bytes = KEY,
    reasoned: Mapping[str, str] | None = None,
    resolved: bool = False,
) -> Iterator[Violation]:
    """Every rule that the request breaks, item by item, then the pairs and the reasoning.

    `reasoned`: ids of items that are known to be made with reasoning, and the id of that reasoning item.
    `resolved`: the input holds also what the server keeps of it.
    """
    given = request.get("input")
    stateful = not resolved and any(request.get(name) for name in STATE)
    if all(request.get(name) for name in STATE):
        yield Violation("P0", STATE[0], f"'{STATE[0]}' cannot be used in conjunction with '{STATE[1]}'.")
    yield from _tools(request.get("tools"))
    if given is None or given == []:
        if not stateful and not request.get("prompt"):
            text = "One of \"input\" or \"previous_response_id\" or 'prompt' or 'conversation' must be provided."
            yield Violation("P0", "input", text)
        return
    if isinstance(given, str):
        return
    if not listing(given):
        yield Violation("P0", "input", f"Invalid type for 'input': expected an array, but got {shown(given)} instead.")
        return
    yield from _items(given, key)
    yield from _pairs(given, open_tail, stateful)
    yield from _reasoning(given, request.get("store") is False, reasoned or {})
    if "positional-pairs" in flags:
        yield from _positions(given, open_tail)


def _items(given: Sequence[object], key: bytes) -> Iterator[Violation]:
    seen: set[str] = set()
    for index, item in enumerate(given):
        yield from items.check(item, f"input[{index}]", key)
        id = item.get("id") if mapping(item) else None
        if isinstance(id, str) and not _kind(item).endswith("local_shell_call_output"):
            if id in seen:
                text = f"Duplicate item found with id {id}. Remove duplicate items from your input and try again."
                yield Violation("P0", f"input[{index}].id", text)
            seen.add(id)
        if _kind(item) == "compaction_trigger" and index < len(given) - 1:
            yield Violation("P0", f"input[{index}]", "A compaction_trigger must be the final input item.")


def _pairs(given: Sequence[object], open_tail: bool, stateful: bool) -> Iterator[Violation]:
    """P1 and P2: one walk with the calls that were made and those that were answered."""
    made: dict[str, tuple[int, str]] = {}
    done: set[str] = set()
    known = not stateful and not any(_kind(item) == "item_reference" for item in given)
    for index, item in enumerate(given):
        kind, call = _kind(item), _call(item)
        if call is None:
            continue
        if kind in items.CALLS or kind == "mcp_approval_request":
            if call in made:
                yield Violation("P2", f"input[{index}].call_id", f"Duplicate call_id in input: {call}.")
            made[call] = (index, kind)
        else:
            yield from _answer(kind, call, made, done, known, f"input[{index}]")
    tail = _tail(given) if open_tail else len(given)
    for call, (index, kind) in made.items():
        if call not in done and index < tail and kind in items.CALLS:
            yield Violation("P2", f"input[{index}]", f"No tool output found for {items.CALLS[kind][1]} {call}.")


def _answer(
    kind: str, call: str, made: Mapping[str, tuple[int, str]], done: set[str], known: bool, path: str
) -> Iterator[Violation]:
    words = items.OUTPUTS.get(kind, "approval request")
    if call in done:
        yield Violation("P1", path, f"Duplicate output for {words} with call_id {call}.")
    elif call in made and not _fits(kind, made[call][1]):
        yield Violation("P1", path, f"The output for call_id {call} is of type {kind}, and the call is not.")
    elif call not in made and known:
        yield Violation("P1", path, f"No tool call found for {words} output with call_id {call}.")
    done.add(call)


def _fits(output: str, call: str) -> bool:
    """Whether an output of that type answers such a call. Codex answers its local shell as a function."""
    if call == "mcp_approval_request":
        return output == "mcp_approval_response"
    return output == items.CALLS[call][0] or (output, call) == ("function_call_output", "local_shell_call")


def _reasoning(given: Sequence[object], unstored: bool, reasoned: Mapping[str, str]) -> Iterator[Violation]:
    """P3: reasoning and what was made with it stand together."""
    before: set[object] = set()
    for index, item in enumerate(given):
        kind, path = _kind(item), f"input[{index}]"
        id = item.get("id") if mapping(item) else None
        if kind == "reasoning":
            before.add(id)
            if not _follows(given, index + 1):
                text = f"Item '{id}' of type 'reasoning' was provided without its required following item."
                yield Violation("P3", path, text)
            if unstored and mapping(item) and not item.get("encrypted_content"):
                text = f"Item with id '{id}' not found. Items are not persisted when `store` is set to false. Try again"
                yield Violation("P3", path, f"{text} with `store` set to true, or remove this item from your input.")
        needed = reasoned.get(id) if isinstance(id, str) else None
        if needed is not None and needed not in before:
            text = f"Item '{id}' of type '{kind}' was provided without its required 'reasoning' item: '{needed}'."
            yield Violation("P3", path, text)


def _follows(given: Sequence[object], index: int) -> bool:
    """Whether an item stands there that can be made with the reasoning before it."""
    if index >= len(given):
        return False
    item, kind = given[index], _kind(given[index])
    return kind in AFTER and (kind != "message" or (mapping(item) and item.get("role") == "assistant"))


def _positions(given: Sequence[object], open_tail: bool) -> Iterator[Violation]:
    """P5: each call with its output right behind it."""
    tail = _tail(given) if open_tail else len(given)
    for index, item in enumerate(given):
        answer = given[index + 1] if index + 1 < len(given) else None
        apart = _kind(answer) not in items.OUTPUTS or _call(answer) != _call(item)
        if _kind(item) in items.CALLS and _call(item) and apart and index < tail:
            text = (
                "An assistant message with 'tool_calls' must be followed by tool messages responding to each"
                f" 'tool_call_id'. (insufficient tool messages following tool_calls message): {_call(item)}"
            )
            yield Violation("P5", f"input[{index}]", text)


def _tail(given: Sequence[object]) -> int:
    """Where the last reply begins, when nothing but outputs stands behind it."""
    start = len(given)
    while start and (_kind(given[start - 1]) in items.OUTPUTS or _kind(given[start - 1]) == "mcp_approval_response"):
        start -= 1
    while start and _follows(given, start - 1):
        start -= 1
    return start


def _kind(item: object) -> str:
    return str(items.kind_of(item)) if mapping(item) else ""


def _call(item: object) -> str | None:
    """The call_id of a call or an output of one; None for whatever the provider did by itself."""
    kind = _kind(item)
    if not mapping(item) or item.get("execution") == "server":
        return None
    name = {"mcp_approval_request": "id", "mcp_approval_response": "approval_request_id"}.get(kind, "call_id")
    paired = kind in items.CALLS or kind in items.OUTPUTS or kind.startswith("mcp_approval")
    id = item.get(name) or (item.get("id") if kind == "local_shell_call_output" else None)
    return id if paired and isinstance(id, str) else None


def _tools(tools: object) -> Iterator[Violation]:
    if tools is None:
        return
    if not listing(tools):
        yield Violation("P0", "tools", f"Invalid type for 'tools': expected an array, but got {shown(tools)} instead.")
        return
    for at, tool in enumerate(tools):
        path = f"tools[{at}]"
        if not mapping(tool) or not isinstance(tool.get("type"), str):
            yield Violation("P0", f"{path}.type", f"Missing required parameter: '{path}.type'.")
        elif tool["type"] in ("function", "custom") and not isinstance(tool.get("name"), str):
            yield Violation("P0", f"{path}.name", f"Missing required parameter: '{path}.name'.")
