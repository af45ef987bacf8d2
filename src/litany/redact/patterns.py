"""Patterns: secrets that are known by their own shape, whatever stands around them."""

import re

START = r"(?<![A-Za-z0-9_])"
VENDORS = (
    r"sk-ant-[A-Za-z0-9_-]{8,}",
    r"sk-(?=[A-Za-z_-]{0,60}\d)[A-Za-z0-9_-]{16,}",
    r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}",
    r"whsec_[A-Za-z0-9+/=]{16,}",
    r"gh[opusr]_[A-Za-z0-9]{16,}",
    r"github_pat_[A-Za-z0-9_]{16,}",
    r"glpat-[A-Za-z0-9_-]{16,}",
    r"xox[a-z]-[A-Za-z0-9-]{8,}",
    r"xapp-[A-Za-z0-9-]{16,}",
    r"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])",
    r"AIza[A-Za-z0-9_-]{30,}",
    r"ya29\.[A-Za-z0-9_-]{16,}",
    r"GOCSPX-[A-Za-z0-9_-]{16,}",
    r"hf_[A-Za-z0-9]{20,}",
    r"npm_[A-Za-z0-9]{30,}",
    r"pypi-[A-Za-z0-9_-]{40,}",
    r"(?:gsk|xai|pplx|tvly|r8|lin_api|nvapi|dop_v1|shp(?:at|ss|ca|pa)|sq0[a-z]{3})[_-][A-Za-z0-9_-]{16,}",
    r"(?<!-)SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
    r"AC[a-f0-9]{32}:[a-f0-9]{32}",
    r"\d{8,10}:AA[A-Za-z0-9_-]{30,}",
    r"(?<!-)eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,3}",
)
VENDOR = re.compile(START + "(?:" + "|".join(VENDORS) + ")")
PEM = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]{0,40}-----|\Z)")
WEBHOOK = re.compile(r"(hooks\.slack\.com/(?:services|workflows)/|discord(?:app)?\.com/api/webhooks/)[\w/-]+")
SCHEME = re.compile(r"(?i)\b(bearer|basic|apikey|token)(\s{1,4})([A-Za-z0-9._~+/=-]{8,})")
"""An authorization scheme and what follows; prose has words there, see `scheme_secret`."""
LOGIN = re.compile(r"(?<=://)([^\s:/@\"'<>\\]{0,100}):([^\s/\"'<>\\]{1,300})@")
TOKEN_LOGIN = re.compile(r"(?<=://)[A-Za-z0-9_-]{20,300}@")
USER = re.compile(r"((?:^|\s)(?:-u|--user)[ =]\s{0,3}[\"']?[^\s:\"']{1,100}:)([^\s\"']{1,200})")
PAIRED = re.compile(
    r"(?i)(\b(?:name|key)[\"']?\s{0,4}:\s{0,4}[\"']?([\w.-]{1,80})[\"']?,?\s{0,40}"
    r"[\"']?\bvalue[\"']?\s{0,4}:\s{0,4}[\"']?)([^\"'\\\n,}]{1,4000})"
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
