"""How histories are written: a page of text in one user message, or the trajectory of an agent."""

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from litany.evals.case import Message
from litany.evals.haystack import Unit, prose
from litany.evals.tasks.draft import Deed, Piece, Placed
from litany.evals.trajectory import SHELL, steps


@dataclass(frozen=True, slots=True)
class Page:
    """A text, with words before it and the question behind it."""

    lead: str

    def units(self, seed: str, length: int) -> Iterator[Unit]:
        return prose(seed)

    def written(self, units: Sequence[Unit], placed: Sequence[Placed], ask: str) -> tuple[Message, ...]:
        text = " ".join(_text(part) for part in woven(units, placed))
        return ({"role": "user", "content": f"{self.lead}\n\n{text}\n\n{ask}"},)


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The calls of an agent at work, and what the user said in between."""

    system: str
    opening: str
    """The user's first message, before all else."""
    last: tuple[str, tuple[tuple[str, str], ...]] | None = None
    """The last call, by its tool and arguments: what it gives is the end. None: the user asks."""

    def units(self, seed: str, length: int) -> Iterator[Unit]:
        return steps(seed, length)

    def written(self, units: Sequence[Unit], placed: Sequence[Placed], ask: str) -> tuple[Message, ...]:
        scribe = _Scribe([{"role": "system", "content": self.system}, {"role": "user", "content": self.opening}])
        for part in woven(units, placed):
            scribe.write(part)
        if self.last is None:
            return (*scribe.messages(), {"role": "user", "content": ask})
        scribe.write(Deed(*self.last, ask))
        return tuple(scribe.messages())


def woven(units: Sequence[Unit], placed: Sequence[Placed]) -> Iterator[Unit | Piece]:
    """Units and pieces in their order; a piece parts no assistant's turn. Places go by characters."""
    sizes = list(accumulate((len(unit.text) for unit in units), initial=0))
    turns = [place for place, unit in enumerate(units) if unit.said is not None]
    breaks: Sequence[int] = turns or range(len(units))
    offsets = [sizes[place] for place in breaks]
    taken = 0
    for each in placed:
        at = bisect_left(offsets, each.at * sizes[-1])
        until = breaks[at] if at < len(breaks) else len(units)
        yield from units[taken:until]
        yield each.piece
        taken = max(taken, until)
    yield from units[taken:]


def call(id: str, name: str, arguments: str) -> Message:
    """A call in an assistant's message."""
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def tool(name: str, what: str, *keys: str) -> Message:
    """A tool whose arguments are all strings, and all required."""
    properties = {key: {"type": "string"} for key in keys}
    schema = {"type": "object", "properties": properties, "required": list(keys)}
    return {"type": "function", "function": {"name": name, "description": what, "parameters": schema}}


BASH = tool(SHELL, "Run a command in the shell.", "command")


def _text(part: Unit | Piece) -> str:
    return part.text if isinstance(part, Unit) else str(part)


class _Scribe:
    """Writes down a trajectory part by part."""

    def __init__(self, messages: list[Message]) -> None:
        self._messages = messages
        self._results: list[tuple[str, list[str]]] = []
        self._calls = 0
        self._deeds = 0

    def write(self, part: Unit | Piece) -> None:
        if isinstance(part, Unit):
            self._line(part)
            return
        self._settle()
        if isinstance(part, Deed):
            self._deeds += 1
            made = call(f"call_d{self._deeds:03}", part.call, json.dumps(dict(part.arguments)))
            self._messages.append({"role": "assistant", "content": None, "tool_calls": [made]})
            self._messages.append({"role": "tool", "tool_call_id": made["id"], "content": part.result})
        else:
            self._messages.append({"role": "user", "content": part})

    def messages(self) -> list[Message]:
        self._settle()
        return self._messages

    def _line(self, unit: Unit) -> None:
        if unit.said is not None:
            self._settle()
            self._messages.append({"role": "assistant", "content": unit.said or None, "tool_calls": []})
        if unit.command is None:
            self._results[-1][1].append(unit.text)
            return
        self._calls += 1
        made = call(f"call_{self._calls:05}", SHELL, json.dumps({"command": unit.command}))
        self._messages[-1]["tool_calls"].append(made)
        self._results.append((made["id"], [unit.text]))

    def _settle(self) -> None:
        """The results of the open turn, now that all their lines are known."""
        for id, lines in self._results:
            self._messages.append({"role": "tool", "tool_call_id": id, "content": "\n".join(lines)})
        self._results = []
