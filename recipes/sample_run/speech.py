"""How the run is told: a Story that grows by messages, and the calls that the agent makes."""

import json
import random
from collections.abc import Sequence
from typing import Any

from recipes.sample_run import outputs
from recipes.sample_run.code import THINGS, source

Message = dict[str, Any]
Call = tuple[str, dict[str, Any], str]
"""A tool's name, its arguments and what it answers."""


class Story:
    """The messages so far. `say` adds an assistant message and the results of its calls."""

    def __init__(self, seed: int, system: str) -> None:
        self.seed, self.dice = seed, random.Random(f"{seed}:story")
        self.messages: list[Message] = [{"role": "system", "content": system}]

    def user(self, text: str) -> None:
        self.messages.append({"role": "user", "content": text})

    def say(self, text: str, *calls: Call) -> None:
        if not calls:
            self.messages.append({"role": "assistant", "content": text})
            return
        ids = [f"call_{self.dice.randrange(16**12):012x}" for _ in calls]
        asked = [
            {"id": call_id, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
            for call_id, (name, arguments, _) in zip(ids, calls, strict=True)
        ]
        self.messages.append({"role": "assistant", "content": text or None, "tool_calls": asked})
        for call_id, (_, _, result) in zip(ids, calls, strict=True):
            self.messages.append({"role": "tool", "tool_call_id": call_id, "content": result})

    def read(self, path: str, text: str | None = None) -> Call:
        return "read_file", {"path": path}, source(path, self.seed) if text is None else text

    def green(self, path: str, times: int = 1) -> Call:
        return "run_tests", {"path": path}, outputs.green(path, times, self.dice)

    def red(self, path: str, failures: tuple[tuple[str, int, int], ...]) -> Call:
        return "run_tests", {"path": path}, outputs.red(failures, self.dice.randint(60, 240), self.dice)


def search(word: str, seed: int, things: tuple[str, ...] = tuple(THINGS)) -> Call:
    return "search", {"pattern": word}, outputs.search(word, seed, things)


def edit(path: str, old: str, new: str, answer: str = "edited") -> Call:
    lines = new.count("\n") + 1
    return "edit_file", {"path": path, "old": old, "new": new}, f"{answer} {path}: {lines} line(s) changed"


def todos(names: Sequence[str], done: int) -> Call:
    """The whole list, the first `done` of them done and the next in progress."""
    states = ("completed",) * done + ("in_progress",) + ("pending",) * len(names)
    listed = [{"content": todo, "status": state} for todo, state in zip(names, states, strict=False)]
    return "write_todos", {"todos": listed}, f"{len(names)} todos, {done} completed"
