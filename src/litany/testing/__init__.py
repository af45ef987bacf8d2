"""The doubles that litany ships: strict providers that judge a request, and summarizers that follow a script."""

from litany.testing.binding import sign
from litany.testing.provider import FLAGS, validate
from litany.testing.summarizer import Asked, AsyncScriptedSummarizer, ScriptedSummarizer
from litany.testing.violation import Violation

__all__ = ["FLAGS", "Asked", "AsyncScriptedSummarizer", "ScriptedSummarizer", "Violation", "sign", "validate"]
