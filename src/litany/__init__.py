"""Agents lose the middle. litany recites the goal at the end and compacts what lies between."""

from litany.adapters.wrap import wrap
from litany.archive import MemoryStore
from litany.core.agenda import Agenda, Status, Todo
from litany.core.policy import Policy, Prices
from litany.errors import Busy, LitanyError, PairError, PolicyError, WindowTooSmall
from litany.middleware import AsyncLitany, Litany, conversation
from litany.overflow import overflowed
from litany.stores import SqliteStore

__all__ = [
    "Agenda",
    "AsyncLitany",
    "Busy",
    "Litany",
    "LitanyError",
    "MemoryStore",
    "PairError",
    "Policy",
    "PolicyError",
    "Prices",
    "SqliteStore",
    "Status",
    "Todo",
    "WindowTooSmall",
    "conversation",
    "overflowed",
    "wrap",
]
