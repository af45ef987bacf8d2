"""From the specs of a task to a toolbox: `file.py`, `mod:fn`, `mcp:COMMAND`, `mcp:URL`, `files`, `shell`."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from litany.errors import ToolError
from litany.loop.tools import files
from litany.loop.tools.addresses import PREFIXED, address
from litany.loop.tools.box import Toolbox, claim
from litany.loop.tools.functions import tool
from litany.loop.tools.loading import functions
from litany.loop.tools.servers import Server
from litany.loop.tools.shell import shell_tool
from litany.loop.tools.threads import Beside
from litany.loop.tools.tool import NAME, Tool
from litany.middleware.tools import NAMES as LITANYS

LONGEST = 1_000_000
"""Characters of an answer that are kept, about 250,000 tokens."""
FORMS = "a tool is file.py, file.py:function, module:function, mcp:COMMAND, mcp:http://..., files or shell"


def toolbox(
    specs: Sequence[str],
    folder: Path,
    *,
    shell: bool = False,
    seconds: float = 60,
    longest: int = LONGEST,
    near: Path | None = None,
    environment: Mapping[str, str] | None = None,
    passed: Sequence[str] = (),
    taken: Iterable[str] = (),
    hidden: Path | None = None,
) -> Toolbox:
    """The tools that the specs name, in their order. MCP servers start when the toolbox is entered.

    folder      -- the work folder, to which `files` is confined and in which `shell` starts.
    shell       -- whether the agent may run commands; without it the spec `shell` is an error.
    seconds     -- a call may take, unless its tool has a limit of its own; also: a server, to start.
    longest     -- characters of one answer; what is longer keeps its beginning and its end.
    near        -- where file.py, modules and the commands of MCP servers are looked for; None: the current folder.
    environment -- what $NAME in an `mcp:` spec stands for, and what `shell` sees but for what looks like a secret;
                   None: $NAME is an error, and `shell` sees what this process sees.
    passed      -- names that `shell` sees nevertheless.
    taken       -- further names that are not free.
    hidden      -- a folder that `files` does not see: where the runs are kept.

    Raises: ToolError for a spec that is none, a file or function that is not there or fails on import, a function that
    no model can be shown, a name that two tools bear.
    """
    reading = _Reading(folder, near or Path.cwd(), seconds, longest, environment, passed, {}, hidden)
    for name in (*LITANYS, *taken):
        reading.whose.setdefault(name, "litany itself")
    _refuse_twice(specs)
    sources = [reading.source(spec, shell) for spec in specs]
    if shell and "shell" not in specs:
        sources.append(reading.source("shell", shell))
    return Toolbox(sources, reading.whose, reading.beside, seconds=seconds, longest=longest)


class _Reading:
    """What reading a spec needs, and whose the names are so far."""

    def __init__(
        self,
        folder: Path,
        near: Path,
        seconds: float,
        longest: int,
        environment: Mapping[str, str] | None,
        passed: Sequence[str],
        whose: dict[str, str],
        hidden: Path | None,
    ) -> None:
        self.folder, self.near, self.seconds, self.longest = folder, near, seconds, longest
        self.environment, self.passed, self.whose = environment, passed, whose
        self.beside, self.hidden = Beside(), hidden

    def source(self, spec: str, shell: bool) -> tuple[Tool, ...] | Server:
        if prefixed := PREFIXED.match(spec):
            where = address(spec, spec[prefixed.end() :], self.near, self.environment)
            return Server(spec, where, f"{prefixed[1]}_" if prefixed[1] else "", self.seconds)
        tools = self._tools(spec, shell)
        for found in tools:
            if not NAME.fullmatch(found.name):
                raise ToolError(f"{spec}: {found.name!r} is no name for a tool; 1 to 64 of a-z, A-Z, 0-9, _ and -")
            claim(self.whose, found.name, spec)
        return tools

    def _tools(self, spec: str, shell: bool) -> tuple[Tool, ...]:
        if spec == "files":
            return files.tools(self.folder, self.longest, self.hidden)
        if spec == "shell":
            if not shell:
                raise ToolError("the tool `shell` runs any command; allow it with --allow-shell or leave it out")
            return (shell_tool(self.folder, self.seconds, self.longest, self.environment, self.passed),)
        if spec.endswith(".py") or ":" in spec:
            found = functions(spec, self.near)
            return tuple(tool(one, name, f"{spec}: {name}", self.beside, self.longest) for name, one in found)
        raise ToolError(f"{spec!r} is no tool; {FORMS}")


def _refuse_twice(specs: Sequence[str]) -> None:
    if twice := next((spec for spec in specs if list(specs).count(spec) > 1), None):
        raise ToolError(f"{twice} is given twice; give it once")
