"""The checkpointer of a run: LangGraph's own on SQLite. It keeps the last checkpoint and opens only plain data.

The naive way keeps each checkpoint, with all messages in it: 254 times the transcript after 200 turns.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

from litany.errors import StateError
from litany.stores.file import PAGE, told

LOG = 65_536
"""Bytes at which the write-ahead log is moved into the file."""
OLDER = "DELETE FROM {table} WHERE thread_id = ? AND checkpoint_ns = ? AND checkpoint_id < ?"


class LastSaver(SqliteSaver):
    """Keeps the last checkpoint of a thread. Its awaitable methods do not wait: a write takes under a millisecond."""

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes it. Raises: StateError when it cannot be one."""
        self._path = path
        with self._telling():
            connection = sqlite3.connect(path, check_same_thread=False)
            super().__init__(connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
            self.setup()
            connection.execute("PRAGMA synchronous = NORMAL")  # a killed process loses nothing
            connection.execute(f"PRAGMA wal_autocheckpoint = {LOG // PAGE}")
            connection.execute("PRAGMA trusted_schema = OFF")

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Saves a checkpoint, then takes the older ones away: a kill between the two leaves one too many."""
        with self._telling():
            saved = super().put(config, checkpoint, metadata, new_versions)
            given = config["configurable"]
            older = (str(given["thread_id"]), given.get("checkpoint_ns", ""), checkpoint["id"])
            with self.cursor() as cursor:
                cursor.execute(OLDER.replace("{table}", "writes"), older)
                cursor.execute(OLDER.replace("{table}", "checkpoints"), older)
            return saved

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """What a node gave, before the checkpoint that holds it."""
        with self._telling():
            super().put_writes(config, writes, task_id, task_path)

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The last checkpoint. Raises: StateError when it cannot be read."""
        with self._telling():
            try:
                return super().get_tuple(config)
            except ValueError as error:
                raise StateError(f"{self._path} is damaged ({error}); restore a copy of it") from error

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """The same for a task."""
        return self.put(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """The same for a task."""
        self.put_writes(config, writes, task_id, task_path)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The same for a task."""
        return self.get_tuple(config)

    def close(self) -> None:
        """Lets go of the file."""
        self.conn.close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What goes wrong with the file is told as of any other of litany's."""
        try:
            yield
        except sqlite3.Error as error:
            raise told(error, self._path) from error
