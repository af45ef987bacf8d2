"""What an error of a model means: the Failure that its outcome shows, and whether asking again may help."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from time import time

from litany.evals.outcome import Failure
from litany.models.model import Unanswered
from litany.overflow import overflowed

MOST = 500
"""Characters of an error's text that an outcome keeps."""
LOADED = frozenset((408, 409, 425, 429))
"""HTTP statuses after which the same request may succeed; so it may after any from 500."""
EMPTY = ("insufficient_quota", "credit balance", "billing")
"""In the text of a 429 that stays: an empty purse."""
LASTING: Mapping[str, bool] = {
    "window": False,
    "timeout": False,
    "rate_limit": False,
    "refused": True,
    "provider": False,
    "arm": False,
    "scorer": True,
}
"""Which failures a resumed sweep keeps: those for which the call was answered, and paid."""
SILENCE = frozenset(("timeout", "rate_limit", "provider"))
"""The failures that say that nobody answers."""


def unanswered(error: Exception) -> Unanswered:
    """The error itself where it says what it means; else as SDKs' errors are read, by their attributes."""
    if isinstance(error, Unanswered):
        return error
    text, wait = told(error), _asked(error)
    status = getattr(error, "status_code", None)
    if overflowed(error):
        return Unanswered(Failure("window", text), passes=False)
    if isinstance(error, TimeoutError):
        return Unanswered(Failure("timeout", text), passes=True, wait=wait)
    if status == 429:
        return Unanswered(
            Failure("rate_limit", text), passes=not any(word in text.lower() for word in EMPTY), wait=wait
        )
    lost = isinstance(error, ConnectionError)
    loaded = isinstance(status, int) and (status in LOADED or status >= 500)
    return Unanswered(Failure("provider", text), passes=lost or loaded, wait=wait)


def told(error: Exception) -> str:
    """The error in one line."""
    text = " ".join(str(error).split()) or "no text"
    return f"{type(error).__name__}: {text}"[:MOST]


def _asked(error: Exception) -> float | None:
    """Seconds of Retry-After, from wherever the error has it."""
    response = getattr(error, "response", None)
    for headers in (getattr(error, "litellm_response_headers", None), getattr(response, "headers", None)):
        found = (
            {str(name).lower(): str(value) for name, value in headers.items()} if isinstance(headers, Mapping) else {}
        )
        if "retry-after" in found:
            return _seconds(found["retry-after"])
    return None


def _seconds(value: str) -> float | None:
    """Of a number, or of a date."""
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except (ValueError, TypeError):
        return None
