"""An agent that cannot be changed, through the proxy. Before and after differ by two variables of its environment:

    OPENAI_API_KEY=sk-... litany serve --window 128k --store agents.litany     # it prints its address and its own key
    OPENAI_BASE_URL=http://127.0.0.1:4141/v1 OPENAI_API_KEY=litany-... the-agent

The agent is the one of `wrapped_client.py`, its client as OpenAI made it. The proxy is the real one, a process of its
own. A conversation is told by the messages that it begins with; without --goal its goal is its first request.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import openai

from litany.testing import Provider
from recipes.wrapped_client import sailed, sea

COMMAND = [sys.executable, "-m", "litany.cli", "serve", "--port", "0", "--key", "mine", "--window", "4k", "--json"]


@contextmanager
def served(upstream: str, *options: str) -> Iterator[str]:
    """The proxy before a provider, until the block ends; its address."""
    command = [*COMMAND, "--openai-base", f"{upstream}/v1", *options]
    environment = {**os.environ, "OPENAI_API_KEY": "the provider's, which only the proxy needs to know"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            url = str(json.loads(process.stdout.readline())["url"])
            process.stdout.close()  # of each request it would tell a line, too
            yield url
        finally:
            process.terminate()


if __name__ == "__main__":
    with Provider(sea) as provider, served(provider.url, "--goal", "Watch the sea until it is still.") as url:
        with openai.OpenAI(base_url=f"{url}/v1", api_key="mine") as client:
            messages = sailed(client)
        sent = [request.body["messages"] for request in provider.requests]
    most = max(len(json.dumps(each)) for each in sent)
    kept = sum("<litany" in json.dumps(message) for message in messages)
    print(f"{len(sent)} calls, at most {most} letters of {len(json.dumps(messages))}")
    print(f"{sum('</litany>' in json.dumps(each[-1]) for each in sent)} recitations read last")
    print(f"{len(messages)} messages in the agent's list, {kept} recitations")
