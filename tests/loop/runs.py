"""Runs for tests: a script of answers, tools in a file, and what was told while they ran."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litany.core.completion import Usage
from litany.loop.events import Event, Tell
from litany.loop.folder import Folder, Order, folder_of, new_folder
from litany.loop.journal import Message, held
from litany.loop.run import Ended, run
from litany.loop.task import task_of
from litany.models import Model
from litany.models.agent import Agent
from litany.models.scripted import Scripted

TOOLS = '''
from pathlib import Path

def put(text: str) -> str:
    """Puts a text where all can see it."""
    with (Path(__file__).parent / "effects").open("a") as file:
        file.write(text + "\\n")
    return f"put {text}"

def fail(why: str) -> str:
    """Fails."""
    raise ValueError(why)
'''
END = "All is done."


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a run."""

    folder: Folder
    ended: Ended
    events: list[Event]

    @property
    def messages(self) -> list[Message]:
        """Its record."""
        return record(self.folder)

    @property
    def kinds(self) -> list[str]:
        """What was told."""
        return [event.kind for event in self.events]


class Priced(Scripted):
    """A script whose answers cost a dollar each."""

    def price(self, _usage: Usage, /) -> float:
        """A dollar."""
        return 1.0


class Stopped(BaseException):
    """The process is stopped here, as by a signal."""


def stops(kind: str, part: bool = False) -> Tell:
    """A listener that stops the process when this is told of the run, or of a sub-task of it."""

    def tell(event: Event) -> None:
        if event.kind == kind and ("/" in event.run) == part:
            raise Stopped

    return tell


def calls(*each: tuple[str, Mapping[str, Any] | str], id: str = "c") -> dict[str, Any]:
    """An assistant's message that makes these calls; arguments that are a text stand as they are."""
    made = [
        {"id": f"{id}{number}", "type": "function", "function": {"name": name, "arguments": _written(given)}}
        for number, (name, given) in enumerate(each)
    ]
    return {"role": "assistant", "content": None, "tool_calls": made}


def says(text: str) -> dict[str, Any]:
    """An assistant's message."""
    return {"role": "assistant", "content": text}


def closes(id: str) -> dict[str, Any]:
    """An assistant's message that closes a todo."""
    return calls(("update_todos", {"operations": [{"op": "update", "id": id, "status": "completed"}]}))


def ordered(at: Path, lines: Sequence[Mapping[str, Any]], **task: Any) -> Order:
    """A task on a script that stands in that folder."""
    (at / "tools.py").write_text(TOOLS)
    (at / "script.jsonl").write_text("\n".join(map(json.dumps, lines)))
    whole = {"goal": "Put a thing.", "model": "scripted:script.jsonl", "tools": ["tools.py"], **task}
    return Order(task_of(whole, "the test"), at)


def ran(at: Path, lines: Sequence[Mapping[str, Any]], agent: bool = False, **task: Any) -> Ran:
    """A run of it, from the beginning to its end. `agent`: a function says the lines, whatever they are."""
    order = ordered(at, [says(END)] if agent else lines, **task)
    said = iter(lines)
    models = [Agent(lambda messages, tools: next(said))] if agent else None
    folder = new_folder(at / "store", order.task.goal)
    folder.write(order)
    return _walked(folder, order, None, models)


def resumed(before: Ran, said: str | None = None, order: Order | None = None) -> Ran:
    """The same run, gone on with."""
    folder = folder_of(before.folder.path.parent, before.folder.name)
    return _walked(folder, order or folder.order, said)


def record(folder: Folder) -> list[Message]:
    """The record of a run, as it lies on the disk."""
    return list(held(folder.journal).messages)


def effects(at: Path) -> list[str]:
    """What `put` has put."""
    path = at / "effects"
    return path.read_text().split() if path.exists() else []


def _walked(folder: Folder, order: Order, said: str | None, models: Sequence[Model] | None = None) -> Ran:
    events: list[Event] = []
    return Ran(folder, asyncio.run(run(folder, order, events.append, said=said, models=models)), events)


def _written(given: Mapping[str, Any] | str) -> str:
    return given if isinstance(given, str) else json.dumps(given)
