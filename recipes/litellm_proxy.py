"""LiteLLM's proxy, with litany in it: no agent behind it changes. This file is what its configuration names:

    litellm_settings:
      callbacks: recipes.litellm_proxy.hook

A conversation is told by the header x-litany-conversation or LiteLLM's session id, else by the messages it begins with;
its goal by the header x-litany-goal, else by its first request. Here the proxy's part is played by litellm's own names
for its calls: 40 requests of one agent, each with all that was said so far, in a window of 4,000 tokens.
"""

import asyncio
import json
from typing import Any

from litany import Policy
from litany.adapters.litellm_proxy import LitanyHook

lines: list[dict[str, Any]] = []
hook = LitanyHook(policy=Policy(window=4_000), trace=lines.append)  # many workers: store=SqliteStore("agents.litany")


def step(number: int) -> list[dict[str, Any]]:
    """A look at the sea, and what was seen."""
    call = {"id": f"c{number}", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    seen = f"wave {number}: " + "the tide comes in and the tide goes out again; " * 20
    return [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": call["id"], "content": seen},
    ]


async def sailed(turns: int = 40) -> list[list[dict[str, Any]]]:
    """What went on to the provider, call by call."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Watch the sea until it is still."}]
    sent = []
    for turn in range(turns):
        data = {"model": "any", "messages": list(messages), "litellm_call_id": f"call-{turn}"}
        handed = await hook.async_pre_call_hook(None, None, data, "acompletion")
        await hook.async_post_call_success_hook(handed, None, {"usage": {"completion_tokens": 9}})
        sent.append(handed["messages"])
        messages += step(turn)
    return sent


if __name__ == "__main__":
    sent = asyncio.run(sailed())
    goal = sum("Watch the sea until it is still." in json.dumps(each) for each in sent)
    print(f"{len(lines)} calls, at most {max(line['tokens'] for line in lines)} tokens of {lines[0]['budget']}")
    print(f"{sum('</litany>' in json.dumps(each[-1]) for each in sent)} recitations read last; the goal in {goal}")
