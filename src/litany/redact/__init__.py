"""Redacting: secrets taken out of text before it is archived or traced."""

from litany.redact.redactor import Redactor, redacted

__all__ = ["Redactor", "redacted"]
