"""A wording: tokens with placeholders between them, compiled from text and roughened when it is used."""

from collections.abc import Iterable
from random import Random

from litany.pocket.words import FUNCTION, IDS, KNOWN, PROTOCOL, WORD

Phrase = tuple[int | str, ...]
"""Tokens, and the names of what is to be filled in."""
SMALL = tuple(IDS[word] for word in FUNCTION.split())
NAMED = tuple(IDS[word] for word in PROTOCOL.split())
COMMON = (*SMALL, *NAMED)
BREAK, COMMA, DASH, DOT = (IDS[mark] for mark in ("\n", ",", "-", "."))


def compiled(text: str) -> tuple[Phrase, ...]:
    """Wordings parted by | or a line's end, each in tokens. A break within one is written \\n, a brace twice."""
    lines = (part for line in text.replace("\n", "|").split("|") for part in [line.strip()] if part)
    return tuple(_phrase(line.replace("\\n", "\n")) for line in lines)


def worded(phrase: Phrase, rng: Random, rough: float = 0.25) -> Phrase:
    """The wording as it is, or with some of its small words changed, left out or doubled."""
    if rng.random() > rough:
        return phrase
    out: list[int | str] = []
    for part in phrase:
        dice = rng.random() if isinstance(part, int) and part in SMALL else 1.0
        if dice < 0.12:
            continue
        out.append(rng.choice(SMALL) if dice < 0.25 else "w" if dice < 0.3 else part)
    return tuple(out)


def spelled(ids: Iterable[int]) -> str:
    """Tokens for a human eye: slots as w17."""
    return " ".join(KNOWN[token] if token < len(KNOWN) else f"w{token - len(KNOWN)}" for token in ids)


def _phrase(text: str) -> Phrase:
    parts: list[int | str] = []
    for place, piece in enumerate(text.replace("{{", "\1").replace("}}", "\2").replace("{", "}").split("}")):
        if place % 2:
            parts.append(piece)
        else:
            literal = piece.replace("\1", "{").replace("\2", "}")
            parts.extend(_known(match.group()) for match in WORD.finditer(literal))
    return tuple(parts)


def _known(word: str) -> int | str:
    return IDS.get("\n" if word[0] == "\n" else word.lower(), "w")
