"""Codex rollout files: response items in an envelope a line (older files: bare items), as OpenAI chat.

Codex writes the conversation twice, as items and as events; only the items are read. What it compacted is still in
the file, so the whole record is replayed; turns that the user rolled back are not.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from litany.errors import TrajectoryError
from litany.replay.formats.pairing import Log
from litany.replay.formats.shape import Message, text, word
from litany.replay.run import Run

ENVELOPES = frozenset({"session_meta", "response_item", "event_msg", "turn_context", "compacted"})
ITEMS = frozenset({"reasoning", "function_call", "function_call_output", "local_shell_call", "custom_tool_call"})
INJECTED = (
    "<environment_context>",
    "<user_instructions>",
    "<INSTRUCTIONS>",
    "<permissions instructions>",
    "<user_shell_command>",
    "<turn_aborted>",
    "<skill>",
    "# AGENTS.md instructions",
)


def fits(first: Mapping[str, Any]) -> bool:
    """An enveloped line; or the first line of an older file: a bare item, or a session's id, time and instructions."""
    kind = word(first, "type")
    if isinstance(first.get("payload"), dict):
        return kind in ENVELOPES or "timestamp" in first
    if isinstance(first.get("items"), list) and "session" in first:
        return True
    if kind == "message":
        return any(block.get("type") in ("input_text", "output_text") for block in _parts(first.get("content")))
    return kind in ITEMS or ("type" not in first and {"id", "timestamp", "instructions"} <= first.keys())


def read(records: list[Any], source: str, index: int) -> Iterator[Run]:
    """The one run of a rollout file."""
    log = Log()
    for record in _flat(records):
        _take(log, record)
    pairs = [pair for entry in log.entries for pair in _pairs(entry.message, entry.results, entry.injected)]
    if not any(message["role"] in ("user", "assistant") for message, _ in pairs):
        raise TrajectoryError("a Codex session without messages")
    yield Run(
        source=source,
        index=index,
        format="codex",
        dialect="openai",
        messages=tuple(message for message, _ in pairs),
        demonstrations=frozenset(place for place, (_, injected) in enumerate(pairs) if injected),
    )


def _pairs(message: Message, results: list[Message], injected: bool) -> Iterator[tuple[Message, bool]]:
    yield message, injected
    yield from ((result, False) for result in results)


def _flat(records: list[Any]) -> Iterator[dict[str, Any]]:
    for record in records:
        if isinstance(record, dict) and isinstance(record.get("items"), list):
            yield from (item for item in record["items"] if isinstance(item, dict))
        elif isinstance(record, dict):
            yield record


def _take(log: Log, record: dict[str, Any]) -> None:
    payload = record.get("payload")
    if not isinstance(payload, dict):
        _item(log, record)
    elif record.get("type") == "response_item":
        _item(log, payload)
    elif record.get("type") == "session_meta":
        _base(log, payload)
    elif record.get("type") == "event_msg" and payload.get("type") == "thread_rolled_back":
        _roll_back(log, payload.get("num_turns"))


def _base(log: Log, meta: dict[str, Any]) -> None:
    instructions = meta.get("base_instructions")
    words = instructions.get("text") if isinstance(instructions, dict) else None
    if isinstance(words, str) and words and not log.entries:
        log.add({"role": "system", "content": words})


def _roll_back(log: Log, turns: object) -> None:
    if not isinstance(turns, int) or turns < 1:
        return
    asked = [at for at, entry in enumerate(log.entries) if entry.message["role"] == "user" and not entry.injected]
    if asked:
        log.cut(asked[max(len(asked) - turns, 0)])


def _item(log: Log, item: dict[str, Any]) -> None:
    kind = str(item.get("type"))
    call = item.get("call_id") or (item.get("id") if kind == "local_shell_call" else None)
    if kind == "message":
        _message(log, item)
    elif kind.endswith("_output") and isinstance(call, str):
        result = {"role": "tool", "tool_call_id": call, "content": _output(item)}
        if not log.answer(call, result):
            log.add(result)
    elif kind.endswith("_call") and isinstance(call, str):
        _call(log, call, item)


def _message(log: Log, item: dict[str, Any]) -> None:
    role, content = item.get("role"), _content(item.get("content"))
    if not isinstance(role, str) or not content:
        return
    message = {"role": role, "content": content}
    log.add(message, injected=role == "user" and _is_injected(item))


def _is_injected(item: dict[str, Any]) -> bool:
    said = [part["text"] for part in _parts(item.get("content")) if isinstance(part.get("text"), str)]
    said = said or [text(item)]
    return all(words.lstrip().startswith(INJECTED) for words in said)


def _call(log: Log, call: str, item: dict[str, Any]) -> None:
    entry = log.entries[-1] if log.entries else None
    if entry is None or entry.message["role"] != "assistant" or entry.results:
        entry = log.add({"role": "assistant", "content": None})
    function = {"name": str(item.get("name") or str(item["type"]).removesuffix("_call")), "arguments": _arguments(item)}
    entry.message.setdefault("tool_calls", []).append({"id": call, "type": "function", "function": function})
    log.callers[call] = entry


def _arguments(item: dict[str, Any]) -> str:
    given = item.get("arguments", item.get("action"))
    if isinstance(given, str):
        return given
    return json.dumps({"input": item.get("input")} if given is None else given, ensure_ascii=False)


def _output(item: dict[str, Any]) -> str | list[Message]:
    given = item.get("output", item.get("tools"))
    if isinstance(given, dict) and "content" in given:
        given = given["content"]
    if isinstance(given, str):
        return given
    parts = _parts(given)
    if parts:
        return [{"type": "text", "text": _words(part)} for part in parts]
    return "" if given is None else json.dumps(given, ensure_ascii=False)


def _words(part: Message) -> str:
    words = part.get("text")
    return words if isinstance(words, str) else f"[{part.get('type', 'content')}]"


def _content(content: object) -> str | list[Message]:
    if isinstance(content, str):
        return content
    parts = [_part(part) for part in _parts(content)]
    return parts[0]["text"] if len(parts) == 1 and parts[0]["type"] == "text" else parts


def _part(part: Message) -> Message:
    if part.get("type") == "input_image" and isinstance(part.get("image_url"), str):
        return {"type": "image_url", "image_url": {"url": part["image_url"]}}
    return {"type": "text", "text": _words(part)}


def _parts(content: object) -> list[Message]:
    return [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
