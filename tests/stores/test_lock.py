"""The lock of a process on a file: what a killed process leaves of it, and what its children have."""

import os
import subprocess
import sys
from pathlib import Path

from litany.stores.lock import let_go, locked, opened

FORKS = """
import os, signal, sys
from pathlib import Path
from litany.stores.lock import locked, opened

assert locked(opened(Path(sys.argv[1])))
if os.fork():
    sys.stdin.read(1)
    os.kill(os.getpid(), signal.SIGKILL)
print("forked", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_holds_nothing_whatever_it_has_forked(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    line = [sys.executable, "-c", FORKS, str(path)]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "forked\n"
        mine = opened(path)
        assert not locked(mine), "the process that forked has it still"

        process.stdin.write("x")
        process.stdin.flush()
        process.wait()

        assert locked(mine), "the forked one lives, and does not have it"
        let_go(mine)


def test_a_file_that_was_let_go_of_is_not_closed_twice(tmp_path: Path) -> None:
    file = opened(tmp_path / "lock")
    let_go(file)
    other = os.open(tmp_path / "other", os.O_CREAT)

    let_go(file)

    assert other == file, "the number is given again"
    os.fstat(other)
    os.close(other)
