"""The formats of recorded runs, and how parsed JSON is told to be one of them.

The order of `run` matters: the formats with marks of their own come first, plain OpenAI chat last.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from litany.replay.formats import (
    anthropic,
    claude_code,
    codex,
    mini_swe_agent,
    openai,
    swe_agent,
    tau2,
    who_and_when,
)
from litany.replay.formats.shape import messages_in
from litany.replay.run import Run


def run(value: object, source: str, index: int) -> Run:
    """The run that a parsed value holds. Raises TrajectoryError when it holds none."""
    messages = messages_in(value)
    if who_and_when.fits(value, messages):
        return who_and_when.read(value, source, index)
    if mini_swe_agent.fits(value):
        return mini_swe_agent.read(value, source, index)
    if swe_agent.fits(value, messages):
        return swe_agent.read(value, source, index)
    if tau2.fits(messages):
        return tau2.read(value, source, index)
    if anthropic.fits(value, messages):
        return anthropic.read(value, source, index)
    return openai.read(value, source, index)


def unpack(value: Any) -> list[Any]:
    """The runs inside a value: of a list of runs or a tau2 results file, each; else the value itself."""
    if isinstance(value, dict) and isinstance(value.get("simulations"), list) and value["simulations"]:
        return tau2.simulations(value)
    if isinstance(value, list) and value and not (isinstance(value[0], dict) and "role" in value[0]):
        return value
    return [value]


def session(first: object) -> str | None:
    """The kind of session file that begins with this value; None where each value is a run of its own."""
    listed = isinstance(first, list)
    record = first[0] if isinstance(first, list) and first else first
    if not isinstance(record, dict) or "messages" in record:
        return None
    if codex.fits(record):
        return "codex"
    if "role" in record and ("content" in record or "tool_calls" in record):
        return None if listed else "chat"
    return "claude-code" if claude_code.fits(record) else None


def _chat(records: list[Any], source: str, index: int) -> Iterator[Run]:
    yield run(records, source, index)


SESSIONS: Mapping[str, Callable[[list[Any], str, int], Iterator[Run]]] = {
    "chat": _chat,
    "claude-code": claude_code.read,
    "codex": codex.read,
}
