"""The client that an agent has, wrapped. Before and after differ by one line:

    client = OpenAI()
    client = litany.wrap(OpenAI(), goal=..., constraints=[...])

This agent is a loop of its own around OpenAI's client. It looks at the sea 40 times in a window of 4,000 tokens. Every
request fits the window and holds the goal; where a recitation is due it is read last, also on the calls that compact;
the agent's list keeps all its messages, and no recitation. Anthropic's client and LiteLLM's functions: the same line.
"""

import json
from typing import Any

import openai

import litany
from litany import Policy
from litany.testing import Provider, Received

GOAL = "Watch the sea until it is still."
LOOK = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}


def sea(received: Received) -> dict[str, Any]:
    """Stands in for a model with a key: says at each of 40 calls that it will look, then that all is still."""
    if received.number == 40:
        return {"role": "assistant", "content": "It is still."}
    call = {"id": f"c{received.number}", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def sailed(client: Any) -> list[dict[str, Any]]:
    """The agent: asks, looks, and asks again, until no call comes back. Its own messages after the run."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Go."}]
    while True:
        answer = client.chat.completions.create(model="any", messages=messages, tools=[LOOK]).choices[0].message
        messages.append(answer.model_dump(exclude_none=True))
        if not answer.tool_calls:
            return messages
        seen = f"wave {len(messages)}: " + "the tide comes in and the tide goes out again; " * 20
        messages += [{"role": "tool", "tool_call_id": call.id, "content": seen} for call in answer.tool_calls]


if __name__ == "__main__":
    lines: list[dict[str, Any]] = []
    with Provider(sea) as provider, openai.OpenAI(base_url=f"{provider.url}/v1", api_key="none") as client:
        wrapped = litany.wrap(client, GOAL, ["Never shout."], Policy(window=4_000), trace=lines.append)
        messages = sailed(wrapped)
        last = [json.dumps(request.body["messages"][-1]) for request in provider.requests]
    kept = sum("<litany" in json.dumps(message) for message in messages)
    print(f"{len(lines)} calls, at most {max(line['tokens'] for line in lines)} tokens of {lines[0]['budget']}")
    print(f"{sum('</litany>' in text for text in last)} recitations read last, also on the calls that compacted")
    print(f"{len(messages)} messages in the agent's list, {kept} recitations")
