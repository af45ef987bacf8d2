"""`litany eval` that breaks on the way: what was answered is kept, the status says that it ran, and how to go on."""

import resource
import subprocess
from pathlib import Path

from litany.evals.sweep import read
from tests.cli.evals.command import COMMAND, HERE, SCRIPT, found

SMALL = 90_000
"""Bytes that a file may have, as on a disk that is full."""


def full() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))


def test_a_disk_that_is_full_ends_a_sweep_that_goes_on_when_there_is_room() -> None:
    line = f"eval needle {SCRIPT} -n 100 --out out"
    ran = subprocess.run(
        [*COMMAND, *line.split()], check=False, capture_output=True, text=True, env=HERE, preexec_fn=full
    )
    answered = len(read(Path("out")))

    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1].endswith(f"; what was answered is kept in out; to go on: litany {line}")
    assert 0 < answered < 400
    again = found(line)
    assert (again["before"], again["left"], again["errors"]) == (answered, 0, {})
