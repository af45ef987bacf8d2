"""The commit of the working tree that runs a sweep, so that a result can be traced to its code."""

import subprocess
from pathlib import Path

WAIT = 10.0
"""Seconds that git may take."""


def commit(folder: Path) -> str | None:
    """Its hash, with a + when tracked files were changed; None outside of git, or without git."""
    head = _git(folder, "rev-parse", "--short=12", "HEAD")
    if not head:
        return None
    return head + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")


def _git(folder: Path, *words: str) -> str:
    line = ["git", "-C", str(folder), "--no-optional-locks", *words]
    try:
        ran = subprocess.run(
            line, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=WAIT, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return ran.stdout.strip()
