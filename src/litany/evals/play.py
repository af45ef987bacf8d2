"""Play: a case's history put to a Litany as a loop would have, call by call.

A call is played with all messages up to an assistant's message, and at last with all of them. Goal, constraints and
todos become known where the history first says them, so that no recitation tells what was not yet said; what no message
says is known from the start, and litany adds it to the head. Todos that a todo tool of the history writes are read
from there; others are entered through litany's own update_todos.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from litany import Litany
from litany.core.policy import Policy
from litany.core.todos import HOST_TOOLS
from litany.errors import EvalError
from litany.evals.case import Agenda, Case, Message

SINK = 10
"""Calls between a sunk recitation and the answer: as many turns as the default cadence lets pass."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Calls under one policy. The next stage goes on from its State, as after a restart with other settings."""

    policy: Policy
    places: tuple[int, ...]
    """How many messages each call has."""


Stages = tuple[Stage, ...]


def last(policy: Policy, messages: Sequence[Message], _agenda: Agenda) -> Stages:
    """Only the call that is answered."""
    return (Stage(policy, (len(messages),)),)


def looped(policy: Policy, messages: Sequence[Message], _agenda: Agenda) -> Stages:
    """Every call."""
    return (Stage(policy, places(messages)),)


def kept_last(policy: Policy, messages: Sequence[Message], _agenda: Agenda) -> Stages:
    """Every call, and the last one recites whatever the cadence."""
    *before, end = places(messages)
    return (Stage(policy, tuple(before)), Stage(replace(policy, recite="every"), (end,)))


def sunk(policy: Policy, messages: Sequence[Message], agenda: Agenda) -> Stages:
    """One recitation SINK calls before the answer (or as soon as all of it was said), then none."""
    every = places(messages)
    known = max(said(agenda, messages).values(), default=0)
    early = next(place for place in every if place > known)
    place = max(early, every[max(0, len(every) - 1 - SINK)])
    silent = Stage(replace(policy, recite="off"), (len(messages),))
    return (Stage(policy, (place,)), *(() if place == len(messages) else (silent,)))


def places(messages: Sequence[Message]) -> tuple[int, ...]:
    """How many messages each call of the loop has."""
    roles = [message.get("role") for message in messages]
    asked = (n for n in range(1, len(roles)) if roles[n] == "assistant" and roles[n - 1] in ("user", "tool"))
    return (*asked, len(messages))


def played(case: Case, agenda: Agenda, stages: Stages, *, changes: bool, summarizes: bool) -> list[Message]:
    """The last view. `changes`: a call on which the agenda is told or changes recites it. `summarizes`: else nothing
    is compacted."""
    messages = list(case.messages)
    told = _Told(agenda, messages)
    state: dict[str, Any] | None = None
    view: list[Message] = messages
    for stage in (stage for stage in stages if stage.places):
        keeps = stage.policy.keep_recitations is True
        goal, constraints = told.by(stage.places[0])
        litany = Litany(
            "" if goal is None and state is None else goal,
            constraints,
            stage.policy,
            state=state,
            dialect="openai",
            mark=_mark(case),
            summarize=None if summarizes else _declined,
        )
        for place in stage.places:
            view = _called(litany, messages[:place], case.tools, told, changes, keeps)
        state = litany.state
    return view


def _called(
    litany: Litany, record: list[Message], tools: Sequence[Message], told: "_Told", changes: bool, keeps: bool
) -> list[Message]:
    """One call's view. At the end the agenda holds the case's todos and no others, whatever the history wrote; but not
    where recitations stay, for that would take a second one."""
    before = _contents(litany)
    goal, constraints = told.by(len(record))
    if (goal, constraints) != before[:2]:
        litany.revise(goal, constraints or None)
    if not told.hosted and told.todos_at < len(record):
        entered(litany, told.agenda.todos, len(record))
    if changes:
        told.again(litany)
    view = litany(record, tools=tools)
    ends = told.hosted and not keeps and len(record) == told.length
    if ends and entered(litany, told.agenda.todos, len(record)):
        litany.revise()
        return litany(record, tools=tools)
    return litany(record, tools=tools) if changes and told.again(litany) else view


class _Told:
    """What of an agenda is known when, and what of it was recited because it changed."""

    def __init__(self, agenda: Agenda, messages: Sequence[Message]) -> None:
        self.agenda, self.length = agenda, len(messages)
        self._said = said(agenda, messages)
        self.hosted = any(name in HOST_TOOLS for message in messages for name in _names(message))
        self.todos_at = max((self._said[text] for text, _ in agenda.todos), default=-1)
        self.recited: object = (None, (), ())

    def by(self, place: int) -> tuple[str | None, tuple[str, ...]]:
        """Goal and constraints that are known with so many messages."""
        agenda = self.agenda
        goal = agenda.goal if agenda.goal is not None and self._said[agenda.goal] < place else None
        return goal, tuple(text for text in agenda.constraints if self._said[text] < place)

    def again(self, litany: Litany) -> bool:
        """Whether the agenda was not yet recited as it stands; the next call recites it."""
        contents = _contents(litany)
        if contents == self.recited:
            return False
        self.recited = contents
        litany.revise()
        return True


def said(agenda: Agenda, messages: Sequence[Message]) -> Mapping[str, int]:
    """The index of the message that first says each text; -1 where none does."""
    texts = [*([] if agenda.goal is None else [agenda.goal]), *agenda.constraints, *(text for text, _ in agenda.todos)]
    places = dict.fromkeys(texts, -1)
    missing = set(texts)
    for index, message in enumerate(messages):
        if not missing:
            break
        whole = "\n".join(_texts(message))
        found = {text for text in missing if text in whole}
        places.update(dict.fromkeys(found, index))
        missing -= found
    return places


def entered(litany: Litany, todos: Sequence[tuple[str, str]], number: int) -> bool:
    """Whether the agenda's todos were others than these; now they are these. Raises: EvalError for impossible ones."""
    have = litany.agenda.todos
    if tuple((todo.content, str(todo.status)) for todo in have) == tuple(todos):
        return False
    operations = [{"op": "remove", "id": todo.id} for todo in have]
    operations += [{"op": "add", "content": content, "status": status} for content, status in todos]
    arguments = json.dumps({"operations": operations})
    function = {"name": "update_todos", "arguments": arguments}
    answer = litany.answer({"id": f"todos_{number}", "type": "function", "function": function})
    if answer.startswith("error:"):
        raise EvalError(f"the case's todos cannot be entered: {answer.removeprefix('error: ')}")
    return True


def _contents(litany: Litany) -> tuple[object, tuple[str, ...], tuple[tuple[str, str], ...]]:
    agenda = litany.agenda
    goal = None if agenda.goal is None else agenda.goal.text
    todos = tuple((todo.content, str(todo.status)) for todo in agenda.todos)
    return goal, tuple(item.text for item in agenda.constraints), todos


def _texts(message: Message) -> Iterator[str]:
    content = message.get("content")
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        yield from (part["text"] for part in content if isinstance(part.get("text"), str))


def _names(message: Message) -> Iterator[str]:
    for call in message.get("tool_calls") or ():
        yield str(call.get("function", {}).get("name"))


def _mark(case: Case) -> str:
    """The same for a case in all arms, at all depths: a mark that was drawn anew would be another request each time."""
    return sha256(case.question.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _declined(_messages: Sequence[object], _prompt: str) -> str:
    return ""
