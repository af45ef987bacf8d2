"""Sizes, policy files and settings as they are written on a command line."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from litany.errors import PolicyError

SIZE = re.compile(r"(\d+(?:\.\d+)?)([kKmM]?)")
UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
WORD = re.compile(r"[\w.:/@%+~-]+")
"""A text that needs no quotes: a name, a path, an address."""
TOKENS = frozenset({"window", "max_tokens"})
"""Options of a model that count tokens."""


def size(text: str, option: str, form: str = "tokens as 8k, 128k") -> int:
    """Tokens, or what `form` says: 8k, 1m (k = 1,000) or a plain number. Raises: PolicyError for anything else."""
    found = SIZE.fullmatch(text.strip())
    counted = float(found[1]) * UNITS[found[2].lower()] if found else 0.5
    if counted != int(counted):
        raise PolicyError(f"{option} is {text!r}; write {form} or a plain number")
    return int(counted)


def items(texts: Iterable[str], option: str) -> tuple[str, ...]:
    """The words of an option that may be repeated or hold a list with commas. Raises: PolicyError."""
    words = [word.strip() for text in texts for word in text.split(",")]
    if not all(words):
        raise PolicyError(f"{option} has an empty item; write its items with one comma between two of them")
    return tuple(words)


def listed(texts: Iterable[str], option: str) -> tuple[str, ...]:
    """As `items`, each once. Raises: PolicyError."""
    return tuple(dict.fromkeys(items(texts, option)))


def from_file(path: Path) -> dict[str, Any]:
    """The Policy fields of a TOML file: at its top, or under [policy]. Raises: PolicyError."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolicyError(f"--policy {path}: cannot be read ({error.strerror or error})") from error
    except ValueError as error:
        raise PolicyError(f"--policy {path}: not TOML ({error})") from error
    inside = table.get("policy")
    if inside is None:
        return table
    if not isinstance(inside, dict) or len(table) > 1:
        raise PolicyError(f"--policy {path}: write the fields at the top or all of them under [policy]")
    return inside


def from_settings(texts: Iterable[str], example: str = "prefer=cost", option: str = "--set") -> dict[str, Any]:
    """key=value, each value as TOML writes it, a bare word as text. Raises: PolicyError."""
    table: dict[str, Any] = {}
    for text in texts:
        key, value = _setting(text, example, option)
        if key in table:
            raise PolicyError(f"{option} {key}= is given twice; leave one out")
        table[key] = value
    return table


def of_model(texts: Iterable[str], option: str) -> dict[str, Any]:
    """Options of a model; how many tokens may be written as sizes: window=32k. Raises: PolicyError."""
    table = from_settings(texts, "temperature=0", option)
    for key in TOKENS & table.keys():
        if isinstance(table[key], str):
            table[key] = size(table[key], f"{option} {key}")
    return table


def _setting(text: str, example: str, option: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise PolicyError(f"{option} {text!r}: write key=value, such as {example}")
    return key.strip(), _value(value.strip(), option)


def _value(text: str, option: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        pass
    if WORD.fullmatch(text):
        return text
    raise PolicyError(
        f'{option} {text!r} is no TOML value; write a number, a word, or a list such as ["fraction", 0.7]'
    )
