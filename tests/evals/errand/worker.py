"""A model for errands: it does what the last order says, by the rule that it can still read, else by another one."""

import json
import re
from collections.abc import Sequence
from typing import Any

from litany.core.completion import Completion, Usage
from litany.evals.errand.kinds import KINDS, WORDINGS, Job
from litany.evals.errand.world import World

ORDER = re.compile(r"Now (\w+) the (\w+) (\w+)\.$")


class Worker:
    """Knows every rule's wording, and nothing that is not sent to it. A token is a word."""

    name, answer = "worker", 0
    longest: int | None = 8

    def __init__(self, window: int = 100_000, dollars: float = 0.0, fails: Sequence[int] = ()) -> None:
        """`fails`: which of its calls, from 0 on, raise an error."""
        self.window, self._dollars, self._fails = window, dollars, tuple(fails)
        self.asked = 0

    def count(self, messages: Sequence[Any], tools: Sequence[object] = (), /) -> int:
        return sum(len(str(message.get("content")).split()) + 1 for message in messages)

    def price(self, _usage: Usage, /) -> float | None:
        return self._dollars

    def __call__(self, messages: Sequence[Any], tools: Sequence[object] = (), /) -> Completion:
        self.asked += 1
        if self.asked - 1 in self._fails:
            raise ValueError("the model is out of order")
        said = "\n".join(str(message["content"]) for message in messages)
        verb, thing, name = next(
            found.groups() for message in reversed(messages) if (found := ORDER.search(str(message["content"])))
        )
        job = next(kind.job for kind in KINDS.values() if (kind.job.verb, kind.job.thing) == (verb, thing))
        message = calling(verb, {thing: name, job.option: chosen(job, said)}, f"call_{name}")
        return Completion(message, Usage(self.count(messages), 8), "tool_calls")


def chosen(job: Job, said: str) -> str:
    """What the rule chooses, where one of its wordings stands in the text; else nothing that anybody named."""
    values = (value for value in job.choices for wording in WORDINGS if job.rule(wording, value) in said)
    return next(values, "whatever")


def calling(name: str, arguments: dict[str, str], id: str = "c1") -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"role": "assistant", "content": None, "tool_calls": [{"id": id, "type": "function", "function": function}]}


def right(world: World, place: int = 0) -> tuple[str, dict[str, str]]:
    """The call that carries out an order."""
    job = world.kind.job
    return job.verb, {job.thing: world.orders[place], job.option: world.value}
