"""A strict fake provider over real HTTP on this machine: OpenAI, Anthropic, Gemini."""

from litany.testing.fake.provider import Provider
from litany.testing.fake.script import Fault, Received, Reply

__all__ = ["Fault", "Provider", "Received", "Reply"]
