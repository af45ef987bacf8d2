"""Grows a record turn by turn and asks litany at each step, as an agent's loop does; keeps views and trace lines."""

import asyncio
import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from litany import AsyncLitany, Litany, Policy
from litany.archive import MemoryStore
from litany.dialects import DIALECTS
from litany.errors import WindowTooSmall
from litany.middleware.reading import counted
from litany.testing import sign, validate
from litany.tokens import counter
from tests.laws.natives import role, speaks, texts
from tests.laws.strategies import Case, Turn
from tests.laws.writing import MARK, Message

COUNT = counter()
TOOLS: dict[str, list[Message]] = {
    "openai": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}],
    "anthropic": [{"name": "look", "input_schema": {"type": "object"}}],
    "gemini": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object"}}]}],
    "responses": [{"type": "function", "name": "look", "parameters": {"type": "object"}, "strict": False}],
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One call: the record as it stood, the view, the trace's line, the State after it."""

    record: list[Message]
    view: list[Message]
    line: dict[str, Any]
    state: dict[str, Any]
    before: str = ""
    """The record's bytes before the call."""


@dataclass(slots=True)
class Walk:
    """A conversation that was walked."""

    case: Case
    policy: Policy
    litany: Litany | AsyncLitany
    store: MemoryStore
    sent: list[Sent] = field(default_factory=list)
    refused: WindowTooSmall | None = None
    refused_at: list[Message] = field(default_factory=list)


def walked(
    case: Case,
    policy: dict[str, Any],
    summarize: Callable[[Sequence[object], str], object] | None = None,
    goal: str | None = None,
    constraints: Sequence[str] = (),
    between: Callable[[int, Litany, list[Message]], Litany | None] | None = None,
) -> Walk:
    """The whole case. `between` is called before each call and may act on the conversation, or give another."""
    lines: list[dict[str, Any]] = []
    walk = _begun(Litany, case, policy, summarize, goal, constraints, lines)
    litany = walk.litany
    assert isinstance(litany, Litany)
    steps = _steps(case)
    record = next(steps)
    while True:
        before = dumped(record)
        litany = (between(len(walk.sent), litany, record) if between else None) or litany
        try:
            view = litany(record, system=case.system, tools=TOOLS[case.dialect])
        except WindowTooSmall as error:
            walk.refused, walk.refused_at = error, record
            return walk
        walk.sent.append(Sent(record, view, lines[-1], litany.state, before))
        try:
            record = steps.send(view)
        except StopIteration:
            return walk


def walked_async(
    case: Case,
    policy: dict[str, Any],
    summarize: Callable[[Sequence[object], str], object] | None = None,
    goal: str | None = None,
    constraints: Sequence[str] = (),
) -> Walk:
    """The same with AsyncLitany."""
    return asyncio.run(_walked_async(case, policy, summarize, goal, constraints))


async def _walked_async(
    case: Case, policy: dict[str, Any], summarize: Any, goal: str | None, constraints: Sequence[str]
) -> Walk:
    lines: list[dict[str, Any]] = []
    walk = _begun(AsyncLitany, case, policy, summarize, goal, constraints, lines)
    assert isinstance(walk.litany, AsyncLitany)
    steps = _steps(case)
    record = next(steps)
    while True:
        before = dumped(record)
        try:
            view = await walk.litany(record, system=case.system, tools=TOOLS[case.dialect])
        except WindowTooSmall as error:
            walk.refused, walk.refused_at = error, record
            return walk
        walk.sent.append(Sent(record, view, lines[-1], walk.litany.state, before))
        try:
            record = steps.send(view)
        except StopIteration:
            return walk


def _begun(
    face: type[Litany] | type[AsyncLitany],
    case: Case,
    policy: dict[str, Any],
    summarize: Any,
    goal: str | None,
    constraints: Sequence[str],
    lines: list[dict[str, Any]],
) -> Walk:
    store, rules = MemoryStore(), Policy(**policy)
    litany = face(
        goal=goal,
        constraints=constraints,
        policy=rules,
        store=store,
        key="walk",
        summarize=summarize,
        trace=lines.append,
        dialect=case.dialect,
        mark=MARK,
    )
    return Walk(case, rules, litany, store)


def _steps(case: Case) -> Generator[list[Message], list[Message], None]:
    """The record at each call; what is sent back is the view, which a thinking model's reply is bound to."""
    record: list[Message] = []
    view: list[Message] = []
    for turn in case.turns:
        record = [*record, *_said(turn, case, view)]
        view = yield record


def _said(turn: Turn, case: Case, view: list[Message]) -> list[Message]:
    reply = [signed(message, case.system, view) if case.thinking else message for message in turn.reply]
    return [*reply, *turn.after]


def signed(reply: Message, system: str | None, view: Sequence[Message]) -> Message:
    """The reply as the provider gives it: its thinking bound to the request that was sent."""
    blocks, place = [], 0
    for block in reply["content"]:
        blocks.append({**block, **_seal(block, system, view, place)})
        place += block["type"] in ("thinking", "redacted_thinking")
    return {**reply, "content": blocks}


def _seal(block: Message, system: str | None, view: Sequence[Message], place: int) -> Message:
    if block["type"] == "thinking":
        return {"signature": sign(system, view, thinking=block["thinking"], place=place)}
    return {"data": sign(system, view, thinking="", place=place)} if block["type"] == "redacted_thinking" else {}


def scripted(answers: Sequence[object]) -> Callable[[Sequence[object], str], object]:
    """A summarizer that gives these answers in turn, for ever, and raises those that are exceptions."""
    turns = cycle(answers)

    def summarize(messages: Sequence[object], prompt: str) -> object:
        answer = next(turns)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return summarize


def dumped(messages: object) -> str:
    """Their bytes."""
    return json.dumps(messages)


def violations(case: Case, view: Sequence[Message], carrier: str = "auto") -> list[Any]:
    """What the strict provider says to this view."""
    request: dict[str, Any] = {"messages": view, "tools": TOOLS[case.dialect]}
    if case.dialect == "openai":
        return validate("openai", request)
    if case.dialect == "gemini":
        return validate("gemini", {"contents": view, "tools": request["tools"]}, flags=["thought-signatures"])
    if case.dialect == "responses":
        return validate("responses", {"input": view, "tools": request["tools"]}, reasoned=case.reasoned)
    request |= {"system": case.system} if case.system else {}
    request |= {"max_tokens": 4_096, "thinking": {"type": "enabled", "budget_tokens": 1_024}} if case.thinking else {}
    flags = (["bound-thinking"] if case.thinking else []) + (["mid-conversation-system"] if carrier == "system" else [])
    return validate("anthropic", request, flags=flags)


def recount(case: Case, view: Sequence[Message]) -> int:
    """Tokens of the request, counted anew."""
    dialect = DIALECTS[case.dialect]
    beside = counted(case.system, COUNT) + counted(TOOLS[case.dialect], COUNT)
    return beside + sum(dialect.read(message, COUNT, False).tokens for message in view)


def last_text(view: Sequence[Message]) -> str:
    """What the model reads last."""
    return texts(view[-1])[-1]


def latest_user(case: Case, record: Sequence[Message]) -> int:
    """Index of the latest message in which the user speaks."""
    found, spoken = -1, False
    for index, message in enumerate(record):
        if speaks(message, spoken and case.observations == "user"):
            found = index
        spoken = spoken or role(message) == "assistant"
    return found
