"""An MCP server of the SDK over streamable HTTP: reached, called, lost in a call, away, and there again."""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from litany.errors import ToolError
from litany.loop.tools import Ran, Toolbox, toolbox
from tests.loop.tools.boxes import within
from tests.loop.tools.served import HERE, asked

pytestmark = pytest.mark.skipif(find_spec("mcp") is None, reason="the MCP SDK comes with the extra mcp")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def serving(port: int, noted: Path) -> Iterator["subprocess.Popen[str]"]:
    """The server, once it takes connections."""
    server = subprocess.Popen(
        [sys.executable, str(HERE / "mcp_server.py"), str(port)],
        env={"NOTED": str(noted)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    try:
        assert any("running on" in line for line in server.stderr), "the server did not start"
        yield server
    finally:
        server.kill()
        server.wait()
        server.stderr.close()


class Forgetful(BaseHTTPRequestHandler):
    """A server that keeps sessions, as most do, and loses them when its tool `forget` is called."""

    sessions: ClassVar[list[str]] = []
    asked_of: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        method, session = message["method"], self.headers.get("Mcp-Session-Id")
        if method == "initialize":
            session = f"session-{len(self.asked_of)}"
            self.sessions.append(session)
            info = {"name": "forgetful", "version": "1"}
            result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": info}
            return self.say(message, result, session)
        if session not in self.sessions:
            return self.end(404 if session else 400)
        if "id" not in message:
            return self.end(202)
        if method == "tools/list":
            names = ("forget", "say")
            return self.say(message, {"tools": [{"name": name, "inputSchema": {"type": "object"}} for name in names]})
        name = message["params"]["name"]
        self.asked_of.append(name)
        self.say(message, {"content": [{"type": "text", "text": name}]})
        return self.sessions.clear() if name == "forget" else None

    def do_GET(self) -> None:
        self.end(405)

    def do_DELETE(self) -> None:
        self.end(200)

    def say(self, message: dict[str, object], result: object, session: str = "") -> None:
        body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()
        self.end(200, body, session)

    def end(self, status: int, body: bytes = b"", session: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if session:
            self.send_header("Mcp-Session-Id", session)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


def test_a_session_that_the_server_lost_is_begun_again_and_the_call_sent_once(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Forgetful)
    thread = Thread(target=server.serve_forever)
    thread.start()

    async def used(box: Toolbox) -> list[Ran]:
        return [await asked(box, name) for name in ("say", "forget", "say", "say")]

    try:
        ran = within(toolbox([f"mcp:http://127.0.0.1:{server.server_port}/mcp"], tmp_path), used)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

    assert ran == [Ran("say"), Ran("forget"), Ran("say"), Ran("say")]
    assert Forgetful.asked_of == ["say", "forget", "say", "say"]


async def itself(box: Toolbox) -> Toolbox:
    return box


def test_a_server_is_called_lost_and_found_again(tmp_path: Path) -> None:
    port, noted = free_port(), tmp_path / "noted"
    box = toolbox([f"mcp:http://127.0.0.1:{port}/mcp Authorization='Bearer none'"], tmp_path, seconds=60)

    async def used() -> list[Ran]:
        with serving(port, noted):
            await box.__aenter__()
            ran = [
                await asked(box, "zoom", text="a"),
                await asked(box, "fail"),
                await asked(box, "much", megabytes=3),
                await asked(box, "much", megabytes=50),
                await asked(box, "die"),
            ]
        ran += [await asked(box, "zoom", text="b"), await asked(box, "again", id=1)]
        with serving(port, noted):
            ran.append(await asked(box, "zoom", text="c"))
            await box.__aexit__(None, None, None)
        return ran

    zoomed, failed, much, too_much, died, away, again, found = asyncio.run(used())

    assert zoomed == Ran("AA")
    assert "no such pump" in failed.text
    assert "2,000,000 characters were left out" in much.text
    assert "49,000,000 characters were left out" in too_much.text
    assert "Whether it was done is not known" in died.text
    assert "was not reached" in away.text
    assert "do without its tools" in away.text
    assert again.text == away.text
    assert found == Ran("CC")
    assert noted.read_text() == "zoom\ndie\nzoom\n"


@pytest.mark.parametrize("path", ["http://127.0.0.1:{port}/mcp", "http://no-such-host.invalid/mcp"])
def test_a_server_that_is_not_there_is_an_error(tmp_path: Path, path: str) -> None:
    with pytest.raises(ToolError, match=r"did not start: it was not reached"):
        within(toolbox([f"mcp:{path.format(port=free_port())}"], tmp_path), itself)


def test_what_is_no_mcp_server_is_an_error(tmp_path: Path) -> None:
    port = free_port()
    script = f"import http.server as h; h.test(h.SimpleHTTPRequestHandler, port={port}, bind='127.0.0.1')"
    server = subprocess.Popen(
        [sys.executable, "-u", "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert server.stdout is not None
        server.stdout.readline()
        with pytest.raises(ToolError, match=r"did not start: .*\(HTTP status 501\)"):
            within(toolbox([f"mcp:http://127.0.0.1:{port}/mcp"], tmp_path, seconds=10), itself)
    finally:
        server.kill()
        server.communicate()
