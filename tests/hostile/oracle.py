"""A strict reader: sees a recitation wherever a lenient model might. It shares nothing with the code it judges.

It folds compatibility forms, accents, hidden characters, case and look-alike letters, unfolds what HTML, JSON or a URL
escapes, twice, folds again, and then looks for the opening or the closing tag, blanks and comments within it and a
namespace before its name allowed.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
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
    | {"Ꮮ": "l", "ꮮ": "l"}
    | {"∕": "/", "⁄": "/", "⧸": "/"}
)
FILLERS = re.compile("[\u115f\u1160\u2800\u3164\uffa0\U000e0000-\U000e0fff]")
ESCAPES = re.compile(
    r"\\+u(?:\{(?=[0-9a-fA-F]{1,6}\}))?((?<=\{)[0-9a-fA-F]{1,6}(?=\})|[0-9a-fA-F]{4})\}?|\\+x([0-9a-fA-F]{2})|\\+([nrt])(?!\{)"
)
LONG = re.compile(r"\\+U([01][0-9a-fA-F]{7}|0[0-9a-fA-F]{7})")
OCTAL = re.compile(r"\\+([01]?[0-7]{2})")
NAMED = re.compile(r"\\+N\{([A-Z -]+)\}")
COMMENT = re.compile(r"<!--(?:(?!-->)[^<])*-->")
TAG = re.compile(r"<[\s\\]*(/?)[\s\\]*(?:l\s*i\s*t\s*a\s*n\s*y|[\w.-]+:\s*litany(?=[\s/>]|$))")


def tags(text: str) -> list[str]:
    """The tags of a recitation that a strict reader sees."""
    return [match[0] for read in readings(text) for match in TAG.finditer(read)]


def joined_tags(texts: Iterable[str]) -> list[str]:
    """The same, over texts that stand one behind another."""
    return tags("".join(texts))


def bears(text: str, mark: str) -> bool:
    """Whether a strict reader finds the mark."""
    spread = re.compile(r"[\s-]?".join(mark))
    return any(spread.search(read) for read in readings(text))


def readings(text: str) -> Iterator[str]:
    """The text as it stands, unfolded once and twice, each without its comments and with them made brackets."""
    once = unfolded(text)
    for raw in (text, once, unfolded(folded(text)), unfolded(once), unfolded(folded(once))):
        plain = folded(raw)
        yield from (plain, COMMENT.sub("", plain), re.sub(r"<!--+>(?=litany(?: mark|>))", "<", plain))


def folded(text: str) -> str:
    """Compatibility forms, accents, hidden characters, case and look-alikes aside."""
    wide = unicodedata.normalize("NFKC", FILLERS.sub("", text))
    bare = (letter for letter in unicodedata.normalize("NFD", wide) if seen(letter))
    return "".join(bare).lower().translate(CYRILLIC_AND_GREEK)


def seen(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) not in ("Cf", "Cc", "Mn", "Me")


def unfolded(text: str) -> str:
    """What HTML, JSON or a URL escapes, unfolded once."""
    long = LONG.sub(lambda match: chr(min(int(match[1], 16), 0x10FFFF)), html.unescape(text))
    named = NAMED.sub(_named, long)
    octal = OCTAL.sub(lambda match: chr(int(match[1], 8)), named)
    return unquote(ESCAPES.sub(_letter, octal), errors="ignore")


def _letter(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    number = int(digits, 16) if digits else 0x0A
    return chr(number) if number <= 0x10FFFF else ""


def _named(match: re.Match[str]) -> str:
    try:
        return unicodedata.lookup(match[1])
    except KeyError:
        return match[0]
