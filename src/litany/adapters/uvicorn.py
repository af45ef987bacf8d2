"""Running an ASGI application on a socket, in this process or in several that are begun anew when they die."""

import importlib
import signal
from collections.abc import Callable
from contextlib import nullcontext
from multiprocessing import connection, get_context
from socket import socket
from time import monotonic
from types import ModuleType
from typing import Any

from litany.errors import PolicyError

GRACE = 2
"""Seconds that answers under way are given when the server ends."""
IDLE = 75
"""Seconds that a connection is kept for the next request."""
SHORT = 2.0
"""Seconds of life after which a worker that ends is not begun anew: it cannot start."""
LOOK = 0.5
"""Seconds between two looks at whether to end."""
Made = Callable[[], object]
STOPS = (signal.SIGINT, signal.SIGTERM)


def serve(made: Made, listener: socket, ready: Callable[[], None]) -> None:
    """Serves what `made` gives, until SIGTERM; `ready` is called once it can be ended.

    Raises: KeyboardInterrupt at Ctrl-C, PolicyError without uvicorn.
    """
    stopped = _serving(made, listener, STOPS, ready)
    if stopped == signal.SIGINT:
        raise KeyboardInterrupt


def serve_in(workers: int, made: Made, listener: socket, ready: Callable[[], None]) -> None:
    """The same in as many processes, which share the socket; `made` must be one that can be pickled."""
    package()
    stops: list[int] = []
    for number in STOPS:
        signal.signal(number, lambda number, _frame: stops.append(number))
    crew = [_begun(made, listener) for _ in range(workers)]
    ready()
    try:
        while not stops:
            connection.wait([process.sentinel for process, _ in crew], timeout=LOOK)
            crew = crew if stops else [_kept(process, since, made, listener) for process, since in crew]
    finally:
        for process, _ in crew:
            process.terminate()
        for process, _ in crew:
            process.join()
    if stops[0] == signal.SIGINT:
        raise KeyboardInterrupt


def package() -> ModuleType:
    """uvicorn, imported when it is first needed."""
    try:
        return importlib.import_module("uvicorn")
    except ModuleNotFoundError as error:
        if error.name != "uvicorn":
            raise
        raise PolicyError("uvicorn is not installed; install litany[proxy]") from None


def _serving(made: Made, listener: socket, ends: tuple[int, ...], ready: Callable[[], None]) -> int:
    """Serves until one of these signals, and says which.

    The handlers are ours, and not the server's own, so that none is missed while it begins.
    """
    server = _server(made())
    stops: list[int] = []

    def stop(number: int, frame: object) -> None:
        stops.append(number)
        server.handle_exit(number, frame)

    for number in ends:
        signal.signal(number, stop)
    server.capture_signals = nullcontext
    ready()
    server.run(sockets=[listener])
    return stops[0] if stops else 0


def _server(app: object) -> Any:
    uvicorn = package()
    config = uvicorn.Config(
        app,
        loop="auto",
        lifespan="on",
        ws="none",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=GRACE,
    )
    return uvicorn.Server(config)


def _begun(made: Made, listener: socket) -> tuple[Any, float]:
    process = get_context("spawn").Process(target=_work, args=(made, listener))
    process.start()
    return process, monotonic()


def _kept(process: Any, since: float, made: Made, listener: socket) -> tuple[Any, float]:
    """The worker, begun anew when it died. Raises: PolicyError when it did so at once."""
    if process.is_alive():
        return process, since
    if monotonic() - since < SHORT:
        raise PolicyError(f"a worker ended with {process.exitcode} as it began; start with --workers 1 to see why")
    return _begun(made, listener)


def _work(made: Made, listener: socket) -> None:
    """What a worker does: at Ctrl-C, which every process of a terminal hears, it waits for the word of its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _serving(made, listener, (signal.SIGTERM,), _silent)


def _silent() -> None:
    pass
