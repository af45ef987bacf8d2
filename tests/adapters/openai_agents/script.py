"""Scripts for models of these tests: what they answer in turn, and what they were asked."""

from collections.abc import Sequence
from typing import Any

from agents import Usage
from agents.testing import ModelCall, ModelStep, ScriptedModel, assistant_message, function_call

from litany import Policy
from tests.adapters.watched import GOAL, MARK, RULES

SMALL = Policy(window=4_000)
EVERY = Policy(recite=("turns", 1))
ADD = [{"op": "add", "content": "mend the net"}, {"op": "add", "content": "count the boats"}]
TOO_LONG = "This model's maximum context length is 4000 tokens. However, your messages resulted in 4100 tokens."
USED = Usage(requests=1)


class Refused(Exception):
    """An error as OpenAI's client raises it."""

    status_code = 400


def says(text: str) -> ModelStep:
    return ModelStep(output=[assistant_message(text, item_id=f"m{hash(text)}")], usage=USED)


def calling(name: str, id: str, **arguments: Any) -> ModelStep:
    return ModelStep(output=[function_call(name, arguments, call_id=id, item_id=f"i{id}")], usage=USED)


def looks(number: int, first: int = 0) -> list[ModelStep]:
    """So many calls of `look`."""
    return [calling("look", f"c{first + turn}", at=turn) for turn in range(number)]


def scripted(*steps: Any) -> ScriptedModel:
    """A model that takes these steps in turn."""
    return ScriptedModel([ModelStep.raise_error(step) if isinstance(step, Exception) else step for step in steps])


def said(items: Any) -> str:
    """What stands in the items of the user's side."""
    return "\n".join(str(item.get("content", item.get("output"))) for item in items if item.get("role") != "assistant")


def last(items: Any) -> str:
    return str(items[-1].get("content", items[-1].get("output")))


def held(lines: Sequence[dict[str, Any]], calls: Sequence[ModelCall]) -> None:
    """What holds of every call: goal and constraints stand in it, and a due recitation ends it."""
    assert len(lines) == len(calls)
    for line, call in zip(lines, calls, strict=True):
        assert all(text in said(call.input) for text in (GOAL, *RULES))
        assert last(call.input).startswith(MARK) == line["due"]
        assert line["due"] or not line["compacted"]


STILL = says("It is still.")
