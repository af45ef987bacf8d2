"""Named: values that stand after the name of a secret, `password: …`, `API_KEY=…`, `--token …`."""

import re
from collections.abc import Iterator

from litany.redact.keys import GONE, hollow, secret

KEYED = re.compile(
    r"(?<![\w.-])(?:(?P<key>[A-Za-z_][\w.-]{1,79})(?P<sep>\\{0,3}[\"']?[ \t]{0,4}(?:=>|:=|==|=|:)[ \t]{0,4})|"
    r"--(?P<flag>[a-z][\w-]{1,40})(?P<gap>[ =]))"
)
"""A name and what parts it from its value."""
QUOTE = re.compile(r"(?:\[[ \t]{0,4})?\\{0,3}[\"']|")
QUOTED = {'"': re.compile(r"(?:[^\"\\\n]|\\[^\n])*"), "'": re.compile(r"(?:[^'\\\n]|\\[^\n])*")}
ESCAPED = re.compile(r"[^\"'\\]*")
"""A value whose quotes are escaped: JSON within JSON."""
WORD = re.compile(r"[^\s\"',;&)}\]\\]+")
DOTTED = re.compile(r"\w+(?:\.\w+)+\.?")
PEEK = 80
"""Characters of a value by which it is judged: those of one that stays are read once more."""
PASSED = re.compile(r"(?i)(?:pass(?:word|wd|phrase|code)?|pwd|pw|otp|secret)\d*\Z")
"""Names of what a person types: short, and seldom drawn."""
INNER = re.compile(r"[a-z][A-Z]")
LINE = re.compile(r"(?:[ \t]*\d{1,6}[ \t:|]{1,4})?[ \t]*(?:[-+*>]|export|set|ENV|ARG)?[ \t]*\Z")
"""What may stand before a name that begins its line."""


def pieces(text: str) -> Iterator[str]:
    """The text in pieces, the values of secret names replaced."""
    done = place = 0
    while found := KEYED.search(text, place):
        place = found.end()
        span = _value(text, found) if secret(found["key"] or found["flag"]) else None
        if span is not None:
            yield text[done : span[0]] + GONE
            done = place = span[1]
    yield text[done:]


def likely(key: str, value: str) -> bool:
    """A bare `token` may be a piece of text: there the value has to look like a secret."""
    return key.lower() != "token" or (len(value) >= 8 and (len(value) >= 16 or any(map(str.isdigit, value))))


def _value(text: str, found: re.Match[str]) -> tuple[int, int] | None:
    """Where the value stands that follows this name; None when it is no secret. Only what is replaced is read whole."""
    key, opening = found["key"] or found["flag"], QUOTE.match(text, found.end())
    quote = opening[0] if opening else ""
    start = found.end() + len(quote)
    body = ESCAPED if "\\" in quote else QUOTED[quote[-1]] if quote else WORD
    first = body.match(text, start, start + PEEK)
    if first is None or hollow(first[0]):
        return None
    if not (likely(key, first[0]) if quote else _bare(found, first)):
        return None
    return start, body.match(text, start).end()  # type: ignore[union-attr]  # it begins with what `first` found


def _bare(found: re.Match[str], word: re.Match[str]) -> bool:
    """Whether a value without quotes is a secret and not code or prose; `word` is its beginning."""
    text, value, key = found.string, word[0], found["key"]
    if value.startswith(("[", "{", "(")):
        return False
    if key is None:
        return not value.startswith("-")
    if found["sep"][0] in "\"'\\" and value.isdigit():
        return len(value) > 3
    if value.lower() in key.lower() or found["sep"].strip() == "==" or DOTTED.fullmatch(value):
        return False
    digits = any(map(str.isdigit, value))
    if found["sep"] == "=" and (not value.isidentifier() or digits or key.isupper() or text[found.start() - 1] in "?&"):
        return True
    if key == "PASS" or (key.lower() == "pass" and value.isdigit()):
        return False
    if value.isidentifier() and not digits and secret(value):
        return False
    return _alone(found, word) or _typed(found, value, digits) or _long(value, digits)


def _alone(found: re.Match[str], word: re.Match[str]) -> bool:
    """Whether a name and its value have their line, or their quotes, for themselves."""
    text, start, colon = found.string, found.start(), ":" in found["sep"]
    after = text[word.end() : word.end() + 1]
    if after in ("'", '"') and colon and text[max(0, start - 1) : start] == after:
        return True
    before = text[max(text.rfind("\n", max(0, start - 40), start) + 1, start - 40) : start]
    return after in ("", "\n", "\r") and bool(
        LINE.match(before) if colon else not before and PASSED.search(found["key"])
    )


def _long(value: str, digits: bool) -> bool:
    return (len(value) >= 8 and digits and not value.isdigit()) or len(value) >= 32


def _typed(found: re.Match[str], value: str, digits: bool) -> bool:
    """Whether a word after the name of a password, somewhere in a line, is one that was typed in."""
    key = found["key"]
    if found["sep"].strip() != ":" or not PASSED.search(key):
        return False
    if value.isdigit():
        return 4 <= len(value) <= 12
    return len(value) >= 5 and (digits or (key[:1].isupper() and INNER.search(value) is not None))
