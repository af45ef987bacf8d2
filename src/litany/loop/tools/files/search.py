"""Searching the work folder in a process of its own: a pattern that a model wrote may take for ever, and is ended.

A regular expression holds the interpreter's lock while it runs; in this process one that explodes would stop the run.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path

from litany.loop.tools.tool import Told

SECONDS = 30
"""That a search may take."""
PACKAGE = str(Path(__file__).parents[3])
START = """
import sys, types
folder, name = sys.argv[1], "litany"
for room in ("", "loop", "tools", "files"):
    folder, name = (f"{folder}/{room}", f"{name}.{room}") if room else (folder, name)
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [folder]
from litany.loop.tools.files.searcher import main
main()
"""
"""Packages without their `__init__`: starting takes 30 ms instead of 300."""


def searched(
    root: Path,
    hidden: Path | None,
    text: str,
    folder: str,
    pattern: str,
    regex: bool,
    ignore_case: bool,
    *,
    seconds: int = SECONDS,
) -> str:
    """The lines that hold the text, as `path:line: ...`. Raises: Told."""
    if not text:
        raise Told("`text` is empty; give what to look for")
    asked: dict[str, object] = {"root": str(root), "text": text, "folder": folder, "pattern": pattern}
    asked |= {"hidden": None if hidden is None else str(hidden), "regex": regex, "ignore_case": ignore_case}
    asked["seconds"] = seconds
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", START, PACKAGE],
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=False,
    )
    if ran.returncode == -signal.SIGALRM:
        raise Told(f"the search took more than {seconds} s; name a smaller folder or a simpler text")
    answer = json.loads(ran.stdout) if ran.returncode == 0 else {"wrong": f"it ended with {ran.returncode}"}
    if "wrong" in answer:
        raise Told(f"the search failed: {answer['wrong']}")
    return str(answer["found"])
