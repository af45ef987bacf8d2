"""Reading `mcp:` specs: a command with its variables, or a URL with its headers."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from litany.adapters.mcp_client import Address
from litany.errors import ToolError

PREFIXED = re.compile(r"mcp(?:\+([a-zA-Z0-9_-]{1,32}))?:")
"""`mcp:` or `mcp+PREFIX:`, which puts the prefix before the names of the server's tools."""
VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
SET = re.compile(r"([A-Za-z_][\w-]*)=(.*)", re.DOTALL)


def address(spec: str, line: str, near: Path, environment: Mapping[str, str] | None) -> Address:
    """Where the server of a spec is found.

    line        -- what follows `mcp:`: `NAME=value ... COMMAND ...`, or `http://... Header=value ...`, in a shell's
                   quotes; $NAME stands for a variable.
    environment -- the variables.

    Raises: ToolError.
    """
    try:
        quoted = shlex.split(line)
    except ValueError as error:
        raise ToolError(f"{spec}: its quotes do not close ({error})") from None
    words = [_filled(spec, word, environment) for word in quoted]
    if words and re.match(r"https?://", words[0]):
        headers = dict(_set(spec, word) for word in words[1:])
        return Address(url=words[0], headers=headers)
    command = next((n for n, word in enumerate(words) if not SET.fullmatch(word)), None)
    if command is None:
        raise ToolError(f"{spec}: no command; give what starts the server, as mcp:COMMAND, or its mcp:http://... URL")
    variables = dict(_set(spec, word) for word in words[:command])
    return Address(command=tuple(words[command:]), environment=variables, folder=str(near))


def _set(spec: str, word: str) -> tuple[str, str]:
    found = SET.fullmatch(word)
    if not found:
        raise ToolError(f"{spec}: {word!r} is no header; write NAME=value after the URL")
    return found[1], found[2]


def _filled(spec: str, word: str, environment: Mapping[str, str] | None) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if environment is None or name not in environment:
            raise ToolError(f"{spec}: ${name} is not set; set it in the environment")
        return environment[name]

    return VARIABLE.sub(value, word)
