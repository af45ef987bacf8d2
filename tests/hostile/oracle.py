"""A strict reader: sees a recitation wherever a lenient model might. It shares nothing with the code it judges.

It folds compatibility forms, accents, hidden characters, case and look-alike letters, unfolds what HTML, JSON or a URL
escapes once, folds again, and then looks for the opening or the closing tag, blanks within it allowed.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

CYRILLIC_AND_GREEK = str.maketrans(
    {
        "і": "i",
        "ӏ": "l",
        "ї": "i",
        "а": "a",
        "у": "y",
        "ү": "y",
        "т": "t",
        "п": "n",
        "ո": "n",
        "α": "a",
        "ι": "i",
        "τ": "t",
    }
    | {
        "ν": "n",
        "η": "n",
        "υ": "y",
        "γ": "y",
        "ı": "i",
        "ɩ": "i",
        "ł": "l",
        "ɪ": "i",
        "ʟ": "l",
        "ᴀ": "a",
        "ɴ": "n",
        "ʏ": "y",
    }
    | {
        "ᴛ": "t",
        "ɑ": "a",
        "с": "c",
        "е": "e",
        "ԁ": "d",
        "‹": "<",
        "〈": "<",
        "⟨": "<",
        "«": "<",
        "❮": "<",
        "ᐸ": "<",
        "˂": "<",
    }
    | {"∕": "/", "⁄": "/", "⧸": "/"}
)
FILLERS = re.compile("[\u115f\u1160\u2800\u3164\uffa0\U000e0000-\U000e0fff]")
ESCAPES = re.compile(
    r"\\+u(?:\{(?=[0-9a-fA-F]{1,6}\}))?((?<=\{)[0-9a-fA-F]{1,6}(?=\})|[0-9a-fA-F]{4})\}?|\\+x([0-9a-fA-F]{2})|\\+([nrt])"
)
TAG = re.compile(r"<\s*(/?)\s*l\s*i\s*t\s*a\s*n\s*y")


def tags(text: str) -> list[str]:
    """The tags of a recitation that a strict reader sees."""
    plain = folded(text)
    return [
        match[0] for read in (plain, folded(unfolded(plain)), folded(unfolded(text))) for match in TAG.finditer(read)
    ]


def joined_tags(texts: Iterable[str]) -> list[str]:
    """The same, over texts that stand one behind another."""
    return tags("".join(texts))


def bears(text: str, mark: str) -> bool:
    """Whether a strict reader finds the mark."""
    plain = folded(text)
    return mark in plain or mark in folded(unfolded(plain))


def folded(text: str) -> str:
    """Compatibility forms, accents, hidden characters, case and look-alikes aside."""
    wide = unicodedata.normalize("NFKC", FILLERS.sub("", text))
    bare = (letter for letter in unicodedata.normalize("NFD", wide) if seen(letter))
    return "".join(bare).lower().translate(CYRILLIC_AND_GREEK)


def seen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) not in ("Cf", "Cc", "Mn", "Me")


def unfolded(text: str) -> str:
    """What HTML, JSON or a URL escapes, unfolded once."""
    return unquote(ESCAPES.sub(_letter, html.unescape(text)), errors="ignore")


def _letter(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    number = int(digits, 16) if digits else 0x0A
    return chr(number) if number <= 0x10FFFF else ""
