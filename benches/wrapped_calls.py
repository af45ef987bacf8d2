"""A wrapped call of OpenAI's client beside a bare one, in one run: `python -m benches.wrapped_calls`.

Exit status 1: a wrapped call is not the faster one, or does not send the same bytes.
"""

import sys
from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import Any

import httpx
from openai import DefaultHttpxClient, OpenAI

import litany
from benches.history import exchanges, history
from benches.promises import Figure, told
from benches.talks import ROOMY

LENGTHS = (100, 1_000, 3_000)
ANSWER = {
    "id": "x",
    "object": "chat.completion",
    "created": 1,
    "model": "any",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "ok"}}],
}


class Wire:
    """What a client sends, answered in no time."""

    def __init__(self) -> None:
        self.sent = b""
        self.client = OpenAI(
            api_key="key", http_client=DefaultHttpxClient(transport=httpx.MockTransport(self._answered), verify=False)
        )

    def _answered(self, request: httpx.Request) -> httpx.Response:
        self.sent = request.read()
        return httpx.Response(200, json=ANSWER)


def figures(length: int, repeats: int) -> Iterator[Figure]:
    """Calls that each bring two new messages, bare and wrapped in turn; nothing is due to be cut or recited."""
    wire = Wire()
    wrapped = litany.wrap(wire.client, policy=quiet(), key="bench")
    messages, new = history("openai", length), exchanges("openai")
    seconds: dict[str, list[float]] = {"bare": [], "wrapped": []}
    differing = 0
    for _ in range(repeats + 1):
        messages.extend(next(new))
        sent = {}
        for name, client in (("bare", wire.client), ("wrapped", wrapped)):
            seconds[name].append(timed(client, messages))
            sent[name] = wire.sent
        differing += sent["bare"] != sent["wrapped"]
    bare, ours = (median(seconds[name][1:]) for name in ("bare", "wrapped"))
    yield f"bare call at {length:,} messages, ms", bare * 1e3, None
    yield f"wrapped call at {length:,} messages, ms", ours * 1e3, None
    yield f"wrapped / bare at {length:,} messages", ours / bare, 0.5
    yield "requests whose bytes differ", float(differing), 0.0


def quiet() -> litany.Policy:
    """A window in which nothing is cut, and no recitation: so that both clients send the same."""
    return litany.Policy(window=ROOMY.window, clip_tokens=1_000_000, recite="off")


def timed(client: Any, messages: list[Any]) -> float:
    """Seconds of one call."""
    begun = perf_counter()
    client.chat.completions.create(model="any", messages=messages)
    return perf_counter() - begun


def main() -> int:
    """Prints every figure and says which promise it breaks."""
    return 1 if told((figure for length in LENGTHS for figure in figures(length, 9)), 58) else 0


if __name__ == "__main__":
    sys.exit(main())
