"""Places: secrets that are known by what is around them: a command, a file of logins, an XML element, a sentence."""

import re

from litany.redact.keys import GONE, hollow, secret

QUOTED = r"[\"'`]?"
PART = r"[^\s\"'`|;&\\]"
GAP = r"[^\n|;&]{0,200}?\s"
"""Options between a command and the one that holds its secret."""
COMMANDS = (
    rf"\bsshpass\s{{1,3}}-p\s{{0,3}}{QUOTED}",
    rf"\b(?:mysql(?:dump|admin|import|show|check|sh)?|mariadb(?:-\w{{1,12}})?){GAP}-p{QUOTED}",
    rf"\bredis-cli{GAP}-a\s{{1,3}}{QUOTED}",
    rf"\b(?:mongo(?:sh|dump|restore|export|import)?|docker\s+login|podman\s+login|helm\s+registry\s+login|az\s+login)"
    rf"{GAP}-p\s{{1,3}}{QUOTED}",
    rf"\b(?:sqlcmd|unzip|zip){GAP}-P\s{{0,3}}{QUOTED}",
    rf"\b7za?{GAP}-p{QUOTED}",
    rf"\bldap(?:search|modify|add|delete|passwd|whoami){GAP}-w\s{{1,3}}{QUOTED}",
    rf"-pass(?:in|out)?[ =]{QUOTED}pass:",
    rf"\b(?:smbclient|rpcclient|winexe|net){GAP}-U\s{{0,3}}{QUOTED}[^\s%\"']{{1,60}}%",
    rf"\bhtpasswd\s{{1,3}}-\w{{0,6}}b\w{{0,6}}\s[^\n|;&]{{0,200}}?\S\s+{QUOTED}(?=\S+\s*$)",
    rf"\brabbitmqctl{GAP}(?:add_user|change_password)\s+\S{{1,60}}\s+{QUOTED}",
)
COMMANDED = (
    *("sshpass", "mysql", "mariadb", "redis-cli", "mongo", "login", "sqlcmd", "zip", "7z", "ldap", "-pass"),
    *("smbclient", "rpcclient", "winexe", "net", "htpasswd", "rabbitmqctl"),
)
"""One of these is in a text that has such a command."""
COMMAND = re.compile(rf"(?m)({'|'.join(COMMANDS)})({PART}{{3,}})")
PIPED = re.compile(
    r"(\becho\s+(?:-\w+\s+)?)([^\n|;&]{3,200}?)(?=\s*\|\s*(?:sudo\s[^\n]{0,40}-S|chpasswd|passwd|cryptsetup))"
)
"""A password that is piped into what asks for one."""
USER = re.compile(
    r"((?:(?:^|\s)(?:-u|--(?:proxy-)?user)(?:[ =]\s{0,3}|(?<=-u))[\"']?)([^\s:\"'=]{1,100}):)([^\s\"'\\]{3,})"
)
NETRC = re.compile(
    r"(?i)(\b(?:machine\s{1,9}\S{1,200}|default)\s{1,20}(?:(?:login|account)\s{1,9}\S{1,200}\s{1,20}){0,2}password\s{1,9}"
    r"|\blogin\s{1,9}\S{1,100}\s{1,20}password\s{1,9}(?=\S{0,60}[\d!@#$%^&*]))([^\s\"'\\]{3,})"
)
PGPASS = re.compile(
    r"((?<![^\s\"'`:])(?:\*|localhost|[A-Za-z][\w.-]{0,250}|\d{1,3}(?:\.\d{1,3}){3}):(?:\*|\d{2,5}):"
    r"(?!\d{1,6}:)[^\s:\"'\\]{1,64}:[^\s:\"'\\]{1,64}:)([^\s\"'`\\]{3,})"
)
ELEMENT = re.compile(
    r"(<(?:[\w.-]{1,40}:)?([A-Za-z_][\w.-]{0,80})(?:\s[^<>]{0,200})?>(?:<!\[CDATA\[)?)([^<>\]]{3,4000})(?=\]\]>|</)"
)
SIGNED = re.compile(
    r"(?i)((?:[?&]|&amp;|\\u0026)(?:(?:sig|signature|x-amz-signature|x-goog-signature)=|"
    r"(?:code|key|auth)=(?=[^\s&]{20})(?=[A-Za-z_%-]{0,60}\d)))([^\s&\"'<>\\]{8,})"
)
PHRASE = re.compile(
    r"(?im)(\b(?:pass[ -]?phrase|(?:seed|recovery|mnemonic)(?:[ -](?:phrase|words))?|mnemonic)\s{0,3}[:=]\s{0,3}[\"']?)"
    r"([a-z]{2,12}(?:[ -][a-z]{2,12}){3,23})(?=[\"'.]?\s*$)"
)
PASSES = r"pass(?:word|phrase|code|wd)|pwd|pin"
SPOKEN = re.compile(
    rf"(?i)(\b(?:(?P<key>(?:api|access|secret|private|signing|encryption|master|account|license|auth) key|pin code|"
    rf"(?:secret|access|auth|api) token)|(?P<pass>{PASSES})|(?P<rest>secret|token))"
    r"(?: (?:for|of|on) [\w@.-]{1,60}){0,2}[\"'*`]{0,3}\s{0,3}"
    r"(?:(?P<verb>is|was|to|set to|be)(?: now| still| set to)?:?|(?P<mark>[:=]))\s{1,4}[*]{0,2})"
    r"(?P<quote>[\"'`]?)(?P<value>(?<=[\"'`])[^\"'`\n\\]{4,100}|[^\s\"'*`,;{}\[\]()<>\\]{4,200})"
)
WELL_KNOWN = re.compile(
    r"(?i)(?:base|sha|md|utf|aes|rsa|http|oauth|argon|pbkdf|ed|win|x)-?\d+\w{0,3}$|[\w/.-]+/|[a-z]+://"
)
"""What a sentence may say that a password is, with digits in it: an algorithm, a path."""
ODD = re.compile(r"[A-Za-z][!@#$%^&*+][A-Za-z\d]|[a-z][A-Z]")
CODE = re.compile(
    r"(?i)((?:\b(\w{1,20})[ -])?\b(?:code|passcode|pin|otp)\b[\"'*`]{0,3}\s{0,3}"
    r"(?:is|was|of|[:=#])?:?\s{0,3}[\"'*`]{0,3})"
    r"((?:[A-Z]-)?\d{3}[ -]\d{3}|(?:[A-Z]-)?\d{4,8})(?![\w-]|\.\d)"
)
FIRST = re.compile(
    r"(?i)(?<![\w.-])(?:[A-Z]-)?\d{4,8}(?=\s{1,3}is\s{1,3}your\s[^\n.]{0,60}(?:code|otp|pin|passcode|password)\b)"
)
NEAR = re.compile(
    r"(?i)\b(?:otp|one[- ]time|verif\w+|2fa|mfa|two[- ]factor|two[- ]step|log ?in|sign[- ]?in|authenticat\w+|"
    r"security code|passcode|confirmation code|pin code)\b"
)
"""Words by which a number that is called a code is one to log in with."""
OTHER = frozenset(
    ("error", "exit", "status", "response", "return", "http", "zip", "area", "country", "postal", "product", "source")
)
"""What makes a code another kind of number."""
AROUND = 120


