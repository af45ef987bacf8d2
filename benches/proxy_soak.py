"""Ten thousand requests through one proxy, and its memory on the way: `python -m benches.proxy_soak`. Linux only.

Exit status 1: it is not flat.
"""

import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benches.history import exchanges
from benches.promises import Figure, told
from benches.served import Client, proxy, upstream

REQUESTS, CALLS = 10_000, 4
"""Each conversation has so many calls, so that a proxy without a file has forgotten the oldest long before the end."""
MARKS = (5_000, 7_500, REQUESTS)
"""After so many requests its memory is read: by then all that it may hold is held."""
PROMISED = 1.05


def figures(name: str, port: int, options: tuple[str, ...]) -> Iterator[Figure]:
    """Memory after each mark, and how much it grew from the first mark to the last."""
    sizes: dict[int, float] = {}
    begun = perf_counter()
    with proxy(port, "--window", "8k", "--set", 'recite=["turns", 2]', *options) as (own, pid):
        client = Client(own)
        for number, body in enumerate(bodies(REQUESTS), 1):
            client.posted(body)
            if number in MARKS:
                sizes[number] = resident(pid)
                yield f"memory after {number:,} requests, {name}, MB", sizes[number], None
    yield f"requests a second, {name}", REQUESTS / (perf_counter() - begun), None
    for first, last in pairwise(MARKS):
        yield f"memory at {last:,} / at {first:,} requests, {name}", sizes[last] / sizes[first], PROMISED


def bodies(length: int) -> Iterator[bytes]:
    """Requests of conversations of which none is like another, each with all messages so far."""
    new = exchanges("openai")
    for number in range(0, length, CALLS):
        messages = [{"role": "user", "content": f"Find out why the pump of house {number} stops at night."}]
        for _ in range(CALLS):
            yield json.dumps({"model": "any", "messages": messages}).encode()
            messages += next(new)


def resident(pid: int) -> float:
    """Megabytes that a process holds in memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1e3


def main() -> int:
    """Prints every figure and says which promise it breaks."""
    with TemporaryDirectory() as made, upstream() as port:
        ways = {"in memory": (), "in a file": ("--store", str(Path(made) / "soak.litany"))}
        broken = told((figure for way in ways for figure in figures(way, port, ways[way])), 66)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
