"""The session's mark: how a genuine recitation is told from text that only looks like one.

A recitation stands between `<litany mark="...">` and `</litany>`. Whatever looks like that envelope, or bears
the mark, in text that comes from tools, from a summarizer or from the agent's todos is broken when it enters:
case, spacing, full-width letters, zero-width and bidi characters and look-alike letters included. The record
keeps the text as it was; recall gives it back.
"""

import re
import unicodedata

TAG = "litany"
ENVELOPE = re.compile(r"<\s*/?\s*" + r"\s*".join(TAG), re.IGNORECASE)
BROKEN = "["
"""What stands for the opening bracket of a broken envelope."""

_LOOKALIKES = {ord(fake): true for fake, true in zip("іıӏаутոпαιτ‹«⟨〈˂ᐸ❮", "iilaytnnait<<<<<<<", strict=True)}
_UNSEEN = {"Cf", "Mn", "Me", "Cc"}
"""Unicode categories of characters that a reader does not see, line breaks and tabs aside."""


def envelope(mark: str, text: str) -> str:
    """The text as a genuine recitation."""
    return f'<{TAG} mark="{mark}">\n{text}\n</{TAG}>'


def forged(text: str, mark: str) -> bool:
    """Whether the text looks like a recitation or bears the mark."""
    if mark and mark in text:
        return True
    if text.isascii():
        return "<" in text and ENVELOPE.search(text) is not None
    return ENVELOPE.search(_seen(text)[0]) is not None or bool(mark and mark in _seen(text)[0])


def broken(text: str, mark: str) -> str:
    """The text with each forged envelope opened and each mark parted, so that neither reads as genuine."""
    if not forged(text, mark):
        return text
    seen, places = _seen(text)
    letters = list(text)
    for match in ENVELOPE.finditer(seen):
        letters[places[match.start()]] = BROKEN
    for match in re.finditer(re.escape(mark), seen) if mark else ():
        letters[places[match.start()]] += "·"
    return "".join(letters)


def _seen(text: str) -> tuple[str, list[int]]:
    """The text as a reader sees it, and for each of its characters the place in the original."""
    seen: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if letter.isascii():
            shown = letter if letter.isprintable() or letter.isspace() else ""
        elif unicodedata.category(letter) in _UNSEEN:
            shown = ""
        else:
            shown = unicodedata.normalize("NFKC", letter).translate(_LOOKALIKES)
        seen.append(shown)
        places.extend([place] * len(shown))
    return "".join(seen), places
