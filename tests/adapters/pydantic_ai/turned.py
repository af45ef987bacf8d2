"""Messages of the random histories as Pydantic AI holds them."""

import json
from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_ai.messages import (
    BinaryContent,
    ModelRequest,
    ModelResponse,
    SystemPromptPart,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from tests.laws.strategies import Case
from tests.laws.writing import PNG, Message

PICTURE = BinaryContent(b64decode(PNG), media_type="image/png")


def names(case: Case) -> dict[str, str]:
    """The tool that each call of the history names."""
    return {call.tool_call_id: call.tool_name for turn in case.turns for call in _calls(turn.reply)}


def request(messages: Iterable[Message], tools: Mapping[str, str]) -> list[Any]:
    """What the host sends at once, as one request: results first."""
    parts = [part for message in messages for part in _parts(message, tools)]
    parts.sort(key=lambda part: not isinstance(part, ToolReturnPart))
    return [ModelRequest(parts=parts)] if parts else []


def response(reply: Iterable[Message]) -> list[Any]:
    """What the model said."""
    return [ModelResponse(parts=list(_said(message))) for message in reply]


def _calls(reply: Iterable[Message]) -> list[ToolCallPart]:
    return [part for message in reply for part in _said(message) if isinstance(part, ToolCallPart)]


def _parts(message: Message, tools: Mapping[str, str]) -> list[Any]:
    content = message["content"]
    if message["role"] == "system":
        return [SystemPromptPart(content)]
    if message["role"] == "tool":
        id = message["tool_call_id"]
        return [ToolReturnPart(tools.get(id, "look"), _result(content), id)]
    if isinstance(content, str):
        return [UserPromptPart(content)]
    results = [block for block in content if block["type"] == "tool_result"]
    said = [block for block in content if block["type"] != "tool_result"]
    parts: list[Any] = [
        ToolReturnPart(tools.get(block["tool_use_id"], "look"), _result(block["content"]), block["tool_use_id"])
        for block in results
    ]
    return [*parts, *([UserPromptPart(_prompt(said))] if said else [])]


def _prompt(blocks: Iterable[Message]) -> list[Any]:
    return [_full(block["text"]) if block["type"] == "text" else PICTURE for block in blocks]


def _result(content: Any) -> Any:
    return _full(content) if isinstance(content, str) else _prompt(content)


def _full(text: str) -> str:
    """No empty text: Pydantic AI sends it to Claude as an empty block, which is refused."""
    return text if text.strip() else "nothing"


def _said(message: Message) -> Iterable[Any]:
    content = message.get("content")
    if isinstance(content, str) and content:
        yield TextPart(content)
    for block in content if isinstance(content, list) else ():
        if block["type"] == "thinking":
            yield ThinkingPart(block["thinking"], signature=block["signature"], provider_name="anthropic")
        elif block["type"] == "redacted_thinking":
            yield ThinkingPart("", id="redacted_thinking", signature=block["data"], provider_name="anthropic")
        elif block["type"] == "text":
            yield TextPart(block["text"])
        else:
            yield ToolCallPart(block["name"], block["input"], block["id"])
    for call in message.get("tool_calls") or ():
        made = call["function"]
        json.loads(made["arguments"])
        yield ToolCallPart(made["name"], made["arguments"], call["id"])
