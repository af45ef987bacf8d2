"""Look-alikes: what a reader sees of one character, so that `ⅼіtаnу` and `LITANY` read alike."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from string import ascii_lowercase

_LOOKS: Mapping[str, str] = {
    "<": "‹«⟨〈〈˂ᐸ❮❬❰⟪《≪≺⋖⧼⪡ᚲ˱𝈶",
    "/": "⁄∕⧸╱⟋〳᜵⟊⼃𝈺",
    "l": "ӏӀłŁƚɫɬɭʟⳐӏꓡᏞᒪꞁ\u05c0ⵏ∣∥ǀןاﺍ",
    "i": "іІıɩɪιΙӏꓲᎥꙇⵊɨɭǃ",
    "t": "тТτΤᴛŧŦƭꓔᎢⲦ⊤",
    "a": "аАαΑɑᴀⱥꓮᎪⲀɐ",
    "n": "пոռΝɴηƞŋɲꓠⲚո",
    "y": "уУүҮγΥʏɏꓬყᎩⲨỿʎ¥",
    "b": "ЬВΒʙƀᏴꓐ",
    "c": "сСϲϹᴄⲤꓚᏟ",
    "d": "ԁԀᴅđꓓᎠ",
    "e": "еЕΕєҽℯᴇꓰᎬⲈ",
    "f": "ƒꓝϝꞙ",
    "0": "οОоΟ",
    "5": "Ƽƽ",
}
"""What a reader takes for each letter of the envelope and of a mark: Cyrillic, Greek, Lisu, Cherokee and others."""
_CAPITALS = (0x1F150, 0x1F170, 0x1F1E6)
"""Where alphabets of emblems begin: circled, squared, and the letters that flags are made of."""
_DRAWN = {fake: true for true, fakes in reversed(list(_LOOKS.items())) for fake in fakes} | {
    chr(first + place): letter for first in _CAPITALS for place, letter in enumerate(ascii_lowercase)
}
_TRUE: Mapping[str, str] = _DRAWN | {fake.lower(): true for fake, true in _DRAWN.items() if "Ꭰ" <= fake <= "Ᏽ"}
"""Cherokee's small letters are drawn as its capitals are."""
_UNSEEN = {"Cf", "Mn", "Me", "Cc"}
"""Unicode categories of characters that a reader does not see, line breaks and tabs aside."""
_BLANK = {*map(chr, (0x115F, 0x1160, 0x2065, 0x2800, 0x3164, 0xFFA0, *range(0xFFF0, 0xFFF9)))}
"""Letters and signs that are drawn as nothing."""


@lru_cache(maxsize=4_096)
def shown(letter: str) -> str:
    """What a reader sees of one character, in small letters: accents, hidden signs and foreign alphabets aside."""
    if letter.isascii():
        return letter.lower() if letter.isprintable() or letter.isspace() else ""
    if letter in _BLANK or unicodedata.category(letter) in _UNSEEN or 0xE0000 <= ord(letter) < 0xE1000:
        return ""
    if letter in _TRUE:
        return _TRUE[letter]
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(_TRUE.get(part, part.lower()) for part in parts if unicodedata.category(part) not in _UNSEEN)


def named(name: str) -> str:
    """The character of this Unicode name; empty when none has it."""
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return ""
