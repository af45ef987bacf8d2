"""A strict fake provider over real HTTP on this machine: OpenAI chat and Anthropic Messages, scripted."""

from litany.testing.fake.provider import Provider
from litany.testing.fake.script import Fault, Received, Reply

__all__ = ["Fault", "Provider", "Received", "Reply"]
