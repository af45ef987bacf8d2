"""Lifeline: ties a command to this process. It ends, with all that it started, when this process does, however that is.

with lifeline() as end:
    running = subprocess.Popen(tied("/bin/sh", "-c", command), stdin=end, start_new_session=True)
"""

import contextlib
import os
import signal
from collections.abc import Iterator

START = (
    # what waits for the end of the pipe ends all: also when this process is killed
    'exec 3<&0 </dev/null; (read -r _ <&3; kill -9 0) >/dev/null 2>&1 & exec 3<&-; exec "$@"'
)
"""Standard input is a pipe that nobody writes to: it ends when this process does."""


@contextlib.contextmanager
def lifeline() -> Iterator[int]:
    """The standard input of a command that is `tied`, which ends at the latest with this context."""
    end, held = os.pipe()
    try:
        yield end
    finally:
        os.close(held)
        os.close(end)


def tied(*command: str) -> list[str]:
    """The command as it is started: on a `lifeline`, in a session of its own."""
    return ["/bin/sh", "-c", START, "sh", *command]


def end(pid: int) -> None:
    """Ends all that was started in the session of this process."""
    with contextlib.suppress(
        ProcessLookupError, PermissionError
    ):  # macOS refuses when only the command, ended, is left
        os.killpg(pid, signal.SIGKILL)


def how(status: int) -> str:
    """How a process ended, in words."""
    return f"exit status {status}" if status >= 0 else f"ended by signal {_name(-status)}"


def _name(number: int) -> str:
    known = [known.name for known in signal.Signals if known == number]
    return known[0] if known else str(number)  # the real-time ones have none
