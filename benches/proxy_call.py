"""A call through the proxy beside the same call to its upstream, in one run: `python -m benches.proxy_call`. Linux.

Exit status 1: the proxy takes longer than it promises.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benches.history import exchanges, history
from benches.promises import Figure, told
from benches.served import Client, proxy, spent, upstream
from benches.talks import size

LENGTHS = (100, 500, 2_000)
"""500 messages are 100,000 tokens."""
PROMISED = {500: 5.0}
"""Milliseconds beyond the upstream's own time."""
REPEATS = 101


def figures(name: str, length: int, port: int, options: tuple[str, ...]) -> Iterator[Figure]:
    """Calls that each bring two new messages, straight and through the proxy in turn; nothing is due to be cut."""
    messages, new = history("openai", length), exchanges("openai")
    straight: list[float] = []
    through: list[float] = []
    took = 0.0
    with proxy(port, "--window", "4000k", "--set", "clip_tokens=8000", *options) as (own, pid):
        upstreams, proxys = Client(port), Client(own)
        for repeat in range(REPEATS + 3):
            took = took if repeat > 3 else spent(pid)
            messages.extend(next(new))
            body = json.dumps({"model": "any", "messages": messages}).encode()
            straight.append(upstreams.posted(body))
            through.append(proxys.posted(body))
        took = spent(pid) - took
    beyond = [(ours - bare) * 1e3 for ours, bare in zip(through[3:], straight[3:], strict=True)]
    at = f"at {length:,} messages ({size('openai', length):,} tokens), {name}"
    yield f"call to the upstream {at}, ms", median(straight[3:]) * 1e3, None
    yield f"call through the proxy {at}, ms", median(through[3:]) * 1e3, None
    yield f"the proxy's processor time a call {at}, ms", took / REPEATS * 1e3, None
    yield f"the proxy's own {at}, ms", median(beyond), PROMISED.get(length)


def main() -> int:
    """Prints every figure and says which promise it breaks."""
    with TemporaryDirectory() as made, upstream() as port:
        ways = {"in memory": (), "in a file": ("--store", str(Path(made) / "bench.litany"))}
        runs = ((name, length) for length in LENGTHS for name in ways)
        broken = told((figure for way, length in runs for figure in figures(way, length, port, ways[way])), 88)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
