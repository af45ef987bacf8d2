"""A folder that nothing leads out of: each step of a path is taken from an open folder, no link is followed blindly.

A path is walked by file descriptors: each part is opened inside the folder that was opened before it, never through a
link. A link is read and its target walked by the same rules, so that one that stays inside serves and one that leads
out is refused; what another program puts in the place of a checked folder is checked again, for it is the check. What
this cannot see: a folder that another program moves out of the work folder while it is open, and hard links, which are
the file itself (a write puts a new file in its place, so the other name keeps the old text).
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from litany.errors import ToolError
from litany.loop.tools.tool import Told

LINKS = 40
"""That one path may lead through."""
PART = ".litany-"
"""How a file begins its name that is being written."""
OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC if os.name == "posix" else 0


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of a folder."""

    name: str
    kind: str
    """`folder`, `file`, `link` or `other`."""
    size: int
    """Bytes."""
    one: tuple[int, int]
    """Device and inode: the same for one and the same entry."""


class Folder:
    """The work folder."""

    def __init__(self, root: Path, hidden: Path | None = None) -> None:
        """`hidden`: a folder that is there for nobody, wherever it lies, such as the one of the runs.

        Raises: ToolError when there is no such folder, or the system cannot confine it.
        """
        if os.open not in os.supports_dir_fd or os.name != "posix":
            raise ToolError("`files` needs a POSIX system (Linux, macOS): no other can be confined to a folder")
        self.root = Path(os.path.realpath(root))
        if not self.root.is_dir():
            raise ToolError(f"the work folder {root} is not there; make it, or name another")
        self._hidden = None if hidden is None or not hidden.is_dir() else _one(hidden.stat())

    @contextmanager
    def opened(self, path: str) -> Iterator[int]:
        """A file or folder, open for reading. Raises: Told."""
        with ExitStack() as stack, _told(path):
            at, name = self._walked(path, stack)
            number = os.open(name, OPEN | os.O_NONBLOCK, dir_fd=at)
            stack.callback(os.close, number)
            self._shown(number, path)
            yield number

    @contextmanager
    def listed(self, path: str) -> Iterator[tuple[int, list[Found]]]:
        """A folder, open, and what lies in it, by name. Raises: Told."""
        with self.opened(path) as number:
            if not stat.S_ISDIR(os.fstat(number).st_mode):
                raise Told(f"{path} is no folder")
            yield number, [each for each in entries(number) if each.one != self._hidden]

    def write(self, path: str, content: bytes) -> bool:
        """Puts the content in the place of the file at once, in folders made where they lack; gives whether it is new.

        Raises: Told.
        """
        with ExitStack() as stack, _told(path):
            at, name = self._walked(path, stack, make=True)
            before = _looked(at, name)
            if before is not None and not stat.S_ISREG(before.st_mode):
                raise Told(f"{path} is {_kind(before.st_mode)}, not a file")
            _replaced(at, name, content, None if before is None else stat.S_IMODE(before.st_mode))
            return before is None

    def _walked(self, path: str, stack: ExitStack, *, make: bool = False) -> tuple[int, str]:
        """The open folder that a path ends in, and the name there, which is no link. `.` is the name of the root."""
        root = os.open(self.root, OPEN | os.O_DIRECTORY)
        stack.callback(os.close, root)
        above, parts, links = [root], self._parts(path), 0
        while parts:
            name = parts.pop(0)
            if name == "..":  # only a link's target has it
                if len(above) == 1:
                    raise Told(f"{path} leads out of the work folder by a link")
                above.pop()
                continue
            target = _link(above[-1], name)
            if target is not None:
                links += 1
                if links > LINKS:
                    raise Told(f"{path} leads through too many links")
                inner, absolute = self._target(path, target)
                above, parts = above[:1] if absolute else above, inner + parts
                continue
            if not parts:
                return above[-1], name
            above.append(_entered(above[-1], name, make))
            stack.callback(os.close, above[-1])
            self._shown(above[-1], path)
        return above[-1], "."

    def _shown(self, number: int, path: str) -> None:
        if self._hidden is not None and _one(os.fstat(number)) == self._hidden:
            raise Told(f"{path} lies where litany keeps its runs; leave it alone")

    def _parts(self, path: str) -> list[str]:
        """The parts of a path that a model wrote: one inside the work folder, also when it is written in full."""
        if "\0" in path:
            raise Told("a path has no NUL in it")
        if os.path.isabs(path):
            within = path == str(self.root) or path.startswith(f"{self.root}/")
            if not within:
                raise Told(f"{path} lies outside the work folder; give a path relative to it")
            path = path[len(str(self.root)) :]
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise Told(f"{path} goes up by `..`; give a path relative to the work folder, without it")
        return parts

    def _target(self, path: str, target: str) -> tuple[list[str], bool]:
        """The parts of a link's target, and whether they begin at the root."""
        if os.path.isabs(target):
            if target != str(self.root) and not target.startswith(f"{self.root}/"):
                raise Told(f"{path} leads out of the work folder by a link")
            target = target[len(str(self.root)) :]
            return [part for part in target.split("/") if part not in ("", ".")], True
        return [part for part in target.split("/") if part not in ("", ".")], False


def entries(folder: int) -> list[Found]:
    """What lies in an open folder, by name, without what is being written."""
    found = []
    with os.scandir(folder) as scanned:
        for entry in scanned:
            if entry.name.startswith(PART):
                continue
            with contextlib.suppress(FileNotFoundError):  # it was removed in between
                known = entry.stat(follow_symlinks=False)
                found.append(Found(entry.name, _kind(known.st_mode), known.st_size, _one(known)))
    return sorted(found, key=lambda entry: entry.name)


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISDIR, "folder"), (stat.S_ISREG, "file"), (stat.S_ISLNK, "link"))
    return next((kind for is_it, kind in kinds if is_it(mode)), "other")


def _one(known: os.stat_result) -> tuple[int, int]:
    return known.st_dev, known.st_ino


def _link(at: int, name: str) -> str | None:
    try:
        return os.readlink(name, dir_fd=at)
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT):
            return None
        raise


def _entered(at: int, name: str, make: bool) -> int:
    if make:
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, dir_fd=at)
    return os.open(name, OPEN | os.O_DIRECTORY, dir_fd=at)


def _looked(at: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=at, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _replaced(at: int, name: str, content: bytes, mode: int | None) -> None:
    """Writes beside the file and renames: a reader, or a run after a kill, finds the old text or the new one."""
    part = f"{PART}{os.urandom(8).hex()}"
    number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666, dir_fd=at)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        os.rename(part, name, src_dir_fd=at, dst_dir_fd=at)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(part, dir_fd=at)
        raise


@contextmanager
def _told(path: str) -> Iterator[None]:
    """What the system refuses, in words that a model can use."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        raise Told(f"there is no {path} in the work folder") from None
    except UnicodeEncodeError:
        raise Told(f"{path!r} is no path: it holds half a character") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Told(f"{path} was changed into a link while it was opened") from None
        raise Told(f"{path}: {error.strerror}") from None
