"""An evaluation of Inspect AI whose agent keeps its goal in sight. Before and after differ by one argument:

    solver = react(tools=[look()])
    solver = react(tools=[look()], model=LitanyModel(goal=..., constraints=[...]).generate)

This one looks at the sea 40 times in a window of 4,000 tokens. Every view fits the window and holds the goal; where a
recitation is due it is read last, also on the calls that compact; the log holds the sample's 83 messages as they were,
and no recitation. OpenAI's own client asks a provider that is a script here: no key, no network.
"""

import json
from tempfile import TemporaryDirectory
from typing import Any

from inspect_ai import Task
from inspect_ai import eval as evaluated
from inspect_ai.agent import react
from inspect_ai.dataset import Sample
from inspect_ai.model import get_model
from inspect_ai.tool import Tool, tool

from litany import Policy
from litany.adapters.inspect import LitanyModel
from litany.testing import Provider


@tool
def look() -> Tool:
    async def execute(at: int) -> str:
        """Looks at the sea.

        Args:
            at: Which wave.
        """
        return f"wave {at}: " + "the tide comes in and the tide goes out again; " * 20

    return execute


def sailed(litany: LitanyModel, turns: int = 40) -> list[Any]:
    """The messages that the log holds of the sample."""
    calls = [{"name": "look", "arguments": json.dumps({"at": at})} for at in range(turns)]
    made = [[{"id": f"c{at}", "type": "function", "function": call}] for at, call in enumerate(calls)]
    replies = [{"role": "assistant", "content": None, "tool_calls": call} for call in made]
    with Provider([*replies, "It is still."]) as provider, TemporaryDirectory() as logs:
        model = get_model("openai/gpt-4o-mini", base_url=f"{provider.url}/v1", api_key="none", responses_api=False)
        solver = react(prompt="You watch.", tools=[look()], model=litany.generate, submit=False)
        log = evaluated(Task(dataset=[Sample(input="Go.")], solver=solver), model=model, log_dir=logs, display="none")[
            0
        ]
        return list(log.samples[0].messages) if log.samples else []


if __name__ == "__main__":
    lines: list[dict[str, Any]] = []
    messages = sailed(LitanyModel("Watch until it is still.", policy=Policy(window=4_000), trace=lines.append))
    print(f"{len(lines)} calls, at most {max(line['tokens'] for line in lines)} tokens of {lines[0]['budget']}")
    print(f"{sum(line['due'] for line in lines)} recitations read last, also on the calls that compacted")
    print(f"{len(messages)} messages in the log, {sum('<litany' in message.text for message in messages)} recitations")
