"""The first and the last messages of a history and nothing between them, calls with their results kept whole."""

from collections.abc import Sequence

from litany.evals.case import Message


def sink_window(messages: Sequence[Message], first: int, last: int) -> list[Message]:
    """At least so many from both ends: a turn that a bound would part is taken whole."""
    starts = [place for place, message in enumerate(messages) if message.get("role") != "tool"]
    head = next((place for place in starts if place >= first), len(messages))
    tail = next((place for place in reversed(starts) if place <= len(messages) - last), 0)
    return [*messages[:head], *messages[max(head, tail) :]]
