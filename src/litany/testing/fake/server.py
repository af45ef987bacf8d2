"""The fake's HTTP side: reads requests, sends answers whole or as events, and breaks off where the script says so."""

import socket
import struct
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from litany.testing.fake.pieces import Answer
from litany.testing.fake.script import Fault, Received

Answered = Callable[[Received], tuple[Answer, Fault]]
RESET = struct.pack("ii", 1, 0)
"""Linger for no time: closing sends a reset."""


class Server(ThreadingHTTPServer):
    """Serves from threads of its own until it is closed."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answered: Answered) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.answered = answered
        self.closing = Event()
        self.failures: list[BaseException] = []
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        self._thread = Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def connections(self) -> int:
        """How many are open."""
        with self._lock:
            return len(self._open)

    def close(self) -> None:
        """Stops listening and hangs up on every client."""
        self.closing.set()
        self.shutdown()
        self._thread.join()
        self.server_close()
        with self._lock:
            for connection in self._open:
                _hang_up(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._lock:
            self._open.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no failure; what the script raised is."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.failures.append(error)


class _Exchange(BaseHTTPRequestHandler):
    """One connection and its requests."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:  # the name that http.server calls
        self._exchanged(b"")

    def do_POST(self) -> None:  # the name that http.server calls
        self._exchanged(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what was received stands in `Provider.requests`."""

    def _exchanged(self, raw: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        url = urlsplit(self.path)
        asked = Received(0, self.command, url.path, headers, raw, None, query=url.query)
        answer, fault = self.server.answered(asked)
        if fault.silence and self.server.closing.wait(fault.silence):
            self.close_connection = True
            return
        if answer.events:
            self._streamed(answer, fault)
        else:
            self._sent(answer, fault)

    def _sent(self, answer: Answer, fault: Fault) -> None:
        self._begun(answer, "application/json", ("Content-Length", str(len(answer.body))))
        half = len(answer.body) // 2
        if fault.reset_after is not None and answer.status == 200:
            self.wfile.write(answer.body[:half])
            self._reset()
            return
        for part in (answer.body[:half], answer.body[half:]) if fault.pause else (answer.body,):
            self.wfile.write(part)
            self.server.closing.wait(fault.pause)

    def _streamed(self, answer: Answer, fault: Fault) -> None:
        self._begun(answer, answer.kind, ("Transfer-Encoding", "chunked"))
        for number, event in enumerate(answer.events):
            if number == fault.reset_after:
                self._reset()
                return
            self.wfile.write(b"%x\r\n%b\r\n" % (len(event), event))
            self.server.closing.wait(fault.pause)
        if fault.reset_after is not None:
            self._reset()
            return
        self.wfile.write(b"0\r\n\r\n")

    def _begun(self, answer: Answer, kind: str, length: tuple[str, str]) -> None:
        self.send_response(answer.status)
        for name, value in (("Content-Type", kind), length, *answer.headers):
            self.send_header(name, value)
        self.end_headers()

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.rfile.close()
        self.connection.close()


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the client was first
