"""What providers say when a request is too long for the window, and what they say of everything else.

Each line of the two files is one error as it was sent (or, where `seen` says so, worded after one), organisations
and request ids shortened: who sent it, the thread (owner/repo#number) or the source where it stands, the HTTP status if
there was one, the wording.
"""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Said:
    """One error as a provider worded it."""

    provider: str
    seen: str
    status: int | None
    text: str


def said(name: str) -> list[Said]:
    """The errors of a file of the corpus."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [Said(**json.loads(line)) for line in lines]


OVERFLOWS = said("overflows.jsonl")
OTHERS = said("others.jsonl")
