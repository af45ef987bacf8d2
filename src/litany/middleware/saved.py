"""A State as JSON, out and in."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from litany.core.state import VERSION, State
from litany.errors import StateError


@lru_cache
def _adapter() -> TypeAdapter[State]:
    return TypeAdapter(State)


def dumped(state: State) -> dict[str, Any]:
    """The State as plain JSON values."""
    plain: dict[str, Any] = _adapter().dump_python(state, mode="json")
    return plain


def loaded(plain: Mapping[str, Any] | str) -> State:
    """The State that `dumped` gave.

    Raises: StateError for another version, or what is no State.
    """
    try:
        fields = json.loads(plain) if isinstance(plain, str | bytes) else dict(plain)
    except ValueError as error:
        raise StateError(f"the state is no JSON: {error}; give what `.state` returned") from None
    version = fields.get("version") if isinstance(fields, dict) else None
    if version != VERSION:
        raise StateError(
            f"the state has version {version!r} and this litany reads {VERSION}; give what `.state` returned"
        )
    try:
        return _adapter().validate_python(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise StateError(f"the state is damaged at {where}: {first['msg']}; give what `.state` returned") from None
