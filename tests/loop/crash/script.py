"""The run that is killed: a task with effects, long results, compactions, a part that is given away, and an agent that
stops too early.
"""

import json
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from litany.adapters.answers import Bill
from litany.core.completion import Completion
from litany.loop.events import Event
from litany.loop.folder import Folder, Order
from litany.loop.run import Ended, run
from litany.loop.summarizer import Summarizer
from litany.loop.task import task_of
from litany.models.scripted import Scripted

TOOLS = """
from tests.loop.crash.script import effect, passed

def put(text: str) -> str:
    "Puts a text where all can see it."
    passed("before the effect")
    effect("put", text)
    passed("after the effect")
    return f"put {text}"

def look(at: str) -> str:
    "Looks at the sea."
    passed("while looking")
    effect("look", at)
    return f"wave {at}: " + "the tide comes in and the tide goes out again; " * 40

look.idempotent = True
"""
ROUNDS = 6
TODOS = ("put everything", "look at it")
WANTED = [0, 0]
"""How many points were passed, and at which one the process is killed; 0: none."""
HERE = [Path()]


ENDS: list[int] = []
"""The points at which a sub-task had ended, and the run not had its report."""


def passed(_point: str) -> None:
    """A point at which the process may be killed."""
    WANTED[0] += 1
    if WANTED[0] == WANTED[1]:
        os.kill(os.getpid(), signal.SIGKILL)


def effect(tool: str, text: str) -> None:
    """Something outside that is done, and that a second time would be done twice."""
    with (HERE[0] / "effects").open("a") as file:
        file.write(f"{tool} {text}\n")


def calls(*each: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """An assistant's message that makes these calls."""
    made = [
        {"id": f"c{number}", "type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
        for number, (name, given) in enumerate(each)
    ]
    return {"role": "assistant", "content": None, "tool_calls": made}


def lines() -> list[dict[str, Any]]:
    """What the model says."""
    rounds = [
        calls(("put", {"text": f"p{turn}"}), ("look", {"at": f"{turn}"}), ("put", {"text": f"q{turn}"}))
        for turn in range(ROUNDS)
    ]
    giving = [calls(("subtask", {"task": "Put r in its place, and ask."}))]
    adding = calls(("update_todos", {"operations": [{"op": "add", "content": "hear which colour"}]}))
    part = [
        adding,
        calls(("put", {"text": "r"}), ("look", {"at": "r"})),
        {"role": "assistant", "content": "Which colour?"},
    ]
    closing = [
        calls(("update_todos", {"operations": [{"op": "update", "id": id, "status": "completed"}]})) for id in "12"
    ]
    early, end = ({"role": "assistant", "content": text} for text in ("I stop here.", "All is done."))
    return [*rounds[:3], closing[0], early, *giving, *part, *rounds[3:], closing[1], end]


class Model(Scripted):
    """Says the lines, and writes down each view that it was sent."""

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Completion:
        """The next line."""
        passed("while the model is asked")
        with (HERE[0] / "views").open("a") as file:
            file.write(json.dumps([self._said, messages]) + "\n")
        answer = super().__call__(messages, tools)
        passed("before the answer is there")
        return answer


def summary(_messages: Sequence[object], _prompt: str) -> str:
    """A summary."""
    passed("in a compaction")
    return json.dumps({"done": ["all that stood here was done, and it stands in the effects"], "next": ["go on"]})


def told(event: Event) -> None:
    """A sub-task has ended, and nothing else has been written since."""
    if event.kind == "ended" and "/" in event.run:
        ENDS.append(WANTED[0] + 1)
        passed("after the end of a sub-task")


def walk(at: Path) -> Ended:
    """Begins the run in that folder, or goes on with it."""
    HERE[0] = at
    folder = Folder(at / "run")
    if not (folder.path / "task.json").exists():
        (at / "tools.py").write_text(TOOLS)
        (at / "script.jsonl").write_text("\n".join(map(json.dumps, lines())))
        policy = {"window": 2_600, "reserve": 200, "clip_tokens": 400}
        task = {
            "goal": "Put everything in its place.",
            "model": "scripted:script.jsonl",
            "todos": TODOS,
            "subtasks": True,
        }
        beside = {"tools": ["tools.py"], "policy": policy, "constraints": ["Put nothing twice."]}
        folder.write(Order(task_of({**task, **beside}, "script"), at))
    import asyncio

    model = Model(at / "script.jsonl")
    return asyncio.run(run(folder, folder.order, told, models=[model], summarize=Summarizer(summary, Bill)))
