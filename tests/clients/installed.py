"""The clients: programs of other projects, each in an environment of its own that `make test-clients` builds."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.serve.proxied import KEY, needs_proxy

__all__ = ["KEY", "needs", "needs_proxy", "ran"]

HOSTS = Path(__file__).parents[2] / ".venv-hosts"
PROGRAMS = {
    "aider": "bin/aider",
    "claude-code": "node_modules/.bin/claude",
    "codex": "node_modules/.bin/codex",
    "mini-swe-agent": "bin/mini",
}
SECONDS = 300


def needs(name: str) -> pytest.MarkDecorator:
    """Skips a test where that client is not installed."""
    absent = not (HOSTS / name / PROGRAMS[name]).exists()
    return pytest.mark.skipif(absent, reason=f"{name} is not installed here: make test-clients CLIENTS={name}")


def ran(name: str, words: Sequence[str], home: Path, says: str = "", **variables: str) -> str:
    """What the client prints in a run of its own, in a folder and home that it has for itself."""
    work = home / "work"
    line = [str(HOSTS / name / PROGRAMS[name]), *words]
    own = {"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "dumb", "NO_COLOR": "1", **variables}
    client = subprocess.run(
        line, cwd=work, env=own, input=says, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert client.returncode == 0, client.stdout[-2_000:] + client.stderr[-2_000:]
    return client.stdout
