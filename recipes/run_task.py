"""An agent from a task file, and what it does when it would stop too early: litany run recipes/tide/task.toml

The task names goal, constraints, todos, tools and what must hold at the end. The agent looks at two harbours at once,
stops after the third without having written a file, is told what is still open, goes on, and is done. Its tools are
the functions of tide.py. Answers come from a file here; a real model is one line of the task.
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from litany.cli.app import run

TIDE = Path(__file__).parent / "tide"


def main() -> int:
    """Runs the task in a copy of its folder, then shows how the run stands."""
    with TemporaryDirectory() as folder:
        work, store = Path(folder) / "tide", f"{folder}/runs"
        shutil.copytree(TIDE, work)
        status = run(["run", str(work / "task.toml"), "--store", store, "--name", "tide"])
        print((work / "tides.txt").read_text().replace("\n", "; "))
        run(["show", "tide", "--store", store])
    return status


if __name__ == "__main__":
    sys.exit(main())
