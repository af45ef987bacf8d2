"""Kept: what task.json holds of a run, looked at when it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from litany.errors import PolicyError, StateError, TaskError
from litany.loop.task import CONFIG, Task, task_of

VERSION = 2
"""Of task.json. Version 1 has no `id`: the run's name stands for it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What task.json holds."""

    __pydantic_config__ = CONFIG

    version: int
    folder: str
    """Where tools and checks work."""
    shell: bool
    task: Mapping[str, Any]
    id: str | None = None
    """None in version 1."""
    passed: tuple[str, ...] = ()
    """Variables that commands see although they look like secrets."""


ADAPTER: TypeAdapter[Kept] = TypeAdapter(Kept)
NUMBER: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


def kept_of(raw: bytes, path: Path) -> tuple[Kept, Task]:
    """What the file holds, and the task in it. Raises: StateError when it is damaged, or a newer litany's."""
    try:
        _refuse_newer(NUMBER.validate_json(raw).get("version"), path)
        kept = ADAPTER.validate_json(raw)
        task = task_of(kept.task, str(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _damaged(path, f"{where and f'`{where}`: '}{first['msg'].lower()}") from None
    except (TaskError, PolicyError) as error:
        raise _damaged(path, str(error)) from None
    if kept.version not in (1, VERSION) or (kept.version == VERSION and not kept.id):
        raise _damaged(path, f"version {kept.version}, id {kept.id!r}")
    return kept, task


def _refuse_newer(version: object, path: Path) -> None:
    if isinstance(version, int) and version > VERSION:
        raise StateError(f"{path} is of version {version}, and this litany reads {VERSION}; upgrade litany")


def _damaged(path: Path, what: str) -> StateError:
    return StateError(f"{path} is damaged ({what}); restore a copy of it, or take the folder {path.parent} away")
