"""The session's mark: how a genuine recitation is told from text that only looks like one.

A recitation stands between `<litany mark="...">` and `</litany>`. Whatever looks like that envelope, or bears
the mark, in text that comes from tools, from a summarizer or from the agent's todos is broken when it enters:
case, spacing, full-width letters, accents, zero-width and bidi characters, look-alike letters, and what HTML, JSON
or a URL would unfold to it included. The record keeps the text as it was; recall gives it back.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from urllib.parse import unquote

from litany.core.lookalikes import shown

TAG = "litany"
BROKEN = "["
"""What stands for the opening bracket of a broken envelope."""
PARTED = "·"
"""What stands behind the first letter of a mark that is not ours to bear."""

_LETTERS = ("[li1|]", "[il1|!]", "t", "a", "n", "y")
_OPENING = r"<\s*+(?:/\s*+)?+"
ENVELOPE = re.compile(_OPENING + r"\s*+".join(_LETTERS))
_HALF = re.compile(_OPENING + "".join(rf"(?:{letter}\s*+" for letter in _LETTERS[:-1]) + ")?" * (len(_LETTERS) - 1))
_PLAIN = frozenset(map(chr, (*range(0x09, 0x0E), *range(0x1C, 0x7F))))
"""Characters that a reader sees as they are, capitals aside: plain ASCII."""
_NAMES = {name.rstrip(";").lower(): html5[name] for name in sorted(html5, key=str.swapcase, reverse=True)}
"""HTML's names of letters, in small letters; where two differ by case only, the one in small letters."""
_BARE = (name for name in sorted(html5, key=len, reverse=True) if ";" not in name and html5[name].isprintable())
_ESCAPE = re.compile(
    r"&(?=[\#a-z])(?:\#\d++;?|\#x[\da-f]++;?|[a-z][a-z\d]{1,31};|nbsp|shy|" + "|".join(map(str.lower, _BARE)) + ")"
    r"|(?<!\\)\\++(?:ud[89ab][\da-f]{2}\\++ud[c-f][\da-f]{2}|u[\da-f]{4}|u\{[\da-f]{1,8}\}|x[\da-f]{2}|[nrt])"
    r"|%[0-7][\da-f]|%[c-f][\da-f](?:%[89ab][\da-f]){1,3}"
)
"""One letter as HTML, JSON, a programming language or a URL would write it."""
_TELLING = re.compile(r"[^\t-\r\x1c-\x7e]|&[#a-zA-Z]|\\(?:[uU][\da-fA-F{]|[xX][\da-fA-F])|%[0-7c-fC-F][\da-fA-F]")
"""A character that a reader may see as another, or an escape of more than a line break: without one, and without a
bracket, nothing is hidden."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A text as a reader sees it, and where each of its letters begins and ends in the original."""

    text: str
    starts: Sequence[int]
    ends: Mapping[int, int]
    """Of the letters that an escape stands for; the others end one place on."""

    def span(self, place: int) -> tuple[int, int]:
        """Where the letter stands in the original."""
        start = self.starts[place]
        return start, self.ends.get(place, start + 1)


def envelope(mark: str, text: str) -> str:
    """The text as a genuine recitation."""
    return f'<{TAG} mark="{mark}">\n{text}\n</{TAG}>'


def forged(text: str, mark: str) -> bool:
    """Whether the text looks like a recitation or bears the mark."""
    return _bears(_read(text), mark)


def broken(text: str, mark: str) -> str:
    """The text with each forged envelope opened and each mark parted, so that neither reads as genuine."""
    return "".join(_changed(text, mark, half=False)) if forged(text, mark) else text


def parted(texts: Sequence[str], mark: str) -> tuple[str, ...]:
    """Texts that are read one after another, each as `broken` leaves it.

    A forgery that begins in one and ends in the next is opened too, and so is a tag begun where the last one ends.
    """
    joined = "".join(texts)
    read = _read(joined)
    if not _bears(read, mark) and not _half(read):
        return tuple(texts)
    letters = _changed(joined, mark, half=True)
    starts = [sum(map(len, texts[:place])) for place in range(len(texts))]
    return tuple("".join(letters[start : start + len(text)]) for start, text in zip(starts, texts, strict=True))


