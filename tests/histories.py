"""Short histories for tests, written as an agent's host writes them."""

import json
from collections.abc import Sequence
from typing import Any

from litany import Litany
from litany.core.message import Message
from litany.core.policy import Policy
from litany.core.record import Record
from litany.core.setting import Setting
from litany.dialects import DIALECTS
from litany.tokens import counter

Native = dict[str, Any]

MARK = "5e55104a"
GOAL = "Find out why the pump of house 7 stops at night, and write the cause into report.md."
SMALL = Policy(window=8_000, reserve=1_000)
"""A budget of 7,000 tokens: results are clipped at 875, compaction starts at 5,600."""
COUNT = counter()


def user(text: str) -> Native:
    return {"role": "user", "content": text}


def says(text: str) -> Native:
    return {"role": "assistant", "content": text}


def calls(*ids: str, name: str = "look", **arguments: object) -> Native:
    """An OpenAI assistant message with a call for each id."""
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": id, "type": "function", "function": function} for id in ids],
    }


def result(id: str, text: str) -> Native:
    """An OpenAI tool message."""
    return {"role": "tool", "tool_call_id": id, "content": text}


def uses(id: str, *before: Native, name: str = "look", **arguments: object) -> Native:
    """An Anthropic assistant message: the blocks given, then a call."""
    return {
        "role": "assistant",
        "content": [*before, {"type": "tool_use", "id": id, "name": name, "input": arguments}],
    }


def returns(id: str, text: str, *behind: Native) -> Native:
    """An Anthropic user message with a result, and the blocks given behind it."""
    return {"role": "user", "content": [{"type": "tool_result", "tool_use_id": id, "content": text}, *behind]}


def thinks(text: str) -> Native:
    return {"type": "thinking", "thinking": text, "signature": "c2lnbmVk"}


def rows(number: int, title: str = "row") -> str:
    """A text of about ten tokens a row."""
    return "\n".join(f"{title} {place}: pressure {place * 37 % 100} bar, valve open" for place in range(number))


def spoken(dialect: str, text: str, role: str = "user") -> Native:
    """What the user or the assistant says, as that dialect writes it."""
    if dialect == "gemini":
        return {"role": "model" if role == "assistant" else role, "parts": [{"text": text}]}
    return {"role": role, "content": text}


def asks(dialect: str, id: str, name: str = "look", **arguments: object) -> Native:
    """A call, as that dialect writes it."""
    if dialect == "gemini":
        return {"role": "model", "parts": [{"functionCall": {"id": id, "name": name, "args": arguments}}]}
    if dialect == "responses":
        return {"type": "function_call", "call_id": id, "name": name, "arguments": json.dumps(arguments)}
    return uses(id, name=name, **arguments) if dialect == "anthropic" else calls(id, name=name, **arguments)


def gives(dialect: str, id: str, *texts: str, name: str = "look") -> Native:
    """A result of one text or of several, as that dialect writes it."""
    if dialect == "gemini":
        response = {"result": texts[0] if len(texts) == 1 else list(texts)}
        return {"role": "user", "parts": [{"functionResponse": {"id": id, "name": name, "response": response}}]}
    kind = "input_text" if dialect == "responses" else "text"
    content = texts[0] if len(texts) == 1 else [{"type": kind, "text": text} for text in texts]
    if dialect == "responses":
        return {"type": "function_call_output", "call_id": id, "output": content}
    if dialect == "anthropic":
        return {"role": "user", "content": [{"type": "tool_result", "tool_use_id": id, "content": content}]}
    return {"role": "tool", "tool_call_id": id, "content": content}


def steps(number: int, length: int = 20, first: int = 1, dialect: str = "openai") -> list[Native]:
    """A call and its result, `number` times; each result has `length` rows."""
    made: list[Native] = []
    for place in range(first, first + number):
        id, text = f"call-{place}", rows(length, f"step {place} row")
        made += [asks(dialect, id, page=place), gives(dialect, id, text)]
    return made


def request(dialect: str, view: Sequence[Native]) -> dict[str, Any]:
    """The request that sends a view."""
    return {{"responses": "input", "gemini": "contents"}.get(dialect, "messages"): view}


def read(*natives: Native, dialect: str = "openai") -> list[Message]:
    """The messages as the core sees them."""
    return [DIALECTS[dialect].read(native, COUNT, False) for native in natives]


def record(*natives: Native, dialect: str = "openai") -> Record:
    return Record().grown(read(*natives, dialect=dialect), natives)


def setting(policy: Policy = SMALL, dialect: str = "openai") -> Setting:
    return Setting(policy, DIALECTS[dialect], COUNT)


def prose(view: list[Any]) -> str:
    """All that a view says, as one text."""
    return json.dumps(view, ensure_ascii=False)


def replies(message: Native) -> bool:
    """Whether the model made it."""
    kind = message.get("type", "message")
    return message.get("role") in ("assistant", "model") or (kind != "message" and not kind.endswith("_output"))


def walked(litany: Litany, messages: list[Native], **beside: Any) -> list[Native]:
    """Calls litany as an agent does, before each assistant message and at the end; the last view."""
    view: list[Native] = []
    for end in range(1, len(messages) + 1):
        if end == len(messages) or replies(messages[end]):
            view = litany(messages[:end], **beside)
    return view
