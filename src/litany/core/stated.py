"""Whether a text states a goal or a constraint: as words of its own, not as letters inside other words."""

import re

QUIET = " \t\"'`“”‘’*_#>()[]«»-–—•"
"""What may stand around a statement: spaces, quotes, brackets, bullets and marks of emphasis."""
NUMBER = re.compile(r"(?:^|\n)\s*\(?(?:\d{1,3}|[a-zA-Z])[.)]?$")
ENDS, BEGINS = "\n.!?:;,", "\n.!?;,:"


def states(whole: str, text: str) -> bool:
    """Whether `text` stands in `whole` word for word, between the bounds of lines, sentences or clauses."""
    start = whole.find(text)
    while start >= 0:
        before = whole[max(0, start - 200) : start].rstrip(QUIET)
        behind = whole[start + len(text) : start + len(text) + 200].lstrip(QUIET)
        opens = not before or before[-1] in ENDS or NUMBER.search(before) is not None
        if opens and (not behind or behind[0] in BEGINS or text[-1] in ENDS):
            return True
        start = whole.find(text, start + 1)
    return False
