"""The shell, for runs whose user allowed it: one command, its output as it comes, its processes ended with it.

They are ended also when the process of the run is killed: a resumed run finds no command of the earlier one at work.
"""

import codecs
import os
import selectors
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from litany.errors import ToolError
from litany.loop.tools.environment import shown
from litany.loop.tools.flood import Flood
from litany.loop.tools.lifeline import end, how, lifeline, tied
from litany.loop.tools.threads import Work
from litany.loop.tools.tool import Asked, Ran, Told, Tool

GRACE = 5.0
"""Seconds beyond the command's limit after which the call itself is given up."""
TICK = 0.05
"""Seconds between two looks whether a command has ended whose output something else still holds."""
DESCRIPTION = (
    "Run a command with /bin/sh in the work folder. What it writes to standard output and error comes back; it has no "
    "input. It is ended after {seconds} seconds, and what it leaves running in the background is ended with it."
)
WITHHELD = " Variables of the environment that look like secrets are withheld from it{but}."


def shell_tool(
    folder: Path, seconds: float, longest: int, environment: Mapping[str, str] | None, passed: Sequence[str] = ()
) -> Tool:
    """The tool. `seconds`: a command may take at most.

    environment -- what it sees, but for what looks like a secret and is not `passed`; None: what this process sees.
    """
    if os.name != "posix":
        raise ToolError("`shell` needs a POSIX system (Linux, macOS)")
    parameters = {
        "type": "object",
        "properties": {
            "command": {"type": "string"},
            "seconds": {"type": "number", "description": f"a smaller limit than {seconds:g}"},
        },
        "required": ["command"],
        "additionalProperties": False,
    }

    seen, told = environment, DESCRIPTION.replace("{seconds}", f"{seconds:g}")
    if environment is not None:
        seen = shown(environment, passed)
        told += WITHHELD.replace("{but}", f", but for {', '.join(passed)}" if passed else "")

    async def run(given: Mapping[str, object], _asked: Asked) -> str:
        command, limit = _read(given, seconds)
        running = _Command(command, folder, seen, limit, longest, threading.Event())
        ran = await Work(running.done, "litany-shell", running.stop.set).done()
        if ran.failed:
            raise Told(ran.text)
        return ran.text

    return Tool("shell", told, parameters, run, seconds=seconds + GRACE)


def _read(given: Mapping[str, object], seconds: float) -> tuple[str, float]:
    """The command and its limit. Raises: Told."""
    if strange := sorted(set(given) - {"command", "seconds"}):
        raise Told(f"`{strange[0]}` is no argument of shell; it takes command, seconds")
    command, limit = given.get("command"), given.get("seconds", seconds)
    if not isinstance(command, str) or not command.strip() or "\0" in command:
        raise Told("`command` is a line for /bin/sh; give it as a string")
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit > 0:
        raise Told("`seconds` is a number above 0")
    return command, min(float(limit), seconds)


@dataclass(frozen=True, slots=True)
class _Command:
    command: str
    folder: Path
    environment: Mapping[str, str] | None
    seconds: float
    longest: int
    stop: threading.Event
    """Set when nobody waits any more."""

    def done(self) -> Ran:
        """Runs it to its end, or to its limit."""
        with lifeline() as given:
            try:
                process = subprocess.Popen(
                    tied("/bin/sh", "-c", self.command),
                    cwd=self.folder,
                    env=None if self.environment is None else dict(self.environment),
                    stdin=given,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except (OSError, ValueError) as error:
                return Ran(f"the command could not be started: {error}", failed=True)
            return self._ran(process)

    def _ran(self, process: "subprocess.Popen[bytes]") -> Ran:
        output, until = Flood(self.longest), time.monotonic() + self.seconds
        with process:
            try:
                self._read(process, output, until)
                late = time.monotonic() >= until or self.stop.is_set()
            finally:
                end(process.pid)
                process.wait()
        return self._told(process.returncode, output.text(), late)

    def _read(self, process: "subprocess.Popen[bytes]", output: Flood, until: float) -> None:
        """Takes the output until it ends, the command ends, the time is over, or nobody waits any more."""
        assert process.stdout is not None
        number, decoder = process.stdout.fileno(), codecs.getincrementaldecoder("utf-8")("replace")
        with selectors.DefaultSelector() as waiting:
            waiting.register(number, selectors.EVENT_READ)
            while not self.stop.is_set() and (left := until - time.monotonic()) > 0:
                if waiting.select(min(TICK, left)):
                    piece = os.read(number, 65_536)
                    output.write(decoder.decode(piece, final=not piece))
                    if not piece:
                        break
                elif _ended(process):
                    break
            while not self.stop.is_set() and time.monotonic() < until and not _ended(process):
                self.stop.wait(TICK / 5)  # it closed its output and goes on

    def _told(self, status: int, output: str, late: bool) -> Ran:
        if late:
            return Ran(
                f"{output}\n[ended after {self.seconds:g} s, with all that it started]".lstrip("\n"), failed=True
            )
        if status:
            return Ran(f"{output}\n[{how(status)}]".lstrip("\n"), failed=True)
        return Ran(output or "[no output]")


def _ended(process: "subprocess.Popen[bytes]") -> bool:
    """Whether the command has ended; it is not reaped, so that its number stands for no other process yet."""
    if not hasattr(os, "waitid"):  # macOS before Python 3.13
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
