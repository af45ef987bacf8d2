"""Reading a docstring: what the function does, and what each argument means. Google, NumPy and Sphinx wording."""

import inspect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GOOGLE = re.compile(
    r"^(args|arguments|parameters|params|(keyword|other) (args|arguments|parameters)):\s*$", re.IGNORECASE
)
NUMPY = re.compile(r"^(other )?parameters\s*$", re.IGNORECASE)
SPHINX = re.compile(r"^:(?:param|parameter|arg|argument)\s+(?:[^:]*?\s)?\*{0,2}(\w+):\s*(.*)$")
FIELD = re.compile(r"^:\w+[^:]*:")
"""Of Sphinx: where the description of an argument ends, for another field begins."""
ITEM = re.compile(r"^\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)$")
ITEM_OF_NUMPY = re.compile(r"^\*{0,2}(\w+(?:\s*,\s*\w+)*)\s*(?::.*)?$")


@dataclass(frozen=True, slots=True)
class Docstring:
    """A docstring in its two parts."""

    text: str
    """All but the section of the arguments."""
    arguments: Mapping[str, str]


def read(doc: str | None, names: Iterable[str]) -> Docstring:
    """The docstring of a function that takes these arguments; descriptions of others are left where they stand."""
    lines, known = inspect.cleandoc(doc or "").splitlines(), frozenset(names)
    kept: list[str] = []
    found: dict[str, str] = {}
    while lines:
        size, described = _section(lines, known)
        found |= described
        kept += lines[: 0 if described else size]
        del lines[:size]
    return Docstring(re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip(), found)


def _section(lines: list[str], known: frozenset[str]) -> tuple[int, dict[str, str]]:
    """How many lines what begins here takes, and the arguments it describes; none for a line of the text."""
    if GOOGLE.match(lines[0]):
        body = _indented(lines[1:])
        return 1 + len(body), _items(body, known)
    if NUMPY.match(lines[0]) and len(lines) > 1 and re.fullmatch(r"-{3,}\s*", lines[1]):
        body = _until_next_heading(lines[2:])
        return 2 + len(body), _numpy_items(body, known)
    if (field := SPHINX.match(lines[0])) and field[1] in known:
        more = _continued(lines[1:])
        return 1 + len(more), {field[1]: _joined([field[2], *more])}
    return 1, {}


def _indented(lines: list[str]) -> list[str]:
    """The lines up to the next one that stands at the margin."""
    end = next((number for number, line in enumerate(lines) if line and not line[0].isspace()), len(lines))
    return lines[:end]


def _continued(lines: list[str]) -> list[str]:
    end = next((n for n, line in enumerate(lines) if not line.strip() or FIELD.match(line)), len(lines))
    return lines[:end]


def _until_next_heading(lines: list[str]) -> list[str]:
    headings = (n for n in range(len(lines) - 1) if lines[n].strip() and re.fullmatch(r"-{3,}\s*", lines[n + 1]))
    return lines[: next(headings, len(lines))]


def _items(body: list[str], known: frozenset[str]) -> dict[str, str]:
    """`name (type): what it is`, at the smallest indent; deeper lines go on with it."""
    margin = min((len(line) - len(line.lstrip()) for line in body if line.strip()), default=0)
    found: dict[str, list[str]] = {}
    latest: list[str] = []
    for line in body:
        item = ITEM.match(line[margin:]) if not line[:margin].strip() else None
        if item and item[1] in known:
            latest = found.setdefault(item[1], [])
            latest.append(item[2])
        else:
            latest.append(line)
    return {name: _joined(lines) for name, lines in found.items()}


def _numpy_items(body: list[str], known: frozenset[str]) -> dict[str, str]:
    """`name : type` at the margin, and indented below it what it is."""
    found: dict[str, list[str]] = {}
    latest: list[list[str]] = []
    for line in body:
        item = ITEM_OF_NUMPY.match(line)
        if item and (names := [name for name in re.split(r"\s*,\s*", item[1]) if name in known]):
            latest = [found.setdefault(name, []) for name in names]
        else:
            for lines in latest:
                lines.append(line)
    return {name: _joined(lines) for name, lines in found.items()}


def _joined(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
