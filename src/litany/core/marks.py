"""The session's mark: how a genuine recitation is told from text that only looks like one.

A recitation stands between `<litany mark="...">` and `</litany>`. Whatever looks like that envelope, or bears
the mark, in text that comes from tools, from a summarizer or from the agent's todos is broken when it enters:
case, spacing, full-width letters, accents, zero-width and bidi characters, look-alike letters, a namespace, an HTML
comment within, and what HTML, JSON, a programming language or a URL would unfold to it, once or twice, included.
The record keeps the text as it was; recall gives it back.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.entities import html5
from urllib.parse import unquote

from litany.core.lookalikes import named, shown

TAG = "litany"
BROKEN = "["
"""What stands for the opening bracket of a broken envelope."""
PARTED = "·"
"""What stands behind the first letter of a mark that is not ours to bear."""

_LETTERS = ("[li1|]", "[il1|!]", "t", "a", "n", "y")
_COMMENT = "<!--[^<]{0,200}?-->"
_BEFORE = rf"(?:[\s\\]|{_COMMENT})*+"
_OPENING = f"<{_BEFORE}(?:/{_BEFORE})?+"
_NAME = rf"(?:\s|{_COMMENT})*+".join(_LETTERS)
_SPACE = r"[\w.-]{1,40}+:\s*+"
ENVELOPE = re.compile(rf"{_OPENING}(?:{_NAME}|{_SPACE}{_NAME}(?=[\s/>]|\Z))|{_COMMENT}\s*+{_NAME}(?=\s*+(?:mark\b|>))")
"""The tag's beginning; within a namespace only as a whole name, behind a comment only with what makes it a tag."""
_PLACES = re.compile(f"(?={ENVELOPE.pattern})")
_BEGUN = "".join(rf"(?:{letter}\s*+" for letter in _LETTERS[:-1]) + ")?" * (len(_LETTERS) - 2) + ")"
_HALF = re.compile(f"{_OPENING}(?:{_BEGUN}?|{_SPACE}{_BEGUN})")
_PLAIN = frozenset(map(chr, (*range(0x09, 0x0E), *range(0x1C, 0x7F))))
"""Characters that a reader sees as they are, capitals aside: plain ASCII."""
_NAMES = {name.rstrip(";").lower(): html5[name] for name in sorted(html5, key=str.swapcase, reverse=True)}
"""HTML's names of letters, in small letters; where two differ by case only, the one in small letters."""
_BARE = (name for name in sorted(html5, key=len, reverse=True) if ";" not in name and html5[name].isprintable())
_ESCAPE = re.compile(
    r"&(?=[\#a-z])(?:\#\d++;?|\#x[\da-f]++;?|[a-z][a-z\d]{1,31};|nbsp|shy|" + "|".join(map(str.lower, _BARE)) + ")"
    r"|(?<!\\)\\++(?:ud[89ab][\da-f]{2}\\++ud[c-f][\da-f]{2}|u0000[\da-f]{4}|u000(?:1[df]|e0)[\da-f]{3}|u[\da-f]{4}"
    r"|u\{[\da-f]{1,8}\}|x[\da-f]{2}|0?[57][47]|1[0-7]{2}|n\{[a-z][a-z -]{1,80}\}|[nrt])"
    r"|%[0-7][\da-f]|%[c-f][\da-f](?:%[89ab][\da-f]){1,3}"
)
"""One letter as HTML, JSON, a programming language or a URL would write it."""
_TWICE = 2
"""How often a text is unfolded: an escape may be escaped itself."""
_TELLING = re.compile(
    r"[^\t-\r\x1c-\x7e]|&[#a-zA-Z]|\\(?:[uU][\da-fA-F{]|[xX][\da-fA-F]|0?[157][0-7]|N\{)|%[0-7c-fC-F][\da-fA-F]"
)
"""A character that a reader may see as another, or an escape of more than a line break: without one, and without a
bracket, nothing is hidden."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A text as a reader sees it, and where each of its letters begins and ends in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, place: int) -> tuple[int, int]:
        """Where the letter stands in the original."""
        return self.starts[place], self.ends[place]


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
    return bool(own and own[0].search(read)) or ("<" in read and ENVELOPE.search(read) is not None)


@lru_cache(maxsize=256)
def _own(mark: str) -> tuple[re.Pattern[str], re.Pattern[str]] | None:
    """What finds the mark, its letters parted by a blank or a hyphen included, and its places; None without a mark.

    The first begins with a letter, by which a text is searched fast. An escaped line break alone unfolds no text.
    """
    spread = r"(?:[\s-]|\\{1,4}[nrt])?".join(map(re.escape, _read(mark)))
    return (re.compile(spread), re.compile(f"(?={spread})")) if spread else None


def _changed(text: str, mark: str, half: bool) -> list[str]:
    """The letters of the text, each as it stands when the forgeries in it are opened."""
    seen, letters = _seen(text), list(text)
    for place in _openings(seen.text, half):
        start, end = seen.span(place)
        letters[start:end] = [BROKEN, *[""] * (end - start - 1)]
    own = _own(mark)
    for match in own[1].finditer(seen.text) if own else ():
        letters[seen.span(match.start())[1] - 1] += PARTED
    return letters


def _openings(read: str, half: bool) -> Iterator[int]:
    yield from (match.start() for match in _PLACES.finditer(read))
    if half and _half(read):
        yield read.rindex("<")


def _half(read: str) -> bool:
    """Whether the text ends within a tag that may become an envelope."""
    last = read.rfind("<")
    return last >= 0 and _HALF.fullmatch(read, last) is not None


def _read(text: str) -> str:
    """The text as a reader sees it: in small letters, without what is not seen, escapes unfolded."""
    if ("<" not in text or "\\" not in text) and _TELLING.search(text) is None:
        return text.lower()
    table = {ord(letter): seen for letter in set(text) - _PLAIN if (seen := shown(letter)) != letter}
    plain = (text.translate(table) if table else text).lower()
    for _ in range(_TWICE):
        if not _escapes(plain):
            break
        plain = _ESCAPE.sub(lambda match: _unfolded(match[0]), plain)
    return plain


def _seen(text: str) -> _Seen:
    """What `_read` gives, with the places."""
    table = {letter: shown(letter) for letter in set(text)}
    plain = "".join(map(table.__getitem__, text))
    places: Sequence[int] = range(len(text))
    if any(len(seen) != 1 for seen in table.values()):
        places = [place for place, letter in enumerate(text) for _ in table[letter]]
    seen = _Seen(plain, places, [place + 1 for place in places])
    for _ in range(_TWICE):
        seen = _opened(seen) if _escapes(seen.text) else seen
    return seen


def _opened(seen: _Seen) -> _Seen:
    """The same with its escapes unfolded once."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for match in _ESCAPE.finditer(seen.text):
        start, end = match.span()
        parts += (seen.text[done:start], letters := _unfolded(match[0]))
        starts += (*seen.starts[done:start], *[seen.starts[start]] * len(letters))
        ends += (*seen.ends[done:start], *[seen.ends[end - 1]] * len(letters))
        done = end
    starts.extend(seen.starts[done:])
    ends.extend(seen.ends[done:])
    return _Seen("".join(parts) + seen.text[done:], starts, ends)


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
    if name[0] == "n":
        return named(name[2:-1]) or escape
    if name[0].isdigit():
        return _letter(name, 8)
    if "\\" in name:
        high, low = (int(part[-4:], 16) for part in (name.partition("\\")[0], name))
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
    return _long(name) if name[0] == "u" and len(name) == 9 and name[1] != "{" else _letter(digits, 16)


def _long(name: str) -> str:
    """What eight digits mean: a letter of the tag or a mark; else four of them are a hidden sign's."""
    letter = _letter(name[1:], 16)
    return letter if shown(letter).isascii() else _letter(name[1:5], 16) + name[5:]


def _letter(digits: str, base: int) -> str:
    short = digits.lstrip("0")
    number = int(short, base) if 0 < len(short) <= 7 else 0
    return chr(number) if number <= 0x10FFFF else "\ufffd"
