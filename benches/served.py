"""A proxy for the benches, before an upstream that answers in no time: each a process of its own on this machine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from time import perf_counter
from typing import Any

PATH = "/v1/chat/completions"
KEY = "the-proxys-own"
ANSWER = json.dumps(
    {
        "id": "x",
        "object": "chat.completion",
        "created": 1,
        "model": "any",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "ok"}}],
    }
).encode()
HEAD = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(ANSWER)}\r\n\r\n".encode()


class Client:
    """One connection, kept."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port)

    def posted(self, body: bytes, **headers: str) -> float:
        """Seconds of a call."""
        own = {"content-type": "application/json", "authorization": f"Bearer {KEY}", **headers}
        begun = perf_counter()
        self._connection.request("POST", PATH, body, own)
        answer = self._connection.getresponse()
        read = answer.read()
        seconds = perf_counter() - begun
        if answer.status != 200:
            raise SystemExit(f"the proxy answered {answer.status}: {read.decode(errors='replace')[:500]}")
        return seconds


@contextmanager
def upstream() -> Iterator[int]:
    """Its port."""
    with subprocess.Popen([sys.executable, "-m", "benches.served"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@contextmanager
def proxy(port: int, *options: str) -> Iterator[tuple[int, int]]:
    """Its port, and its process id. `port`: the upstream's."""
    words = ["serve", "--openai-base", f"http://127.0.0.1:{port}/v1", "--port", "0", "--json", "--key", KEY, *options]
    line = [sys.executable, "-m", "litany.cli", *words]
    environment: dict[str, Any] = {**os.environ, "OPENAI_API_KEY": "any", "PYTHONUNBUFFERED": "1"}
    with (
        open(os.devnull, "wb") as nowhere,
        subprocess.Popen(line, stdout=subprocess.PIPE, stderr=nowhere, env=environment) as process,
    ):
        assert process.stdout is not None
        try:
            url = json.loads(process.stdout.readline())["url"]
            with subprocess.Popen(["cat"], stdin=process.stdout, stdout=nowhere) as reader:  # what it tells is not kept
                yield int(url.rpartition(":")[2]), process.pid
                process.terminate()
                process.wait()
                reader.wait()
        finally:
            process.kill()


def spent(pid: int) -> float:
    """Seconds of processor time that a process has taken so far. Linux only."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class _Answers(StreamRequestHandler):
    """Reads a request to its end and answers, again and again."""

    def handle(self) -> None:
        while self.rfile.readline():
            size = 0
            while (line := self.rfile.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                size = int(value) if name.lower() == b"content-length" else size
            self.rfile.read(size)
            self.wfile.write(HEAD + ANSWER)


class _Server(ThreadingTCPServer):
    daemon_threads = True
    disable_nagle_algorithm = True


if __name__ == "__main__":
    with _Server(("127.0.0.1", 0), _Answers) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()
