"""Messages of the random histories as LangChain holds them, and LangChain's views as a provider is sent them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from langchain_core.messages import (
    AIMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
    ToolMessage,
    convert_to_openai_messages,
)

from tests.laws.strategies import Case
from tests.laws.writing import Message

CLAUDE = {"model_provider": "anthropic", "model_name": "claude-sonnet-4-5"}


def turned(message: Message, dialect: str) -> list[BaseMessage]:
    """One message of a history: in LangChain a result is a message of its own."""
    return _chat(message) if dialect == "openai" else _blocks(message)


def record(case: Case, messages: Iterable[Message]) -> list[BaseMessage]:
    return [turned_ for message in messages for turned_ in turned(message, case.dialect)]


def sent(case: Case, view: Sequence[BaseMessage]) -> list[dict[str, Any]]:
    """The view as the packages of LangChain's providers send it."""
    if case.dialect == "openai":
        return [dict(message) for message in convert_to_openai_messages(list(view))]
    return _merged(view)


def _chat(message: Message) -> list[BaseMessage]:
    content = message.get("content") or ""
    if message["role"] == "system":
        return [SystemMessage(content)]
    if message["role"] == "user":
        return [HumanMessage(content)]
    if message["role"] == "tool":
        return [ToolMessage(content, tool_call_id=message["tool_call_id"])]
    extra = {key: message[key] for key in message if key.startswith("x_")}
    made = [(call["id"], call["function"]) for call in message.get("tool_calls") or ()]
    calls = [{"id": id, "name": inner["name"], "args": json.loads(inner["arguments"])} for id, inner in made]
    return [AIMessage(content, tool_calls=calls, additional_kwargs=extra)]


def _blocks(message: Message) -> list[BaseMessage]:
    content = message["content"]
    if message["role"] == "assistant":
        uses = [block for block in content if block["type"] == "tool_use"]
        calls = [{"id": block["id"], "name": block["name"], "args": block["input"]} for block in uses]
        return [AIMessage(content, tool_calls=calls, response_metadata=CLAUDE)]
    if isinstance(content, str):
        return [HumanMessage(content)]
    results = [block for block in content if block["type"] == "tool_result"]
    rest = [block for block in content if block["type"] != "tool_result"]
    answered = [ToolMessage(block["content"], tool_call_id=block["tool_use_id"]) for block in results]
    return [*answered, *([HumanMessage(rest)] if rest else [])]


def _merged(view: Sequence[BaseMessage]) -> list[dict[str, Any]]:
    """As langchain-anthropic merges them: runs of results and user messages are one message."""
    out: list[dict[str, Any]] = []
    for message in view:
        role = "assistant" if isinstance(message, AIMessage) else "user"
        blocks = _written(message)
        if out and out[-1]["role"] == role == "user":
            out[-1]["content"] = [*out[-1]["content"], *blocks]
        else:
            out.append({"role": role, "content": blocks})
    return out


def _written(message: BaseMessage) -> list[Mapping[str, Any]]:
    text = message.content
    listed = [{"type": "text", "text": text}] if isinstance(text, str) else list(text)
    if isinstance(message, ToolMessage):
        error = message.status == "error"
        return [{"type": "tool_result", "tool_use_id": message.tool_call_id, "content": text, "is_error": error}]
    return [block for block in listed if isinstance(block, dict)]
