"""What a host's message says, makes and answers, in every dialect: read here anew, not by what it judges."""

from collections.abc import Iterator, Sequence
from typing import Any

Message = dict[str, Any]

THINKING = ("thinking", "redacted_thinking")


def role(message: Message) -> str:
    """Who speaks: "tool" where a result is a message of its own."""
    kind = message.get("type", "message")
    if kind != "message":
        return "tool" if kind.endswith("_output") else "assistant"
    return {"developer": "system", "model": "assistant"}.get(message["role"], str(message["role"]))


def blocks(message: Message) -> list[Message]:
    """The blocks or parts of its content, when it has some."""
    content = message.get("content", message.get("parts"))
    return content if isinstance(content, list) else []


def texts(message: Message) -> list[str]:
    """Every text that is said or that a tool gave, in its order."""
    if role(message) == "tool" or message.get("type") == "mcp_call":
        return result_texts(message)
    content = message.get("content")
    return [content] if isinstance(content, str) else [text for block in blocks(message) for text in _all(block)]


def _all(block: Message) -> list[str]:
    own = [block["text"]] if isinstance(block.get("text"), str) else []
    return own + list(_given(block))


def own_texts(message: Message) -> list[str]:
    """What the speaker says: results left out."""
    content = message.get("content")
    if isinstance(content, str):
        return [content]
    return [block["text"] for block in blocks(message) if isinstance(block.get("text"), str)]


def result_texts(message: Message) -> list[str]:
    """The texts of tool results."""
    if message.get("type") == "mcp_call":
        return [message["output"]]
    if role(message) == "tool":
        return list(_leaves(message.get("content", message.get("output"))))
    return [text for block in blocks(message) for text in _given(block)]


def _given(block: Message) -> Iterator[str]:
    """The texts of a block that holds a result."""
    if block.get("type") == "tool_result":
        yield from _leaves(block["content"])
    if "functionResponse" in block:
        yield from _leaves(block["functionResponse"]["response"])


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    if isinstance(value, list):
        for part in value:
            yield from [part["text"]] if isinstance(part, dict) and "text" in part else _leaves(part)
    if isinstance(value, dict) and "type" not in value:
        for part in value.values():
            yield from _leaves(part)


def called(message: Message) -> list[str]:
    """Ids of the calls that it makes."""
    if message.get("type") in ("function_call", "custom_tool_call"):
        return [message["call_id"]]
    calls = [call["id"] for call in message.get("tool_calls") or ()]
    calls += [block["id"] for block in blocks(message) if block.get("type") == "tool_use"]
    return calls + _ids(message, "functionCall")


def answered(message: Message) -> list[str]:
    """Ids of the calls that it answers."""
    if role(message) == "tool":
        return [str(message.get("tool_call_id", message.get("call_id")))]
    results = [block["tool_use_id"] for block in blocks(message) if block.get("type") == "tool_result"]
    return results + _ids(message, "functionResponse")


def _ids(message: Message, kind: str) -> list[str]:
    found = [block[kind] for block in blocks(message) if kind in block]
    return [str(part.get("id", part["name"])) for part in found]


def repairs(message: Message, text: str) -> list[str]:
    """Ids of the calls that it answers with this text in place of a result."""
    if role(message) == "tool":
        return answered(message) if texts(message)[0].startswith(text) else []
    made = [block for block in blocks(message) if block.get("is_error") and str(block["content"]).startswith(text)]
    errors = [block["functionResponse"] for block in blocks(message) if "functionResponse" in block]
    failed = [error for error in errors if str(error["response"].get("error", "")).startswith(text)]
    return [block["tool_use_id"] for block in made] + [str(error.get("id", error["name"])) for error in failed]


def speaks(message: Message, observed: bool) -> bool:
    """Whether the user says something in it."""
    if role(message) != "user" or observed or message.get("message_type") == "observation":
        return False
    return bool(own_texts(message)) or not answered(message)


def opaque(message: Message) -> list[Message]:
    """What is nobody's but the provider's: blocks, parts, and whole items."""
    if message.get("type", "message") != "message":
        return [message] if message["type"] in ("reasoning", "compaction", "function_call", "web_search_call") else []
    inner = [part for block in blocks(message) if isinstance(block.get("content"), list) for part in block["content"]]
    kinds = (*THINKING, "image", "tool_use", "image_url", "input_image")
    found = [block for block in [*blocks(message), *inner] if block.get("type") in kinds]
    return found + [part for part in blocks(message) if {"thought", "thoughtSignature", "inlineData"} & part.keys()]


def stands(message: Message, view: Sequence[Message]) -> bool:
    """Whether the message is in the view: as the very object, or with all its parts among those of another."""
    if any(message is sent for sent in view):
        return True
    parts = message.get("parts", ())
    known = {id(part) for sent in view for part in sent.get("parts", ())}
    return bool(parts) and all(id(part) in known for part in parts)


def orphan(dialect: str) -> Message:
    """A result of a call that nobody made."""
    if dialect == "openai":
        return {"role": "tool", "tool_call_id": "nobody", "content": "found"}
    if dialect == "responses":
        return {"type": "function_call_output", "call_id": "nobody", "output": "found"}
    if dialect == "gemini":
        response = {"id": "nobody", "name": "look", "response": {"result": "found"}}
        return {"role": "user", "parts": [{"functionResponse": response}]}
    return {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "nobody", "content": "found"}]}
