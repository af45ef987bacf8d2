"""An agent with the tools of an MCP server, without a task file: --tools "mcp:COMMAND", or "mcp:http://…".

The server is this very file when it is started with `serve`; any other server will do. The agent asks it for the tide,
and is done. The exit status is 0.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

CALL = {"id": "c1", "type": "function", "function": {"name": "tide", "arguments": '{"harbour": "Cowes"}'}}
ANSWERS = (
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "assistant", "content": "High tide at Cowes is at 11:40."},
)


def serve() -> None:
    """A server of one tool, on standard input and output."""
    from mcp.server import MCPServer

    server = MCPServer("harbours")

    @server.tool()
    def tide(harbour: str) -> str:
        """Tells when the tide is high."""
        return f"high tide at {harbour}: 11:40"

    server.run("stdio")


def main() -> int:
    """Runs the agent, with this file as the server."""
    from litany.cli.app import run

    with TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.jsonl"
        answers.write_text("\n".join(map(json.dumps, ANSWERS)))
        tools = f"mcp:{sys.executable} {Path(__file__).resolve()} serve"
        task = ["--goal", "When is high tide at Cowes?", "--model", f"scripted:{answers}", "--tools", tools]
        return run(["run", *task, "--folder", folder, "--store", f"{folder}/runs"])


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        sys.exit(main())
