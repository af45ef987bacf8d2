"""Patterns: secrets that are known by their own shape, whatever stands around them."""

import re

from litany.redact.keys import GONE

START = r"(?<![A-Za-z0-9_])"
VENDORS = (
    r"sk-ant-[A-Za-z0-9_-]{8,}",
    r"sk-(?=[A-Za-z_-]{0,60}\d)[A-Za-z0-9_-]{16,}",
    r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}",
    r"whsec_[A-Za-z0-9+/=]{16,}",
    r"gh[opusr]_[A-Za-z0-9]{16,}",
    r"github_pat_[A-Za-z0-9_]{16,}",
    r"gl(?:pat|ptt|dt|rt|cbt|oas|imt|ft|soat|agent)-[A-Za-z0-9_-]{16,}",
    r"xox[a-z][.-][A-Za-z0-9.-]{8,}",
    r"xapp-[A-Za-z0-9-]{16,}",
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",
    r"AIza[A-Za-z0-9_-]{30,}",
    r"ya29\.[A-Za-z0-9_-]{16,}",
    r"GOCSPX-[A-Za-z0-9_-]{16,}",
    r"hf_[A-Za-z0-9]{20,}",
    r"npm_[A-Za-z0-9]{30,}",
    r"pypi-[A-Za-z0-9_-]{40,}",
    r"(?:gsk|xai|pplx|tvly|r8|lin_api|nvapi|do[opr]_v1|ntn|figd|glsa|glc|shp(?:at|ss|ca|pa)|sq0[a-z]{3})[_-][A-Za-z0-9_-]{16,}",
    r"(?<!-)SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    r"AGE-(?:SECRET-KEY|PLUGIN-[A-Z0-9]{1,20})-1?[A-Z0-9]{16,}",
    r"dapi[a-f0-9]{32}(?:-\d)?",
    r"AT(?:ATT|CTT|BB)[A-Za-z0-9_=-]{16,}",
    r"(?<![/+=-])EAA(?=[A-Za-z]{0,40}\d)[A-Z][A-Za-z0-9]{16,}",
    r"(?<!-)key-(?=[a-z]{0,31}\d)[a-z0-9]{32}(?![A-Za-z0-9])",
    r"(?<![/+=-])1//0[A-Za-z0-9_-]{20,}",
    r"hv[sbr]\.[A-Za-z0-9_-]{16,}",
    r"dckr_[a-z]{2,4}_[A-Za-z0-9_-]{16,}",
    r"(?:NRAK|NRII|PMAK)-[A-Za-z0-9-]{16,}",
    r"(?:rubygems|sntry[su]|sbp|sb_secret|pscale_(?:tkn|pw|oauth)|tfp|vercel)_[A-Za-z0-9_=+/-]{20,}",
    r"(?:pul-[a-f0-9]{40}|tskey-[a-z]{2,12}-[A-Za-z0-9-]{12,}|dp\.[a-z]{2,5}\.[A-Za-z0-9]{30,})",
    r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{40,}",
    r"(?<![/+=-])[MNO][A-Za-z\d_-]{23,25}\.[\w-]{6}\.[\w-]{27,}",
    r"(?<![/+=-])SK[a-f0-9]{32}(?![A-Za-z0-9])",
    r"(?<![/+=-])LTAI[A-Za-z0-9]{16,24}(?![A-Za-z0-9])",
    r"AC[a-f0-9]{32}:[a-f0-9]{32}",
    r"\d{8,10}:AA[A-Za-z0-9_-]{30,}",
    r"(?<!-)eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,3}",
)
HASHES = (
    r"\$(?:[1567]|2[abxy]?|g?y|sha1|apr1|md5|argon2(?:id|i|d)|scrypt|bcrypt-sha256|pbkdf2[a-z0-9-]{0,12})"
    r"\$[^\s$:\"'\\]{1,64}\$[A-Za-z0-9./+=,_$-]{8,}",
    r"\$2[abxy]?\$\d\d\$[A-Za-z0-9./]{8,}",
    r"\$[PH]\$[A-Za-z0-9./]{31}",
    START + r"(?:pbkdf2_sha\d{1,3}|pbkdf2:sha\d{1,3}|scrypt)[$:][\d:]{1,20}\$[^\s$\"'\\]{1,64}\$[A-Za-z0-9+/=]{8,}",
    r"\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT)\}[A-Za-z0-9+/=$.]{16,}",
    START + r"[a-fA-F0-9]{32}:[a-fA-F0-9]{32}(?=:::)",
)
"""Hashes of passwords: they can be guessed back."""
VENDOR = re.compile(START + "(?:" + "|".join(VENDORS) + ")+|" + "|".join(HASHES))
PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}-----|\Z)")
BODY = r"(?:\\[nr]|\s){1,4}[A-Za-z0-9+/=]"
KEY_BODY = re.compile(
    r"(?<![A-Za-z0-9+/=])(?:MII[A-Za-z0-9+/]{3}IBAAK[BC]|MII[A-Za-z0-9+/]{3}IBADANBgkqhkiG9w0B|MHcCAQEE|MC4CAQAwBQYDK2Vw|"
    rf"b3BlbnNzaC1rZXktdjE)[A-Za-z0-9+/=]*(?:{BODY}{{40,}})*(?:{BODY}{{0,70}}=(?![A-Za-z0-9]))?"
)
"""How the body of a private key begins, for one whose first and last lines are cut off."""
END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
PEM_LINE = re.compile(r"(?:^|(?<=\s)|(?<=\\n))[ \t]*[A-Za-z0-9+/=]{16,}(?:\\n)?[ \t\r]*$")
WEBHOOK = re.compile(r"(hooks\.slack\.com/(?:services|workflows)/|discord(?:app)?\.com/api/webhooks/)[\w/-]+")
SCHEME = re.compile(r"(?i)\b(bearer|basic|apikey|token)(\s{1,4})([A-Za-z0-9._~+/=-]{8,})")
"""An authorization scheme and what follows; prose has words there, see `scheme_secret`."""
LOGIN = re.compile(r"(?<=://)([^\s:/@\"'<>\\]{0,100}):([^\s/\"'<>\\]{1,300})@")
TOKEN_LOGIN = re.compile(r"(?<=://)[A-Za-z0-9_-]{20,300}@")
PAIRED = re.compile(
    r"(?i)(\b(?:name|key)[\"']?\s{0,4}[:=]\s{0,4}[\"']?([\w.-]{1,80})[\"']?,?\s{0,40}"
    r"[\"']?\bvalue[\"']?\s{0,4}[:=]\s{0,4}[\"']?)([^\"'\\\n,}]{1,4000})"
)
"""A name and its value in a list of such pairs, as deployments have them."""
COOKIE = re.compile(r"(?i)(\b(?:set-)?cookie[\"']?\s{0,4}[:=]\s{0,4}[\"']?)([^\s=\"']{1,200}=[^\r\n\"']{1,4000})")
AUTHORIZATION = re.compile(
    r"(?i)(\b(?:proxy-)?authorization[\"']?\s{0,4}[:=]\s{0,4}[\"']?)"
    r"((?:bearer|basic|token|digest|apikey|negotiate|aws4-hmac-sha256)\s[^\r\n\"'\\]{1,4000})"
)


