"""A project's own test that its agent still does what it was told: pytest recipes/eval_in_ci.py

litany brings the fixture `litany_eval` and its marker to every pytest that it is installed beside. The agent here is
the pocket reader that ships with litany, so this runs without a key; put a function of your own in its place, or name
a model: model="openai/gpt-5-mini". A bound holds when the lower end of its 95 % interval reaches it. A test that fails
shows a table of what was right, with intervals.
"""

from typing import Any

import pytest

from litany.evals.plugin import LitanyEval
from litany.pocket.reader import pocket

Message = dict[str, Any]


def agent(messages: list[Message], tools: list[Message]) -> object:
    """Messages and tools in OpenAI's words; back comes the assistant's next message, here a call of the next todo."""
    return pocket()(messages, tools).message


@pytest.mark.litany_eval(model=agent, lengths="1.5k", depths=[0, 0.5], n=20)
def test_it_does_the_next_todo_when_litany_recites(litany_eval: LitanyEval) -> None:
    found = litany_eval("todo", arms=["bare", "recite"])

    assert found.at_least("recite", 0.5)
    assert found.gate("recite - bare >= 0.05")
