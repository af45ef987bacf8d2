"""The stores that outlive a process: where State and archive are kept in a file."""

from litany.stores.sqlite import SqliteStore

__all__ = ["SqliteStore"]
