"""What a provider refuses in a request, and the shapes a validator looks for before it reads on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

Request = Mapping[str, Any]
"""A request as it goes over the wire: plain JSON."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that a request breaks."""

    code: str
    """The rule's name: `O3`, `A14`; `O0` and `A0` for what is malformed."""
    path: str
    """Where in the request: `messages[7].content[0]`."""
    text: str
    """What the provider would say."""


def mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    return type(value) is dict or isinstance(value, Mapping)


def listing(value: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(value, list | tuple)


def shown(value: object) -> str:
    """The value as an error text shows it: short, whatever it is."""
    if isinstance(value, str):
        return repr(value if len(value) <= 80 else f"{value[:77]}...")
    return repr(value) if isinstance(value, bool | float) or value is None else type(value).__name__


def quoted(ids: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(ids))
