"""Entropy: long tokens that nobody would write by hand, told from names, paths, digests and ids."""

import re
from collections import Counter
from math import log2

CANDIDATE = re.compile(r"(?<![A-Za-z0-9_+/=.~-])[A-Za-z0-9_+/=-]{20,200}(?![A-Za-z0-9_+/=-])")
LEAST = 16
"""Characters without a separator that a secret has somewhere."""
LONE = 32
"""The same, for a token of small letters and digits only."""
BITS = 3.2
"""Shannon's entropy a character, at least."""
WORDLIKE = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}|[0-9]{5,}")
PARTS = re.compile(r"[_+/=-]+")
HEX = re.compile(r"[0-9a-fA-F_-]+")
PUBLIC = re.compile(
    r"(?:call|toolu|srvtoolu|msg|req|chatcmpl|resp|fc|rs|ctc|run|thread|step|asst|file|item|batch)[_-]|"
    r"sha(?:1|256|384|512)-|AAAA|Qm[1-9A-Za-z]{44}$"
)
"""How public ids, integrity hashes, public keys and content addresses begin."""
BLOB = re.compile(
    r"(?:^[ \t]{0,8}[A-Za-z0-9+/]{56,76}={0,2}\r?\n){2,}(?:[ \t]{0,8}[A-Za-z0-9+/]{1,76}={0,2}$)?", re.MULTILINE
)
"""Lines of base64: a certificate or an encoded file, not a key."""


def random(token: str) -> bool:
    """Whether the token looks drawn, not written."""
    if PUBLIC.match(token) or HEX.fullmatch(token):
        return False
    longest = max(PARTS.split(token), key=len)
    classes = sum(any(map(kind, longest)) for kind in (str.islower, str.isupper, str.isdigit))
    if classes < 2 or len(longest) < (LEAST if classes == 3 else LONE) or not any(map(str.isdigit, longest)):
        return False
    if HEX.fullmatch(longest):
        return False
    wordlike = sum(len(run) for run in WORDLIKE.findall(longest))
    return wordlike * 2 < len(longest) and _bits(longest) >= BITS


def _bits(token: str) -> float:
    shares = [number / len(token) for number in Counter(token).values()]
    return -sum(share * log2(share) for share in shares)
