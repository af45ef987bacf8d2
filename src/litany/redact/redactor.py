"""Redactor: takes secrets out of text; JSON stays JSON, and what was redacted once stays as it is."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from litany.redact.entropy import BLOB, CANDIDATE, random
from litany.redact.keys import hollow, secret
from litany.redact.patterns import (
    AUTHORIZATION,
    COOKIE,
    LOGIN,
    PAIRED,
    PEM,
    SCHEME,
    TOKEN_LOGIN,
    USER,
    VENDOR,
    WEBHOOK,
    scheme_secret,
)

GONE = "[redacted]"
"""What stands in a secret's place."""
OPAQUE = frozenset({"data", "signature", "thought_signature", "thoughtSignature", "encrypted_content", "b64_json"})
"""Keys of provider fields that are never edited: only a secret of known shape is looked for there."""
IDS = frozenset({"id", "tool_call_id", "tool_use_id", "call_id", "item_id", "response_id", "file_id", "mark", "handle"})
"""Keys of ids that must stay as they are, or results would lose their calls."""
NAMED = ("name", "key", "Name", "Key")
DEEPEST = 8
"""JSON within a text within JSON is followed so far."""
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
LINE = re.compile(r"[ \t]*(?:[-*]|export|set|ENV|ARG)?[ \t]*\Z")
"""What may stand before a name that begins its line."""


class Redactor:
    """Takes out secrets: by the name that stands before them, by their own shape, by their randomness.

    Time is linear in the text; redacting twice changes nothing; JSON gives JSON.
    `entropy`: whether long random tokens are taken for secrets.
    """

    def __init__(self, *, entropy: bool = True) -> None:
        self._entropy = entropy

    def __call__(self, text: str) -> str:
        """The text without its secrets."""
        return self._read(text, 0, self._entropy)

    def _read(self, text: str, depth: int, entropy: bool) -> str:
        if depth < DEEPEST and text.lstrip()[:1] in ("{", "["):
            try:
                value = json.loads(text)
            except (ValueError, RecursionError):
                return self._plain(text, entropy)
            after = self._walked(value, "", depth + 1, entropy)
            return text if after == value else _written(after, text)
        return self._plain(text, entropy)

    def _walked(self, value: Any, key: str, depth: int, entropy: bool) -> Any:
        if isinstance(value, str):
            return self._valued(value, key, depth, entropy)
        if isinstance(value, list):
            return [self._walked(item, key, depth, entropy) for item in value]
        if isinstance(value, dict):
            named = _named(value)
            return {
                self._plain(name, False): self._walked(
                    inner, named if name in ("value", "Value") else name, depth, entropy
                )
                for name, inner in value.items()
            }
        return GONE if _number(value) and secret(key) and len(str(value)) > 3 else value

    def _valued(self, value: str, key: str, depth: int, entropy: bool) -> str:
        if key and secret(key) and not hollow(value) and _likely(key, value):
            return GONE
        if key in OPAQUE or key in IDS or value.startswith("data:"):
            return VENDOR.sub(GONE, value)
        return self._read(value, depth, entropy)

    def _plain(self, text: str, entropy: bool) -> str:
        if len(text) < 8:
            return text
        if "-----BEGIN" in text:
            text = PEM.sub(GONE, text)
        if "://" in text:
            text = LOGIN.sub(lambda found: f"{found[1]}:{GONE}@", text)
            text = TOKEN_LOGIN.sub(f"{GONE}@", text)
        if ".com/" in text:
            text = WEBHOOK.sub(lambda found: found[1] + GONE, text)
        text = VENDOR.sub(GONE, text)
        text = AUTHORIZATION.sub(lambda found: found[1] + GONE, text)
        text = COOKIE.sub(lambda found: found[1] + GONE, text)
        text = SCHEME.sub(_scheme, text)
        text = USER.sub(lambda found: found[1] + GONE, text)
        text = PAIRED.sub(_paired, text)
        text = "".join(_pieces(text))
        return _drawn(text) if entropy else text


def redacted(value: Any, redact: Callable[[str], str]) -> Any:
    """Plain values with each text in them redacted; the keys stay."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: redacted(inner, redact) for key, inner in value.items()}
    return [redacted(inner, redact) for inner in value] if isinstance(value, list | tuple) else value


def _written(value: Any, like: str) -> str:
    """The value as JSON, in about the layout of the text that it was read from."""
    ascii_only = like.isascii()
    if "\n" in like.strip():
        return json.dumps(value, ensure_ascii=ascii_only, indent=2)
    tight = '": ' not in like and '", ' not in like
    return json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":") if tight else (", ", ": "))


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _named(fields: Mapping[str, object]) -> str:
    """What a list of names and values calls this value: {"name": "API_KEY", "value": …}."""
    return next((name for key in NAMED if isinstance(name := fields.get(key), str)), "value")


def _likely(key: str, value: str) -> bool:
    """A bare `token` may be a piece of text: there the value has to look like a secret."""
    return key.lower() != "token" or (len(value) >= 8 and (len(value) >= 16 or any(map(str.isdigit, value))))


def _scheme(found: re.Match[str]) -> str:
    return found[1] + found[2] + GONE if scheme_secret(found[1], found[3]) else found[0]


def _paired(found: re.Match[str]) -> str:
    return found[1] + GONE if secret(found[2]) and not hollow(found[3]) else found[0]


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces, the values of secret names replaced."""
    done = place = 0
    while found := KEYED.search(text, place):
        place = found.end()
        span = _value(text, found) if secret(found["key"] or found["flag"]) else None
        if span is not None:
            yield text[done : span[0]] + GONE
            done = place = span[1]
    yield text[done:]


def _value(text: str, found: re.Match[str]) -> tuple[int, int] | None:
    """Where the value stands that follows this name; None when it is no secret. Only what is replaced is read whole."""
    key, opening = found["key"] or found["flag"], QUOTE.match(text, found.end())
    quote = opening[0] if opening else ""
    start = found.end() + len(quote)
    body = ESCAPED if "\\" in quote else QUOTED[quote[-1]] if quote else WORD
    first = body.match(text, start, start + PEEK)
    if first is None or hollow(first[0]):
        return None
    if not (_likely(key, first[0]) if quote else _bare(found, first)):
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
    before = text[
        max(text.rfind("\n", max(0, found.start() - 40), found.start()) + 1, found.start() - 40) : found.start()
    ]
    if LINE.match(before) and text[word.end() : word.end() + 1] in ("", "\n", "\r") and ":" in found["sep"]:
        return not value[:1].isupper() or digits
    return (len(value) >= 8 and digits and not value.isdigit()) or len(value) >= 32


def _drawn(text: str) -> str:
    """The text without the long random tokens in it."""
    blobs = [found.span() for found in BLOB.finditer(text)] if "\n" in text else []

    def change(found: re.Match[str]) -> str:
        inside = any(start <= found.start() < end for start, end in blobs)
        before = found.string[max(0, found.start() - 7) : found.start()]
        known = inside or before.endswith(("h1:", "base64,")) or not random(found[0])
        return found[0] if known else GONE

    return CANDIDATE.sub(change, text)
