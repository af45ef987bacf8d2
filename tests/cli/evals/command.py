"""`litany eval` as a stranger types it, in a folder of its own with a script that answers and a suite."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Any

import pytest

from litany.adapters.litellm import package
from litany.pocket.weights import FILE
from tests.cli.command import ran

COMMAND = [sys.executable, "-c", "from litany.cli import main; main()"]
HERE = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR", "OPENAI_API_KEY")}
SCRIPT = "--model scripted:said.jsonl --set cycle=true --lengths 300 --depths 0,1 -n 2 --arms bare,recite"
"""Eight samples."""
SHORT = "--set max_tokens=256"
"""A call may cost as much as the longest answer would."""
SUITE = """tasks = ["needle"]
model = "scripted:said.jsonl"
arms = ["bare", "recite"]
lengths = ["300"]
depths = [0, 1]
n = 2
options = {cycle = true}
"""
litellm = pytest.mark.skipif(find_spec("litellm") is None, reason="needs the extra litellm")
shipped = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE.name} is not built: it is what `make pocket` trains")


def litany(line: str) -> subprocess.CompletedProcess[str]:
    words = line.split()
    if find_spec("litellm") and any(word.startswith(("openai/", "anthropic/")) for word in words):
        package()  # takes seconds to import, and is there for all that are forked
    return ran(words, HERE)


def found(line: str, status: int = 0) -> dict[str, Any]:
    """What --json prints."""
    ran = litany(f"{line} --json")
    assert ran.returncode == status, ran.stderr
    plain = json.loads(ran.stdout)
    assert isinstance(plain, dict)
    return plain
