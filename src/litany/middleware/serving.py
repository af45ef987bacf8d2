"""Serving litany's own tools: what update_todos, note and recall answer."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

from litany.archive import Recalled
from litany.core.agenda import noted, operated
from litany.core.message import Call
from litany.core.state import State
from litany.errors import AgendaError, RecallError
from litany.middleware import tools
from litany.middleware.shelf import Shelf, told_now

Recall = Callable[[str], Sequence[Recalled]]


def served(shelf: Shelf, native: object, recall: Recall, part: int, redact: Callable[[str], str]) -> str:
    """The answer to a call of one of litany's tools; a call repeated within a turn gives the same answer.

    What the call changes and the answer that remembers it are saved in one step.
    `part`: characters of one part of a recall. All that is wrong with the call is told in the answer.
    Raises: AgendaError when the call is another tool's.
    """
    call = tools.read_call(native)
    key = sha256(f"{call.id}|{call.name}|{call.arguments}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    call = replace(call, arguments=redact(call.arguments))

    def change(state: State) -> State:
        if key in dict(state.answered):
            return state
        after, answer = _answered(state, call, recall, part)
        return replace(after, answered=(*after.answered, (key, answer)))

    return dict(shelf.change(change).answered)[key]


def _answered(state: State, call: Call, recall: Recall, part: int) -> tuple[State, str]:
    try:
        arguments = tools.arguments(call)
        if call.name == tools.RECALL:
            return state, _told(str(arguments.get("query", "")), arguments.get("part", 1), recall, part)
        if call.name == tools.NOTE:
            return replace(state, agenda=noted(state.agenda, arguments.get("content"), state.length)), "noted"
        agenda = operated(state.agenda, tools.operations(arguments), state.length)
        return told_now(replace(state, agenda=agenda)), tools.listed(agenda)
    except (AgendaError, RecallError) as error:
        return state, f"error: {error}"


def _told(query: str, part: object, recall: Recall, size: int) -> str:
    if not str(part).isdecimal() or int(str(part)) < 1:
        raise RecallError(f"`part` is {part!r}; it is a whole number from 1")
    number = int(str(part))
    text = "\n".join(json.dumps(item.message, ensure_ascii=False) for item in recall(query))
    parts = max(1, -(-len(text) // size))
    if number > parts:
        raise RecallError(f"`part` is {number}; there {'is 1 part' if parts == 1 else f'are {parts} parts'}")
    shown = text[(number - 1) * size : number * size]
    if number == parts:
        return shown
    return f'{shown}\n[part {number} of {parts}; recall("{query}", part={number + 1}) gives the next]'
