"""Folder: where runs live, one folder a run: the task, the journal, State and archive, the checkpoint, the trace."""

import errno
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from typing import Any

from litany.errors import Busy, LitanyError, TaskError
from litany.loop.journal import held
from litany.loop.kept import VERSION, kept_of
from litany.loop.task import Limits, Task
from litany.stores.lock import let_go, locked, opened

MODE = 0o600
WORDS = re.compile(r"[a-z0-9]+")
LONGEST = 32
"""Letters of a name that is made of a goal."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""What a run may be called."""


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for when the run began, as it is kept for a resume."""

    task: Task
    folder: Path
    """Where tools and checks work."""
    shell: bool = False
    """Whether the agent may run commands."""
    passed: tuple[str, ...] = ()
    """Variables that its commands see although they look like secrets."""
    id: str = field(default_factory=lambda: token_hex(8))
    """Of the run, in the keys of its calls: drawn when it is ordered, whatever its folder is called later."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of one run."""

    path: Path

    @property
    def name(self) -> str:
        """What the run is called."""
        return self.path.name

    @property
    def journal(self) -> Path:
        """The record, and what was begun."""
        return self.path / "journal.sqlite"

    @property
    def state(self) -> Path:
        """State and archive, a store like any other."""
        return self.path / "state.litany"

    @property
    def steps(self) -> Path:
        """The checkpoint."""
        return self.path / "steps.sqlite"

    @property
    def trace(self) -> Path:
        """What each call sent, and why; for `litany explain`."""
        return self.path / "trace.jsonl"

    @property
    def order(self) -> Order:
        """What was asked for. Raises: TaskError when the folder holds none; StateError when it is damaged."""
        path = self.path / "task.json"
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise TaskError(f"{self.path} holds no run ({error}); `litany runs` lists those there are") from None
        kept, task = kept_of(raw, path)
        return Order(task, Path(kept.folder), kept.shell, kept.passed, kept.id or self.name)

    def child(self, name: str) -> "Folder":
        """The folder of a sub-task."""
        return Folder(self.path / "sub" / name)

    def children(self) -> "list[Folder]":
        """The folders of the sub-tasks so far."""
        return [Folder(task.parent) for task in sorted((self.path / "sub").glob("*/task.json"))]

    def write(self, order: Order) -> None:
        """Keeps what was asked for: whole, or not at all."""
        task = {**asdict(order.task), "policy": dict(order.task.policy), "options": dict(order.task.options)}
        allowed = {"shell": order.shell, "passed": order.passed}
        beside = {"id": order.id, "folder": str(order.folder), **allowed}
        whole = {"version": VERSION, **beside, "task": _plain(task)}
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            new = self.path / "task.new"
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE), "w", encoding="utf-8") as file:
                json.dump(whole, file, indent=1)
            new.replace(self.path / "task.json")
        except OSError as error:
            raise _unwritable(self.path, error) from None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process runs it meanwhile; a killed one holds nothing. Raises: Busy when one does."""
        try:
            file = opened(self.path / "lock")
        except OSError as error:
            raise _unwritable(self.path, error) from None
        try:
            if not locked(file):
                raise Busy(f"the run {self.name} is at work in another process; wait for it, or stop that one")
            yield
        finally:
            let_go(file)

    def leave(self) -> None:
        """Takes away a folder in which nothing has begun, and frees its name; one that is at work elsewhere stays."""
        with suppress(LitanyError), self.alone():
            if not held(self.journal).answers:
                rmtree(self.path, ignore_errors=True)

    def busy(self) -> bool:
        """Whether a process is at work on it."""
        try:
            file = _lock_of(self.path / "lock")
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _unwritable(self.path, error) from None
        try:
            return not locked(file)
        finally:
            let_go(file)


def new_folder(store: Path, goal: str, name: str | None = None) -> Folder:
    """A folder that no run has yet. Raises: TaskError for a name that is taken or none, or an unwritable place."""
    if name is not None and not NAME.fullmatch(name):
        raise TaskError(f"a run cannot be called {name!r}; give letters, digits, `-`, `_` and `.`")
    try:
        if not store.is_dir():
            store.mkdir(parents=True)
            (store / ".gitignore").write_text("*\n", "utf-8")
        for folder in [store / name] if name else _free(store, goal):
            try:
                folder.mkdir(mode=0o700)
            except FileExistsError:
                continue
            return Folder(folder)
    except OSError as error:
        raise _unwritable(store, error) from None
    raise TaskError(f"there is a run {name!r} in {store} already; `litany resume {name}` goes on with it")


def folder_of(store: Path, name: str) -> Folder:
    """The folder of a run by its name. Raises: TaskError when there is none, with those there are."""
    folder = Folder(store / name)
    if NAME.fullmatch(name) and (folder.path / "task.json").is_file():
        return folder
    known = ", ".join(each.name for each in folders(store)[-5:])
    raise TaskError(f"there is no run {name!r} in {store}; {f'the last are {known}' if known else 'there is none yet'}")


def folders(store: Path) -> list[Folder]:
    """All runs, oldest first."""
    tasks = sorted(store.glob("*/task.json"), key=lambda task: (task.lstat().st_mtime_ns, task.parent.name))
    return [Folder(task.parent) for task in tasks]


def limited(order: Order, limits: Mapping[str, float | None]) -> Order:
    """The order with these limits in place of its own, where they are given."""
    given = {name: value for name, value in limits.items() if value is not None}
    task = replace(order.task, limits=Limits(**{**asdict(order.task.limits), **given}))
    return replace(order, task=task)


def _lock_of(path: Path) -> int:
    """The lock as it is there; some network drives lock only what may be written."""
    try:
        return opened(path, os.O_RDWR)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        return opened(path, os.O_RDONLY)


def _plain(task: dict[str, Any]) -> dict[str, Any]:
    """Without what is not set: a [[done]] has one of three."""
    checks = [{name: value for name, value in check.items() if value} for check in task["done"]]
    return {name: value for name, value in {**task, "done": checks}.items() if value is not None}


def _free(store: Path, goal: str) -> Iterator[Path]:
    words = WORDS.findall(goal.lower())
    slug = ""
    for word in words:
        if len(slug) + len(word) >= LONGEST:
            break
        slug = f"{slug}-{word}" if slug else word
    number = 0
    while True:
        number += 1
        yield store / f"{slug or 'run'}-{number}"


def _unwritable(path: Path, error: OSError) -> TaskError:
    why = error.strerror or error
    return TaskError(f"{path} cannot be written ({why}); make it writable, or give another place with --store")
