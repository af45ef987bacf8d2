"""NoAnswer: a model gave no answer, and whether asking again may help."""

from typing import Literal

from litany.errors import LitanyError

Kind = Literal["window", "timeout", "rate_limit", "refused", "provider"]
MOST = 300
"""Characters of a provider's own words that are passed on."""


class NoAnswer(LitanyError):
    """A model gave no answer.

    kind -- "window": the request is too long; "timeout"; "rate_limit"; "refused": it will not answer this request,
    or not this caller; "provider": it is down, or what it sent is no answer.
    passes -- whether the same request may succeed later. wait -- seconds that the provider asks for; None: it says not.
    """

    def __init__(self, kind: Kind, text: str, *, passes: bool = False, wait: float | None = None) -> None:
        super().__init__(brief(text))
        self.kind = kind
        self.passes = passes
        self.wait = wait


def brief(text: str) -> str:
    """One line of a text."""
    line = " ".join(text.split())
    return line if len(line) <= MOST else f"{line[:MOST]} …"