def _bears(read: str, mark: str) -> bool:
    """Whether a text, as a reader sees it, holds an envelope or the mark."""
    own = _own(mark)
    return bool(own and own in read) or ("<" in read and ENVELOPE.search(read) is not None)


@lru_cache(maxsize=256)
def _own(mark: str) -> str:
    return _read(mark)


def _changed(text: str, mark: str, half: bool) -> list[str]:
    """The letters of the text, each as it stands when the forgeries in it are opened."""
    seen, letters = _seen(text), list(text)
    for place in _openings(seen.text, half):
        start, end = seen.span(place)
        letters[start:end] = [BROKEN, *[""] * (end - start - 1)]
    own = _own(mark)
    for match in re.finditer(f"(?={re.escape(own)})", seen.text) if own else ():
        letters[seen.span(match.start())[1] - 1] += PARTED
    return letters


def _openings(read: str, half: bool) -> Iterator[int]:
    yield from (match.start() for match in ENVELOPE.finditer(read))
    if half and _half(read):
        yield read.rindex("<")


def _half(read: str) -> bool:
    """Whether the text ends within a tag that may become an envelope."""
    last = read.rfind("<")
    return last >= 0 and _HALF.fullmatch(read, last) is not None


def _read(text: str) -> str:
    """The text as a reader sees it: in small letters, without what is not seen, escapes unfolded."""
    if "<" not in text and _TELLING.search(text) is None:
        return text.lower()
    table = {ord(letter): seen for letter in set(text) - _PLAIN if (seen := shown(letter)) != letter}
    plain = (text.translate(table) if table else text).lower()
    return _ESCAPE.sub(lambda match: _unfolded(match[0]), plain) if _escapes(plain) else plain


def _seen(text: str) -> _Seen:
    """What `_read` gives, with the places."""
    table = {letter: shown(letter) for letter in set(text)}
    plain = "".join(map(table.__getitem__, text))
    places: Sequence[int] = range(len(text))
    if any(len(seen) != 1 for seen in table.values()):
        places = [place for place, letter in enumerate(text) for _ in table[letter]]
    parts: list[str] = []
    starts: list[int] = []
    ends: dict[int, int] = {}
    done = 0
    for match in _ESCAPE.finditer(plain) if _escapes(plain) else ():
        start, end = match.span()
        parts += (plain[done:start], letters := _unfolded(match[0]))
        starts.extend(places[done:start])
        for _ in letters:
            ends[len(starts)] = places[end - 1] + 1
            starts.append(places[start])
        done = end
    starts.extend(places[done:])
    return _Seen("".join(parts) + plain[done:], starts, ends)


def _escapes(plain: str) -> bool:
    return any(sign in plain for sign in "&\\%")


@lru_cache(maxsize=4_096)
def _unfolded(escape: str) -> str:
    """The letter that an escape stands for, as a reader sees it; the escape itself when it stands for none."""
    return "".join(map(shown, _meant(escape)))


def _meant(escape: str) -> str:
    if escape[0] == "%":
        return unquote(escape)
    digits = escape.lstrip("&\\#ux{").rstrip(";}")
    if escape.startswith("&#"):
        return _letter(digits, 16 if escape[2] == "x" else 10)
    if escape[0] == "&":
        return _NAMES.get(escape.strip("&;"), escape)
    name = escape.lstrip("\\")
    if name in ("n", "r", "t"):
        return "\n"
    if "\\" in name:
        high, low = (int(part[-4:], 16) for part in (name.partition("\\")[0], name))
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return _letter(digits, 16)


def _letter(digits: str, base: int) -> str:
    short = digits.lstrip("0")
    number = int(short, base) if 0 < len(short) <= 7 else 0
    return chr(number) if number <= 0x10FFFF else "\ufffd"
