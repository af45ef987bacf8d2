"""Desk: a world at work in a folder: its tools write files there, and what stands in them is what counts."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from litany.evals.answer import Called
from litany.evals.case import Message
from litany.evals.errand.kinds import Kind
from litany.evals.errand.noise import Noise
from litany.evals.score import said

WAITING = "waiting\n"
"""What a thing's file holds before anything is done to it."""
TRIES = 2
"""How often the agent is heard on one order before the next one comes."""
SHOWN = 20
"""Todos that are kept, the newest."""
AGAIN = "That is not done yet. "


class Desk:
    """The tools of one errand, and the orders that come one after another."""

    def __init__(self, kind: Kind, orders: Sequence[str], strays: Sequence[str], noise: Noise, folder: Path) -> None:
        """Writes a file for each thing that there is."""
        self._kind, self._orders, self._noise, self._folder = kind, orders, noise, folder
        self._tools = {job.verb: job for job in (kind.job, kind.stray)}
        self._turn = self._tried = self._calls = 0
        for place in (*map(kind.job.path, (*orders, *strays)), *map(kind.stray.path, strays)):
            (folder / place).parent.mkdir(exist_ok=True)
            (folder / place).write_text(WAITING, encoding="utf-8")

    @property
    def over(self) -> bool:
        """Whether no order is left."""
        return self._turn >= len(self._orders)

    def hear(self, calls: Sequence[tuple[str, Called]]) -> list[Message]:
        """What follows on the agent's message: the results of its calls, by their ids, and the next order."""
        heard = [{"role": "tool", "tool_call_id": id, "content": self._served(call)} for id, call in calls]
        self._tried += 1
        if self._tried == TRIES or self._touched(self._orders[self._turn]):
            self._turn, self._tried = self._turn + 1, 0
        if self.over:
            return heard
        order = self._kind.job.order(self._orders[self._turn])
        return [*heard, {"role": "user", "content": f"{AGAIN if self._tried else ''}{order}"}]

    def state(self) -> tuple[str, ...]:
        """What was done to which thing, read from the files."""
        lines: list[str] = []
        for path in self._folder.glob("*/*.txt"):
            place = path.relative_to(self._folder).as_posix()
            lines += [f"{place}: {line}" for line in path.read_text(encoding="utf-8").splitlines()[1:]]
        return tuple(sorted(lines))

    def todos(self) -> tuple[tuple[str, str], ...]:
        """What was ordered until now, in the words of the orders, marked done where the files say so."""
        told = self._orders[: self._turn + 1][-SHOWN:]
        marks = {True: "completed", False: "pending"}
        return tuple((self._kind.job.order(name), marks[self._touched(name)]) for name in told)

    def _touched(self, name: str) -> bool:
        return self._read(self._kind.job.path(name)) != WAITING

    def _read(self, place: str) -> str:
        return (self._folder / place).read_text(encoding="utf-8")

    def _served(self, call: Called) -> str:
        """What the tool says; its effect stands in the folder."""
        self._calls += 1
        wrong = self._wrong(call)
        if wrong:
            return f"error: {wrong}"
        job = self._tools[call.name]
        name = _given(call, job.thing)
        with (self._folder / job.path(name)).open("a", encoding="utf-8") as file:
            file.write(f"{job.effect(_given(call, job.option))}\n")
        return f"{job.thing} {name}: done. {self._noise.at(self._calls)}"

    def _wrong(self, call: Called) -> str:
        """Why the call cannot be carried out; empty where it can."""
        job = self._tools.get(call.name)
        if job is None:
            return f"there is no tool {call.name}"
        wanted = [key for key in (job.thing, job.option) if key]
        if not all(_given(call, key) for key in wanted):
            return f"nothing was done; give {' and '.join(wanted)}"
        name = _given(call, job.thing)
        if not name.isalnum() or not (self._folder / job.path(name)).is_file():
            return f"there is no {job.thing} {name}"
        return "" if self._read(job.path(name)) == WAITING else f"the {job.thing} {name} is done already"


def _given(call: Called, key: str) -> str:
    """An argument as a text of one line; empty where there is none."""
    arguments = call.arguments if isinstance(call.arguments, Mapping) else {}
    return " ".join(said(arguments[key]).split()) if key in arguments else ""
