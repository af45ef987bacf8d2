"""SWE-agent: the history of a .traj file, with demonstrations, thoughts and actions marked."""

from litany.errors import TrajectoryError
from litany.replay.formats.shape import OPENAI_KEYS, Message, has_calls, messages_in, named, openai
from litany.replay.run import Run

MARKS = frozenset({"agent", "thought", "action", "message_type", "is_demo", "tool_call_ids"})


def fits(value: object, messages: list[Message]) -> bool:
    """A key that only SWE-agent writes, in a message or around a history."""
    if isinstance(value, dict) and "history" in value and ("trajectory" in value or "environment" in value):
        return True
    return any(not MARKS.isdisjoint(message) for message in messages)


def read(value: object, source: str, index: int) -> Run:
    """The history in OpenAI's shape: one tool message per call that it answers."""
    history = messages_in({"messages": value["history"]} if isinstance(value, dict) and "history" in value else value)
    shaped = [(bool(message.get("is_demo")), part) for message in history for part in _messages(message)]
    messages = tuple(part for _, part in shaped)
    return Run(
        source=source,
        index=index,
        format="swe-agent",
        dialect="openai",
        messages=messages,
        observations="tool" if has_calls(messages) else "user",
        demonstrations=frozenset(place for place, (demonstrated, _) in enumerate(shaped) if demonstrated),
    )


def _messages(message: Message) -> list[Message]:
    ids = message.get("tool_call_ids")
    if message["role"] != "tool" or ids is None:
        return [openai(message, OPENAI_KEYS)]
    if not isinstance(ids, list):
        raise TrajectoryError(f"tool_call_ids is {named(ids)}, not a list of call ids")
    return [openai({**message, "tool_call_id": call}, OPENAI_KEYS) for call in ids]
