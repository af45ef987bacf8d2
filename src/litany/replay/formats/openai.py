"""OpenAI chat: a list of messages, or an object that holds one."""

from litany.replay.formats.shape import messages_in, names_system, openai
from litany.replay.run import Run


def read(value: object, source: str, index: int) -> Run:
    """Any list of chat messages that no other format claims."""
    messages = messages_in(value)
    return Run(
        source=source,
        index=index,
        format="openai",
        dialect="openai",
        messages=tuple(openai(message) for message in messages),
        goal_is_system=names_system(value, messages),
    )
