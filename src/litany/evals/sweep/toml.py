"""suite.toml: a Suite as a file, out and in."""

import json
from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from litany.errors import EvalError
from litany.evals import files
from litany.evals.sweep.suite import Pace, Suite

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

UNITS = {"k": 1_000, "m": 1_000_000}
NUMBERS = ("lengths", "depths", "n", "seed", "trials", "workers", "requests", "tokens", "retries")
KINDS = {
    "tuple": "a list in brackets",
    "dict": "a table",
    "mapping": "a table",
    "dataclass": "a table",
    "int": "a whole number",
    "float": "a number",
    "string": "a text",
}
"""What is asked for, by how pydantic calls its absence."""


def read(path: Path) -> Suite:
    """The suite of a file. Raises: EvalError when there is none in it, naming the key."""
    return suite_of(table(path), str(path))


def table(path: Path) -> dict[str, object]:
    """The plain values of a file, of which something may be missing. Raises: EvalError when it is not TOML."""
    return files.table(path, str(path), "; give a suite.toml")


def beside(out: Path) -> Suite | None:
    """The suite whose outcomes lie in a folder; None where there is none, or nobody can read it any more."""
    file = out / "suite.toml"
    try:
        return read(file) if file.is_file() else None
    except EvalError:
        return None


def suite_of(table: Mapping[str, object], where: str = "the suite") -> Suite:
    """The suite of plain values. Raises: EvalError for an unknown key or a value that cannot be."""
    from pydantic import ValidationError

    for part, known in ((table, Suite), (table.get("pace"), Pace)):
        _known(part, known, where)
    _counted(table, where)
    lengths = table.get("lengths")
    sized = {"lengths": [size(each) for each in lengths]} if isinstance(lengths, list | tuple) else {}
    try:
        return _adapter().validate_python({**table, **sized})
    except ValidationError as error:
        raise EvalError(f"{where}: {_told(error.errors(include_url=False)[0])}") from None


def written(suite: Suite) -> str:
    """The suite as TOML, every setting in it."""
    plain = {each.name: getattr(suite, each.name) for each in fields(suite)}
    tables = {
        "options": dict(plain.pop("options")),
        "pace": {each.name: getattr(suite.pace, each.name) for each in fields(plain.pop("pace"))},
    }
    lines = _lines(plain)
    for name, table in tables.items():
        lines += ["", f"[{name}]", *_lines(table)] if table else []
    return "\n".join(lines) + "\n"


def size(given: object) -> object:
    """Tokens: 4000, "4000" and "4k" are the same; what is no size comes back as it is."""
    if not isinstance(given, str):
        return given
    number, unit = given.strip().lower(), 1
    if number and number[-1] in UNITS:
        number, unit = number[:-1], UNITS[number[-1]]
    try:
        tokens = float(number.replace("_", "").replace(",", "")) * unit
        return int(tokens) if tokens == int(tokens) else given
    except (ValueError, OverflowError):
        return given


@cache
def _adapter() -> "TypeAdapter[Suite]":
    from pydantic import TypeAdapter  # here, not above: importing it takes longer than all the rest

    return TypeAdapter(Suite)


def _known(table: object, kind: type[Suite] | type[Pace], where: str) -> None:
    names = [each.name for each in fields(kind)]
    for key in table if isinstance(table, Mapping) else ():
        if key not in names:
            near = get_close_matches(str(key), names, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"there is {', '.join(names)}"
            raise EvalError(f"{where}: a {kind.__name__.lower()} has no `{key}`; {hint}")


def _counted(table: Mapping[str, object], where: str) -> None:
    """True is a number to Python, and to nobody else."""
    pace = table.get("pace")
    for name, value in [*table.items(), *(pace.items() if isinstance(pace, Mapping) else ())]:
        values = value if isinstance(value, list | tuple) else [value]
        if name in NUMBERS and any(isinstance(each, bool) for each in values):
            raise EvalError(f"{where}: `{name}` is {value!r}; give a number")


def _told(error: "ErrorDetails") -> str:
    place = ".".join(str(part) for part in error["loc"])
    text = error["msg"].removeprefix("Value error, ")
    if error["type"] == "missing":
        return f"`{place}` is missing; a suite needs tasks, model, arms and lengths"
    if error["type"] == "value_error":
        return text
    wanted = next((words for kind, words in KINDS.items() if error["type"].startswith(kind)), None)
    found = f"`{place}` is {error['input']!r}"
    return f"{found}; give {wanted}" if wanted else f"{found}: {text[0].lower()}{text[1:]}"


def _lines(table: Mapping[str, object]) -> list[str]:
    return [f"{_key(name)} = {_value(value)}" for name, value in table.items() if value is not None]


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").replace("-", "").isalnum() else _value(name)


def _value(value: object) -> str:
    """JSON is TOML for these kinds; a rubout must be written out."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
