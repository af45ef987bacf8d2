"""Finding the functions that `file.py`, `file.py:function` and `module:function` name."""

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from litany.errors import ToolError
from litany.loop.tools.signature import Function
from litany.loop.tools.telling import crash

T = TypeVar("T")


def functions(spec: str, near: Path) -> Sequence[tuple[str, Function]]:
    """The functions of a spec under their names: of a file every public one that it defines, in its order.

    near -- the folder that the file, or the module, is looked for in first.

    Raises: ToolError.
    """
    where, colon, name = spec.rpartition(":") if not spec.endswith(".py") else (spec, "", "")
    module = _file(spec, near / where) if where.endswith(".py") else _module(spec, where, near)
    if colon:
        return [(name.rpartition(".")[2], _named(spec, module, name))]
    if not (found := _public(module)):
        raise ToolError(f"{spec} defines no public function; a tool is a function whose name begins with a letter")
    return found


def _file(spec: str, path: Path) -> ModuleType:
    if not path.is_file():
        raise ToolError(f"{spec}: there is no file {path}")
    resolved = path.resolve()
    name = f"litany_tools_{sha256(str(resolved).encode()).hexdigest()[:12]}_{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    found = importlib.util.spec_from_file_location(name, resolved)
    if found is None or found.loader is None:
        raise ToolError(f"{spec}: {path} is no file of Python")
    module, loader = importlib.util.module_from_spec(found), found.loader
    sys.modules[name] = module  # dataclasses and annotations look their module up there
    _beside(resolved.parent)
    try:
        _imported(spec, lambda: loader.exec_module(module))
    except ToolError:
        del sys.modules[name]
        raise
    return module


def _module(spec: str, name: str, near: Path) -> ModuleType:
    if not all(part.isidentifier() for part in name.split(".")):
        raise ToolError(f"{spec}: {name!r} is no name of a module; write module:function, or file.py")
    _beside(near)
    return _imported(spec, lambda: importlib.import_module(name))


def _imported(spec: str, work: Callable[[], T]) -> T:
    try:
        return work()
    except SyntaxError as error:
        raise ToolError(f"{spec}: {error.filename or 'it'}, line {error.lineno}: {error.msg}") from error
    except (Exception, SystemExit) as error:  # whatever a user's module may raise
        raise ToolError(f"{spec} cannot be imported: {crash(error)}") from error


def _beside(folder: Path) -> None:
    """Lets the user's modules import what lies in the folder, now and when a tool runs."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def _named(spec: str, module: ModuleType, name: str) -> Function:
    value: object = module
    for part in name.split("."):
        value = getattr(value, part, None)
    if value is None:
        public = ", ".join(name for name, _ in _public(module))
        raise ToolError(f"{spec}: there is no {name}; there is {public or 'no public function'}")
    if not callable(value) or inspect.isclass(value):
        raise ToolError(f"{spec}: {name} is no function but {type(value).__name__}")
    return value


def _public(module: ModuleType) -> list[tuple[str, Function]]:
    """Each once, under the name that it was first given; with `__all__`, only what stands there."""
    shown = getattr(module, "__all__", None)
    found: dict[int, tuple[str, Function]] = {}
    for name, value in vars(module).items():
        if (name in shown) if shown is not None else not name.startswith("_"):
            own = getattr(value, "__module__", None) == module.__name__
            if own and callable(value) and inspect.isfunction(inspect.unwrap(value)):
                found.setdefault(id(value), (name, value))
    return list(found.values())
