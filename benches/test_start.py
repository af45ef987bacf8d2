"""Start-up: a fresh process that imports litany, or runs `litany --help`, beside one that does nothing."""

import subprocess
from typing import Any

import pytest

from benches.starts import COMMANDS

Benchmark = Any


@pytest.mark.parametrize("name", COMMANDS)
def test_a_fresh_process(name: str, benchmark: Benchmark) -> None:
    benchmark.group = "fresh processes"
    benchmark.pedantic(subprocess.run, (COMMANDS[name],), {"check": True, "capture_output": True}, rounds=9)