def placed(text: str) -> str:
    """The text without the secrets of commands, of files of logins, of XML and of signed addresses."""
    if any(name in text for name in COMMANDED):
        text = COMMAND.sub(_second, text)
    if "|" in text:
        text = PIPED.sub(_piped, text)
    text = USER.sub(_user, text)
    text = NETRC.sub(_second, text)
    text = PGPASS.sub(_second, text)
    if "</" in text or "]]>" in text:
        text = ELEMENT.sub(
            lambda found: found[1] + GONE if secret(found[2]) and not hollow(found[3]) else found[0], text
        )
    return SIGNED.sub(_second, text) if "=" in text else text


def spoken(text: str) -> str:
    """The text without what a sentence says a password is."""
    return SPOKEN.sub(_spoken, PHRASE.sub(_second, text))


def coded(text: str) -> str:
    """The text without one-time codes. Called last: how near a word stands must not change after."""
    return FIRST.sub(GONE, CODE.sub(_code, text))


def _second(found: re.Match[str]) -> str:
    value = found[2]
    return found[0] if hollow(value) or re.fullmatch(r"\d+:\d+", value) else found[1] + GONE


def _piped(found: re.Match[str]) -> str:
    value = found[2].strip()
    if hollow(value) or GONE in value:
        return found[0]
    quote = value[0] if value[0] in "\"'" and value[-1] == value[0] else ""
    return found[1] + quote + GONE + quote


def _user(found: re.Match[str]) -> str:
    return found[0] if hollow(found[3]) or found[2][:1] == "$" or found[3].isdigit() else found[1] + GONE


def _spoken(found: re.Match[str]) -> str:
    value = found["value"]
    end = value if found["quote"] else value.rstrip(".!?:")
    if (found["mark"] and not found["key"]) or not _said(found, end):
        return found[0]
    return found[1] + found["quote"] + GONE + value[len(end) :]


def _said(found: re.Match[str], value: str) -> bool:
    """Whether a sentence names a secret here, and does not only say something about it."""
    if len(value) < 4 or hollow(value) or GONE in value or WELL_KNOWN.match(value):
        return False
    if found["pass"] and ((found["quote"] and found["verb"]) or ODD.search(value)):
        return True
    digits = any(map(str.isdigit, value))
    if value.isdigit():
        return len(value) <= 12 and (bool(found["pass"]) or found["key"] == "pin code")
    return digits and len(value) >= (5 if found["pass"] else 8)


def _code(found: re.Match[str]) -> str:
    if found[2] and found[2].lower() in OTHER:
        return found[0]
    around = found.string[max(0, found.start() - AROUND) : found.end() + AROUND]
    return found[1] + GONE if NEAR.search(around) else found[0]
