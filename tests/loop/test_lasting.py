"""What a run leaves on the disk grows with its transcript and not with its square."""

import json
import random
from pathlib import Path

import pytest

from litany.loop.folder import Folder
from tests.loop.runs import calls, ran, says

WORDS = [f"{random.Random(n).getrandbits(40):x}" for n in range(5_000)]
READ = '''
import random
from tests.loop.test_lasting import WORDS

def read(page: str) -> str:
    """Reads a page of 2 kB."""
    return " ".join(random.Random(int(page)).choices(WORDS, k=200))[:2_000]
'''


def size(folder: Folder) -> int:
    """Bytes of record, State, archive and checkpoint."""
    return sum(file.stat().st_size for file in folder.path.iterdir() if file.suffix != ".jsonl")


@pytest.mark.parametrize("turns", [200, pytest.param(1_000, marks=pytest.mark.slow)])
def test_record_archive_and_checkpoint_take_less_than_three_times_the_transcript(turns: int, tmp_path: Path) -> None:
    (tmp_path / "read.py").write_text(READ)
    lines = [*(calls(("read", {"page": str(page)})) for page in range(turns)), says("All is read.")]

    done = ran(tmp_path, lines, tools=["read.py"], policy={"window": 32_000})

    transcript = sum(len(json.dumps(message)) for message in done.messages)
    assert transcript > 2_000 * turns
    assert size(done.folder) / transcript < 3
    assert any(event.fields.get("compacted") for event in done.events)
