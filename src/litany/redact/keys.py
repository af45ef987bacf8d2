"""Keys: which names promise a secret, and which values after such a name are none."""

import re
from functools import lru_cache

WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
GONE = "[redacted]"
"""What stands in a secret's place."""
PHRASES = (
    ("api", "key"),
    ("apikey",),
    ("access", "key"),
    ("secret", "key"),
    ("private", "key"),
    ("signing", "key"),
    ("encryption", "key"),
    ("auth", "key"),
    ("account", "key"),
    ("master", "key"),
    ("session", "key"),
    ("subscription", "key"),
    ("license", "key"),
    ("app", "key"),
    ("hmac", "key"),
    ("access", "signature"),
    ("pin", "code"),
    ("pincode",),
    ("otp", "code"),
    ("mfa", "code"),
    ("verification", "code"),
    ("recovery", "code"),
    ("backup", "code"),
    ("seed", "phrase"),
    ("recovery", "phrase"),
    ("mnemonic",),
    ("passkey",),
    ("rediscli", "auth"),
    ("password",),
    ("passwd",),
    ("passphrase",),
    ("passcode",),
    ("pwd",),
    ("pgpassword",),
    ("secret",),
    ("secrets",),
    ("token",),
    ("authtoken",),
    ("accesstoken",),
    ("authorization",),
    ("credential",),
    ("credentials",),
    ("cookie",),
    ("pat",),
)
SHORT = frozenset({"pass", "pw", "otp", "totp"})
"""Words that promise a secret where they end a name."""
ENDINGS = ("password", "passwd", "passphrase", "apikey", "secretkey", "authtoken")
"""How one word ends that is two: `dbpassword`."""
GLUED = re.compile(r"(?:db|user|my|mysql|pg|postgres|admin|root|ssh|smtp|mail|ftp|http|proxy|ldap|redis|key|store)pass")
TURNS = frozenset(
    WORDS.findall(
        "to first second third last next one two three multi single by forward backward render test tests per high "
        "low band all full final each pre post must should did num max"
    )
)
"""Words before `pass` that say it is a turn, a filter or an outcome."""
BEFORE = frozenset(
    {"next", "page", "continuation", "max", "min", "num", "stop", "eos", "bos", "pad", "unk", "sep", "mask"}
)
"""Words before `token` that say it is a place or a piece of text."""
AFTER = frozenset(
    WORDS.findall(
        "count counts type types name names id ids field fields header headers path file files length len size limit "
        "url uri env var policy manager store class usage format expiry expires expiration ttl at in on hint label "
        "placeholder required rules strength reset budget index pattern regex version arn ref per rate scopes scope"
    )
)
"""Words after a secret's name that say the value is about it, and not it."""
TRIVIAL = frozenset(
    WORDS.findall(
        "null none nil true false undefined str string bytes int integer number bool boolean any object optional "
        "required text secretstr char varchar redacted hidden masked removed empty missing unset invalid expired wrong "
        "incorrect needed mandatory forgotten correct disabled enabled yes unknown hashed encrypted plaintext here "
        "below above default bearer basic"
    )
)
PLACEHOLDER = re.compile(
    r"\[redacted|\$|\{\{|<[^>]*>?$|%\(|\*{3}|x{3,}$|\.{3}|…|your[_-]|os\.|process\.|env\.|self\.|config\.|settings\.|"
    r"args\.|options\.|secrets\.|params\.|[\w.]+\(",
    re.IGNORECASE,
)
"""How a value begins that stands for another."""


@lru_cache(maxsize=4_096)
def secret(name: str) -> bool:
    """Whether the value under this name is to be taken out."""
    words = [word.lower() for word in WORDS.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    for phrase in PHRASES:
        for place in range(len(words) - len(phrase) + 1):
            if tuple(words[place : place + len(phrase)]) == phrase:
                return not _about(words[:place], phrase, words[place + len(phrase) :])
    return _short(words)


def _short(words: list[str]) -> bool:
    """Whether the last word alone promises a secret."""
    if not words:
        return False
    last = words[-1]
    if last in SHORT:
        return len(words) == 1 or words[-2] not in TURNS
    return last.endswith(ENDINGS) or GLUED.fullmatch(last) is not None


def hollow(value: str) -> bool:
    """Whether the value is no secret: empty, a type, a placeholder, or a name for another value."""
    bare = value.strip().strip("\"'`\\,;")
    return len(bare) < 3 or bare.lower() in TRIVIAL or PLACEHOLDER.match(bare) is not None


def _about(before: list[str], phrase: tuple[str, ...], after: list[str]) -> bool:
    if after and after[0] in AFTER:
        return phrase != ("access", "key") or after[0] != "id"
    return bool(before) and phrase == ("token",) and before[-1] in BEFORE
