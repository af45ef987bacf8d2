"""Writes data/sample_run.jsonl: one long run of a coding agent in OpenAI chat, the same bytes every time.

python -m recipes.make_sample_run
"""

import json
from pathlib import Path

from recipes.sample_run.story import run

SEED = 1126
SAMPLE = Path(__file__).parent / "data" / "sample_run.jsonl"


def text(seed: int = SEED) -> str:
    """The file's whole text: one line, one run."""
    return json.dumps({"id": f"quay-{seed}", "messages": run(seed)}, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SAMPLE.write_text(text(), encoding="utf-8")
    print(f"wrote {SAMPLE}: {SAMPLE.stat().st_size:,} bytes")
