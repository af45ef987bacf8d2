"""What a command of the agent's sees of the environment: not what looks like a secret, unless its user lets it through.

So that no key of the user's gets into a record by an `env`. It is no wall: a command runs as its user, who can read it.
"""

import re
from collections.abc import Container, Mapping

from litany.redact.keys import secret
from litany.redact.patterns import LOGIN, VENDOR

NAMES = re.compile(
    r"AWS_|(?:.*_)?(?:KEYS?|TOKEN|SECRETS?|AUTH|PASS)(?:_?\d+)?\Z|.*(?:PASSWORD|CREDENTIAL)", re.IGNORECASE
)
"""Names of what is a secret in an environment, beside those that are one anywhere."""


def shown(environment: Mapping[str, str], passed: Container[str] = ()) -> dict[str, str]:
    """The variables that a command sees. `passed`: names that are let through, whatever they look like."""
    return {name: value for name, value in environment.items() if name in passed or not looks_secret(name, value)}


def looks_secret(name: str, value: str) -> bool:
    """Whether a variable is named as a secret is, or holds a key of a known shape or a URL with a password."""
    named = NAMES.match(name) is not None or secret(name)
    return named or VENDOR.search(value) is not None or LOGIN.search(value) is not None
