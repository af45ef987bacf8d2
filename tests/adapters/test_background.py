"""The loop beside the caller's thread: one for a process, whoever asks first."""

import subprocess
import sys

FIRST = """
import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from litany.adapters.background import waited

start = Barrier(32)

async def loop():
    return asyncio.get_running_loop()

def one(_):
    start.wait()
    return waited(loop())

with ThreadPoolExecutor(32) as pool:
    loops = list(pool.map(one, range(32)))
print(len({id(each) for each in loops}), flush=True)
"""
FORKED = """
if (child := os.fork()) == 0:
    os._exit(int(waited(loop()) is loops[0]))
print(os.waitpid(child, 0)[1])
"""


def told(source: str) -> str:
    """What a process of its own prints: here a loop may have begun already."""
    return subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", source], check=True, capture_output=True, text=True
    ).stdout


def test_threads_that_ask_first_at_once_share_one_loop() -> None:
    assert [told(FIRST) for _ in range(3)] == ["1\n"] * 3


def test_a_forked_process_begins_its_own() -> None:
    assert told(FIRST + FORKED) == "1\n0\n"
