"""The middleware: from host messages to the view that is sent, of one conversation or of many behind one door."""

from litany.middleware.face import AsyncLitany, Litany
from litany.middleware.shared import Conversations, Exchange, conversation

__all__ = ["AsyncLitany", "Conversations", "Exchange", "Litany", "conversation"]
