"""What every reader of a format needs: messages found and checked, keys chosen, nulls put right."""

from collections.abc import Collection, Mapping
from typing import Any

from litany.errors import TrajectoryError

Message = dict[str, Any]
OPENAI_KEYS = ("role", "content", "name", "tool_calls", "tool_call_id", "reasoning_content", "refusal", "function_call")
UNDER = ("messages", "history", "traj", "trajectory")


def messages_in(value: object) -> list[Message]:
    """The messages of a run: a list of them, or the value of the key that holds them."""
    found = value if isinstance(value, list) else _under(value)
    if not found:
        raise TrajectoryError("a run without messages")
    for place, message in enumerate(found):
        if not isinstance(message, dict):
            raise TrajectoryError(f"message {place} is {named(message)}, not an object with a role and content")
        if not isinstance(message.get("role"), str):
            raise TrajectoryError(f"message {place} has no role (its keys: {listed(message)})")
        calls = message.get("tool_calls")
        if calls is not None and not (isinstance(calls, list) and all(isinstance(call, dict) for call in calls)):
            raise TrajectoryError(f"message {place} has tool_calls that are no list of objects")
    return found


def _under(value: object) -> list[Any]:
    if not isinstance(value, dict):
        raise TrajectoryError(
            f"{named(value)} is no trajectory; expected a list of messages or an object that holds one"
        )
    for key in UNDER:
        if isinstance(value.get(key), list):
            return list(value[key])
    for key in ("request", "body"):
        if isinstance(value.get(key), dict):
            return _under(value[key])
    raise TrajectoryError(f"an object without messages is no trajectory (its keys: {listed(value)})")


def fields(value: object) -> Mapping[str, Any]:
    """What stands beside the messages, request envelopes opened; empty for a bare list."""
    if not isinstance(value, dict):
        return {}
    if isinstance(value.get("messages"), list):
        return value
    inner = next((value[key] for key in ("request", "body") if isinstance(value.get(key), dict)), None)
    return value if inner is None else fields(inner)


def openai(message: Message, keys: Collection[str] | None = None) -> Message:
    """The message as OpenAI takes it: only `keys`, where given; nulls and empty call lists left out.

    Null content stays only beside calls. A message with nothing to mend is the very object that came.
    """
    kept = {key: value for key, value in message.items() if _says(key, value) and (keys is None or key in keys)}
    calls = "tool_calls" in kept or "function_call" in kept
    if not calls and kept.get("content") is None:
        kept["content"] = ""
    return message if kept == message else kept


def _says(key: str, value: object) -> bool:
    return key == "content" or not (value is None or (key == "tool_calls" and value == []))


def blocks(message: Message) -> list[Message]:
    """The content blocks of a message; none where its content is text."""
    content = message.get("content")
    return [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []


def text(message: Message) -> str:
    """All that a message says in words."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    return "\n".join(block["text"] for block in blocks(message) if isinstance(block.get("text"), str))


def word(value: Mapping[str, Any], key: str) -> str | None:
    """What stands under the key, if it is a text and not empty."""
    found = value.get(key)
    return found if isinstance(found, str) and found else None


def has_calls(messages: Collection[Message]) -> bool:
    """Whether any message calls a tool in OpenAI's way."""
    return any(message.get("tool_calls") or message["role"] == "tool" for message in messages)


def names_system(value: object, messages: Collection[Message]) -> bool:
    """Whether the run names its leading system message as the goal, in a `system_message` beside the messages."""
    first = next(iter(messages))
    return bool(fields(value).get("system_message")) and first["role"] == "system"


def named(value: object) -> str:
    """A JSON value in words, for errors."""
    names = {
        dict: "an object",
        list: "a list",
        str: "a text",
        bool: "a truth value",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "null")


def listed(value: Mapping[str, Any]) -> str:
    """The first few keys of an object, for errors."""
    keys = [str(key)[:40] for key in list(value)[:8]]
    return ", ".join(keys + ["..."] * (len(value) > 8)) or "none"
