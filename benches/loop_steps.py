"""What a step of `litany run` takes beside the model and the tools, and what a run leaves on the disk.

    python -m benches.loop_steps          # 1,000 steps, each with a tool's result of 2 kB, in a window of 32,000 tokens

Model and tools answer at once, so that the time of a step is litany's, the journal's and the checkpoint's.
"""

import asyncio
import json
import resource
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from litany.core.completion import Completion, Usage
from litany.loop.folder import Folder, Order
from litany.loop.run import run
from litany.loop.task import task_of

STEPS = 1_000
NEAR = 25
"""Steps around one over which the median is taken."""
TOOLS = '''
import random
DICE = random.Random(0)
WORDS = [f"{DICE.getrandbits(40):x}" for n in range(5_000)]

def read(page: str) -> str:
    """Reads a page."""
    return " ".join(random.Random(int(page)).choices(WORDS, k=200))[:2_000]
'''


class Reader:
    """A model that reads one page after the other, and notes when it was asked."""

    name, window, answer, longest = "reader", 32_000, 0, None

    def __init__(self, steps: int) -> None:
        self.steps, self.wall, self.cpu, self.memory = steps, list[float](), list[float](), list[int]()

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        """It does not count."""
        return 0

    def price(self, usage: Usage, /) -> float | None:
        """Nothing."""
        return 0.0

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Completion:
        """The next call, or the end."""
        self.wall.append(perf_counter())
        self.cpu.append(process_time())
        self.memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        page = len(self.wall) - 1
        if page == self.steps:
            return Completion({"role": "assistant", "content": "All is read."}, Usage(0, 0), "stop")
        function = {"name": "read", "arguments": json.dumps({"page": str(page)})}
        call = {"id": f"c{page}", "type": "function", "function": function}
        return Completion({"role": "assistant", "content": None, "tool_calls": [call]}, Usage(0, 0), "tool_calls")


def walked(folder: Path, steps: int) -> Reader:
    """A run of so many steps."""
    (folder / "tools.py").write_text(TOOLS)
    task = {"goal": "Read all.", "model": "an agent", "tools": ["tools.py"]}
    order = Order(task_of(task, "bench"), folder)
    at = Folder(folder / "run")
    at.write(order)
    model = Reader(steps)
    asyncio.run(run(at, order, models=[model]))
    return model


def ratio(folder: Path) -> float:
    """Bytes of journal, State, archive and checkpoint, by those of the transcript."""
    from litany.loop.journal import held

    messages = held(folder / "run" / "journal.sqlite").messages
    transcript = sum(len(json.dumps(message)) for message in messages)
    files = [file for file in (folder / "run").iterdir() if file.suffix in (".sqlite", ".litany")]
    return sum(file.stat().st_size for file in files) / transcript


def each(times: list[float]) -> list[float]:
    """Milliseconds from one step to the next."""
    return [1_000 * (after - before) for before, after in pairwise(times)]


def main() -> None:
    """Prints the figures."""
    for steps in (200, STEPS):
        with TemporaryDirectory() as folder:
            model = walked(Path(folder), steps)
            size = ratio(Path(folder))
        print(f"{steps:>5} steps: {size:.2f} x the transcript on the disk")
    for name, times in (("wall", each(model.wall)), ("processor", each(model.cpu))):
        early, late = median(times[100 - NEAR : 100 + NEAR]), median(times[-2 * NEAR :])
        told = f"median {median(times):.1f} ms, around step 100 {early:.1f}, around step {STEPS} {late:.1f}"
        print(f"{name:>10}: {told}, {late / early:.2f} x")
    grown = (model.memory[-1] - model.memory[100]) / 1_000
    print(f"    memory: {grown:.1f} MB more at step {STEPS} than at step 100")


if __name__ == "__main__":
    main()
