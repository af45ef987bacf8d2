"""Items of a Responses answer as the fake writes them: whole, cut in half, and as a stream's events."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from litany.testing.fake.pieces import halved, pieces
from litany.testing.seal import seal
from litany.testing.violation import listing

Item = dict[str, Any]
PREFIXES = {"message": "msg", "reasoning": "rs", "function_call": "fc", "custom_tool_call": "ctc", "compaction": "cmp"}
TEXTS = {"function_call": "arguments", "custom_tool_call": "input"}
"""Calls, and the field that a stream gives bit by bit."""


def made(number: int, message: Mapping[str, Any], key: bytes) -> list[Item]:
    """The items of a scripted answer: its `output`, else those of a message in OpenAI chat's words."""
    output = message.get("output")
    items = list(output) if listing(output) else list(_spoken(message))
    return [_filled(dict(item), f"{number}_{at}", key) for at, item in enumerate(items)]


def _spoken(message: Mapping[str, Any]) -> Iterator[Item]:
    if "type" in message:
        yield dict(message)
        return
    if message.get("reasoning_content"):
        yield {"type": "reasoning", "summary": [{"type": "summary_text", "text": message["reasoning_content"]}]}
    if message.get("content"):
        yield {"type": "message", "content": message["content"]}
    for call in message.get("tool_calls") or ():
        yield {"type": "function_call", "call_id": call["id"], **call["function"]}


def _filled(item: Item, number: str, key: bytes) -> Item:
    """The item with the fields that the provider adds."""
    kind = item["type"]
    item = {"id": f"{PREFIXES.get(kind, kind[:2])}_{number}", "status": "completed", **item}
    if kind == "message":
        text = item.get("content")
        parts: list[Item] = [{"type": "output_text", "text": text, "annotations": [], "logprobs": []}]
        return {"role": "assistant", **item, "content": parts if isinstance(text, str) else text}
    if kind == "reasoning":
        summary = item.get("summary") or []
        sealed = seal(f"{item['id']} {json.dumps(summary)}", key=key)
        return {**item, "summary": summary, "encrypted_content": item.get("encrypted_content", sealed)}
    if kind in TEXTS:
        return {"call_id": f"call_{number}", **item}
    return item


def cut(items: Sequence[Item]) -> list[Item]:
    """The items up to the middle of the last one."""
    if not items:
        return []
    last = {**items[-1], "status": "incomplete"}
    field = TEXTS.get(last["type"])
    if field:
        last[field] = halved(last[field])
    elif last["type"] == "message":
        last["content"] = [
            {**part, "text": halved(part["text"])} if "text" in part else part for part in last["content"]
        ]
    return [*items[:-1], last]


def events(item: Item, index: int) -> Iterator[Item]:
    """The events of one item, without their numbers."""
    at = {"item_id": item["id"], "output_index": index}
    begun = {**item, "status": "in_progress", **_empty(item)}
    yield {"type": "response.output_item.added", "output_index": index, "item": begun}
    if item["type"] == "message":
        for place, part in enumerate(item["content"]):
            yield from _part(part, {**at, "content_index": place})
    elif item["type"] == "reasoning":
        for place, part in enumerate(item["summary"]):
            yield from _summary(part, {**at, "summary_index": place})
    elif item["type"] in TEXTS:
        yield from _call(item, at)
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def _empty(item: Item) -> Item:
    kind = item["type"]
    if kind in TEXTS:
        return {TEXTS[kind]: ""}
    return {"message": {"content": []}, "reasoning": {"summary": []}}.get(kind, {})


def _part(part: Item, at: Item) -> Iterator[Item]:
    field = "refusal" if part["type"] == "refusal" else "text"
    name = "response.refusal" if field == "refusal" else "response.output_text"
    beside: Item = {} if field == "refusal" else {"logprobs": []}
    yield {"type": "response.content_part.added", **at, "part": {**part, field: ""}}
    for piece in pieces(part[field]):
        yield {"type": f"{name}.delta", **at, "delta": piece, **beside}
    yield {"type": f"{name}.done", **at, field: part[field], **beside}
    yield {"type": "response.content_part.done", **at, "part": part}


def _summary(part: Item, at: Item) -> Iterator[Item]:
    name = "response.reasoning_summary"
    yield {"type": f"{name}_part.added", **at, "part": {**part, "text": ""}}
    for piece in pieces(part["text"]):
        yield {"type": f"{name}_text.delta", **at, "delta": piece}
    yield {"type": f"{name}_text.done", **at, "text": part["text"]}
    yield {"type": f"{name}_part.done", **at, "part": part}


def _call(item: Item, at: Item) -> Iterator[Item]:
    function = item["type"] == "function_call"
    name = "response.function_call_arguments" if function else "response.custom_tool_call_input"
    field = TEXTS[item["type"]]
    for piece in pieces(item[field]):
        yield {"type": f"{name}.delta", **at, "delta": piece}
    yield {"type": f"{name}.done", **at, field: item[field], **({"name": item["name"]} if function else {})}
