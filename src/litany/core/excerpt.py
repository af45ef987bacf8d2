"""Shortening text: whole sentences from the start, or a head and a tail."""

import re

from litany.core.ports import Count

SENTENCE_END = re.compile(r"[.!?:](?=\s)|\n")


def beginning(text: str, most: int, count: Count) -> str:
    """The longest beginning of at most `most` tokens that ends with a sentence, else with a word. May be empty."""
    cut = fitting(text, most, count)
    if len(cut) == len(text):
        return text
    ends = [match.end() for match in SENTENCE_END.finditer(cut)]
    if ends and ends[-1] > len(cut) // 3:
        return cut[: ends[-1]].rstrip()
    space = max(cut.rfind(" "), cut.rfind("\n"))
    return cut[:space].rstrip() if space > 0 else cut


def fitting(text: str, most: int, count: Count, end: bool = False) -> str:
    """The longest prefix (or suffix) found that takes at most `most` tokens."""
    if most <= 0:
        return ""
    size = min(len(text), most * 8)
    while size:
        part = text[len(text) - size :] if end else text[:size]
        tokens = count(part)
        if tokens <= most:
            return part
        size = min(size - 1, int(size * most / tokens))
    return ""


def line(text: str, most: int) -> str:
    """The first `most` characters on one line; an ellipsis where it was cut."""
    flat = " ".join(text[: most * 4].split())
    return flat if len(flat) <= most and len(text) <= most * 4 else flat[: most - 1].rstrip() + "…"
