"""The middleware: one conversation, from host messages to the view that is sent."""

from litany.middleware.face import AsyncLitany, Litany

__all__ = ["AsyncLitany", "Litany"]
