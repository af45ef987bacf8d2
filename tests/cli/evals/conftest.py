"""Each test of `litany eval` works in a folder of its own."""

import json
from pathlib import Path

import pytest

from tests.cli.evals.command import SUITE


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Each test works in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    lines = [{"role": "assistant", "content": text} for text in ("amber lemon", "nobody knows")]
    (tmp_path / "said.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (tmp_path / "suite.txt").write_text(SUITE)
    (tmp_path / "mine.toml").write_text(SUITE)
    return tmp_path
