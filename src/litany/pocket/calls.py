"""What the reader's tokens say: a text, or a call whose arguments are typed as the tool's schema wants them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from litany.pocket.chat import CLOSE, COMMA, EQUAL, OPEN, Prompt
from litany.pocket.words import CALL

THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
TYPES = {
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}
"""Whether a value is of a type of JSON schema."""


def called(asked: Prompt, ids: Sequence[int]) -> tuple[str, dict[str, object]] | None:
    """The call that `<call> name ( key = value , key = value )` stands for; None when it is not of that form."""
    if not ids or ids[0] != CALL or OPEN not in ids or ids[-1] != CLOSE:
        return None
    start = ids.index(OPEN)
    said = _joined(asked, ids[1:start])
    name = asked.names.get(said.lower(), said)
    schema = asked.tools.get(name, {})
    given: dict[str, object] = {}
    for part in _parted(asked, ids[start + 1 : -1], schema):
        if EQUAL not in part[1:]:
            return None
        equal = part.index(EQUAL)
        key = _key(asked, part, schema) or _joined(asked, part[:equal])
        given[key] = typed(asked.words.text(part[equal + 1 :]), schema.get(key))
    return (name, given) if name else None


def typed(text: str, schema: object) -> object:
    """A value as its schema wants it; the text where it can be no such value.

    What is one of the schema's `enum` but for its case is that one: the reader folds case.
    """
    if not isinstance(schema, Mapping):
        return text
    for choice in schema.get("enum") or ():
        if isinstance(choice, str) and choice.lower() == text.lower():
            return choice
    value, kinds = _json(text), tuple(_types(schema))
    fits = any(TYPES[kind](value) for kind in kinds if kind in TYPES)
    return value if fits and (value is None or "string" not in kinds) else text


def _types(schema: Mapping[str, object]) -> Iterator[str]:
    """The types that a value may be of, those of its choices included."""
    own = schema.get("type")
    yield from (str(kind) for kind in (own if isinstance(own, list) else [own] if own else ()))
    for word in ("anyOf", "oneOf"):
        choices = schema.get(word)
        for choice in choices if isinstance(choices, list) else ():
            yield from _types(choice) if isinstance(choice, Mapping) else ()


def _json(text: str) -> object:
    if text.lower() in ("true", "false", "null"):
        text = text.lower()
    elif THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    try:
        return json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError):
        return text


def _refused(constant: str) -> object:
    raise ValueError(constant)  # NaN and Infinity are no JSON, though Python reads them


def _joined(asked: Prompt, ids: Iterable[int]) -> str:
    return "".join(map(asked.words.word, ids))


def _key(asked: Prompt, part: Sequence[int], schema: Mapping[str, object]) -> str | None:
    """The argument of the schema that this gives a value to."""
    said = _joined(asked, part[: part.index(EQUAL)]).lower() if EQUAL in part else None
    return next((known for known in schema if known.lower() == said), None)


def _parted(asked: Prompt, ids: Sequence[int], schema: Mapping[str, object]) -> list[list[int]]:
    """Arguments, parted at commas; a comma before what is no `key =` of the tool's belongs to the value."""
    parts: list[list[int]] = []
    for part in _at_commas(ids):
        begins = EQUAL in part if not schema else _key(asked, part, schema) is not None
        if parts and not begins:
            parts[-1] += [COMMA, *part]
        else:
            parts.append(part)
    return parts


def _at_commas(ids: Sequence[int]) -> list[list[int]]:
    parts: list[list[int]] = [[]] if ids else []
    for token in ids:
        if token == COMMA:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
