"""A server of the MCP SDK: `python mcp_server.py` on standard input and output, with a PORT over HTTP."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import Image, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

server = MCPServer("test")
NOTED = Path(os.environ.get("NOTED", os.devnull))


def noted(word: str) -> None:
    """Leaves a trace of a call on disk."""
    with NOTED.open("a", encoding="utf-8") as file:
        file.write(f"{word}\n")


@server.tool()
def zoom(text: str, times: int = 2) -> str:
    """Say it louder."""
    noted("zoom")
    return text.upper() * times


@server.tool(annotations=ToolAnnotations(idempotent_hint=True))
def again(id: int) -> str:
    """Dies on its first call, when NOTED is not there yet."""
    first = not NOTED.exists()
    noted("again")
    if first:
        os._exit(3)
    return f"again {id}"


@server.tool()
def die() -> str:
    """Dies."""
    noted("die")
    os._exit(3)


@server.tool()
async def wait(seconds: float) -> str:
    """Takes its time."""
    await asyncio.sleep(seconds)
    return "late"


@server.tool(name="a.dotted/name", structured_output=False)
def dotted() -> list[Any]:
    """Gives text and a picture."""
    return ["seen", Image(data=b"123456", format="png")]


@server.tool()
def fail() -> str:
    """Fails."""
    raise ToolError("no such pump")


@server.tool()
def much(megabytes: int) -> str:
    """Gives much."""
    return "m" * (megabytes * 1_000_000)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server.run("streamable-http", port=int(sys.argv[1]))
    else:
        server.run()
