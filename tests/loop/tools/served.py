"""Specs of the tests' MCP servers, and calls of their tools."""

import json
import shlex
import sys
from pathlib import Path

from litany.loop.tools import Ran, Toolbox
from tests.loop.tools.boxes import KEY

HERE = Path(__file__).parent


def spec(file: str, *how: str, variables: str = "", prefix: str = "") -> str:
    """`mcp:` and the command of a server of this folder."""
    return f"mcp{prefix}:{variables} {shlex.join([sys.executable, str(HERE / file), *how])}"


async def asked(box: Toolbox, tool: str, /, **arguments: object) -> Ran:
    """What the model is told of a call."""
    return await box.call(tool, json.dumps(arguments), KEY)
