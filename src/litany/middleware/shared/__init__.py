"""What is shared holds no conversation: one door for all of them, that finds the one a request belongs to."""

from litany.middleware.shared.door import Conversations
from litany.middleware.shared.exchange import Exchange
from litany.middleware.shared.named import conversation

__all__ = ["Conversations", "Exchange", "conversation"]
