"""Who&When: many speakers in plain text, one of whom is the user."""

from litany.replay.formats.shape import Message, messages_in
from litany.replay.run import Run

LABELS = frozenset({"mistake_agent", "mistake_step", "mistake_reason"})


def fits(value: object, messages: list[Message]) -> bool:
    """The labels of the dataset, or a speaker that only it has."""
    labelled = isinstance(value, dict) and (not LABELS.isdisjoint(value) or {"history", "question"} <= value.keys())
    return labelled or any(
        message["role"] == "human" or message["role"].startswith("Orchestrator") for message in messages
    )


def read(value: object, source: str, index: int) -> Run:
    """`human` is the user (where nobody is, the first speaker), every other speaker an assistant without calls."""
    messages = messages_in(value)
    human = any(message["role"] == "human" for message in messages)
    said = enumerate(messages)
    return Run(
        source=source,
        index=index,
        format="who-and-when",
        dialect="openai",
        messages=tuple(
            _message(message, message["role"] == "human" or (not human and at == 0)) for at, message in said
        ),
    )


def _message(message: Message, user: bool) -> Message:
    return {"role": "user" if user else "assistant", "content": message.get("content") or ""}
