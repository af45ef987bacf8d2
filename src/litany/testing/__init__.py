"""The doubles that litany ships: strict providers that judge or answer a request, summarizers that follow a script."""

from typing import TYPE_CHECKING

from litany.testing.binding import sign
from litany.testing.provider import FLAGS, validate
from litany.testing.seal import seal
from litany.testing.summarizer import Asked, AsyncScriptedSummarizer, ScriptedSummarizer
from litany.testing.violation import Violation

if TYPE_CHECKING:
    from litany.testing.fake import Fault, Provider, Received, Reply

__all__ = [
    "FLAGS",
    "Asked",
    "AsyncScriptedSummarizer",
    "Fault",
    "Provider",
    "Received",
    "Reply",
    "ScriptedSummarizer",
    "Violation",
    "seal",
    "sign",
    "validate",
]


def __getattr__(name: str) -> object:
    """The provider over HTTP is imported when it is first asked for: its server takes longer to load than all else."""
    if name in ("Fault", "Provider", "Received", "Reply"):
        from litany.testing import fake

        return getattr(fake, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