def scheme_secret(word: str, value: str) -> bool:
    """Whether what follows a scheme's name is a credential: not a word of prose, nor a name."""
    if word.lower() in ("token", "apikey"):
        return len(value) >= 16 and any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    letters = value.rstrip("=.")
    return any(map(str.isdigit, letters)) or len(letters) >= 24 or (letters != letters.lower() and "=" in value)


def tails(text: str) -> str:
    """The text without the ends of private keys whose beginning is cut off; each line is looked at once."""
    pieces, done = [], 0
    for found in END.finditer(text):
        start = _tail(text, done, found.start())
        pieces.append(text[done:start] + GONE)
        done = found.end()
    return "".join(pieces) + text[done:]


def _tail(text: str, least: int, end: int) -> int:
    """Where the lines of base64 begin that stand before `end`; the last may be short."""
    start, first = end, True
    while start > least:
        line_start = text.rfind("\n", least, start - 1) + 1 or least
        line = text[line_start:start]
        bare = line.strip()
        if not bare or (first and re.fullmatch(r"[A-Za-z0-9+/=]{1,76}", bare) and (len(bare) > 15 or "=" in bare)):
            start = line_start
        elif found := PEM_LINE.search(line.rstrip("\n")):
            start = line_start + found.start() + len(found[0]) - len(found[0].lstrip())
            if found.start():
                return start
        else:
            return start
        first = first and not bare
    return start
