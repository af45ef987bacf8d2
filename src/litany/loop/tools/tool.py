"""What a tool is, what it is asked with, and what the model is told."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
"""What every provider takes as the name of a tool."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What litany knows of a call beside its arguments. A function that has a parameter of this type is handed it."""

    key: str
    """The same for the same call of the same run, also after a resume: a tool can know by it what it did already."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What the model is told of a call."""

    text: str
    failed: bool = False
    """Whether the text tells of an error."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool that the agent may call."""

    name: str
    description: str
    parameters: Mapping[str, object]
    """JSON schema of an object."""
    run: Callable[[Mapping[str, object], Asked], Awaitable[str]]
    """Gives what the model is told. Raises: Told with what went wrong, or anything."""
    idempotent: bool = False
    """Whether it may be run again when its outcome is unknown."""
    seconds: float | None = None
    """A limit of its own; None: the toolbox's."""


class Told(Exception):
    """A tool did not do what it was asked; the text goes to the model as it stands."""


def schema(tool: Tool) -> dict[str, object]:
    """The tool as OpenAI's chat API takes it."""
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}
