"""A State as JSON, out and in."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from litany.core.state import VERSION, State
from litany.errors import StateError

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@lru_cache
def _adapter() -> "TypeAdapter[State]":
    from pydantic import TypeAdapter  # here, not above: importing it takes longer than all the rest

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
        fields: object = json.loads(plain) if isinstance(plain, str | bytes) else plain
    except (ValueError, RecursionError) as error:
        raise StateError(f"the state is no JSON: {error}; give what `.state` returned") from None
    if not isinstance(fields, Mapping):
        raise StateError(f"the state is {type(fields).__name__}; give the JSON object that `.state` returned")
    if fields.get("version") != VERSION:
        raise StateError(
            f"the state has version {fields.get('version')!r} and this litany reads {VERSION}; "
            "give what `.state` returned"
        )
    from pydantic import ValidationError

    try:
        state = _adapter().validate_python(dict(fields))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise StateError(f"the state is damaged at {where}: {first['msg']}; give what `.state` returned") from None
    if unknown := _unknown(fields, dumped(state)):
        raise StateError(f"the state has a key that litany does not know: {unknown}; give what `.state` returned")
    return state


def _unknown(given: object, known: object, where: str = "") -> str:
    """The path of the first key that the State does not have; "" when it has them all."""
    if isinstance(given, Mapping) and isinstance(known, Mapping):
        parts = [(f"{where}{key}", value, known.get(key)) for key, value in given.items()]
        strange = [path for path, _, _ in parts if path.removeprefix(where) not in known]
        found = (_unknown(value, same, f"{path}.") for path, value, same in parts)
        return strange[0] if strange else next(filter(None, found), "")
    if isinstance(given, list | tuple) and isinstance(known, list | tuple):
        found = (_unknown(*pair, f"{where}{place}.") for place, pair in enumerate(zip(given, known, strict=False)))
        return next(filter(None, found), "")
    return ""
