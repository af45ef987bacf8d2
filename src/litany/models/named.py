"""The model of a name, with what is set for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from litany.errors import EvalError, PolicyError

if TYPE_CHECKING:  # a model is loaded when it is named, and NumPy or LiteLLM with it
    from litany.models.model import Model

POCKET, SCRIPTED = "pocket", "scripted:"
Options = dict[str, object]


def model_named(name: str, /, **options: object) -> Model:
    """The model `pocket`, `scripted:FILE.jsonl`, or what LiteLLM calls by that name.

    options -- pocket takes none; a script `cycle` and `window`; LiteLLM `api_base`, `api_key`, `window`, `timeout`,
    `max_tokens`, `encoding`, and what else goes into its requests (`temperature`, ...).
    Raises: EvalError for an unknown option, a missing key, extra or file, or a window that nobody knows; PocketError
    when the weights are damaged.
    """
    if name == POCKET:
        return _pocket(options)
    if name.startswith(SCRIPTED):
        return _scripted(name.removeprefix(SCRIPTED), options)
    return _remote(name, options)


def is_remote(name: str) -> bool:
    """Whether LiteLLM asks the model of that name; one of litany's own is on this machine and needs no key."""
    return name != POCKET and not name.startswith(SCRIPTED)


def _pocket(options: Options) -> Model:
    from litany.models.pocket import PocketModel

    _taken(POCKET, options, {})
    return PocketModel()


def _scripted(file: str, options: Options) -> Model:
    from litany.models.scripted import Scripted

    if not file.strip():
        raise EvalError("scripted: names no file; write it as scripted:FILE.jsonl")
    _taken("a script", options, {"cycle": bool, "window": int})
    return Scripted(Path(file), **options)  # type: ignore[arg-type]  # of these kinds, as just asked


def _remote(name: str, options: Options) -> Model:
    from litany.models.remote import Remote

    kinds: dict[str, type] = {"api_base": str, "api_key": str, "encoding": str, "window": int, "max_tokens": int}
    own = {key: options.pop(key) for key in (*kinds, "timeout") if options.get(key) is not None}
    _typed(name, own, kinds)
    try:
        return Remote(name, own, options)
    except PolicyError as error:
        raise EvalError(f"{error}{_others(name)}") from None


def _others(name: str) -> str:
    """What else might have been meant by a name without a provider."""
    return "" if "/" in name else "; of litany's own there are pocket and scripted:FILE.jsonl"


def _taken(what: str, options: Options, kinds: Mapping[str, type]) -> None:
    for key in options:
        if key not in kinds:
            known = f"it takes {' and '.join(kinds)}" if kinds else "it takes none"
            raise EvalError(f"{what} has no option `{key}`; {known}")
    _typed(what, options, kinds)


def _typed(what: str, options: Options, kinds: Mapping[str, type]) -> None:
    for key, value in options.items():
        kind = kinds.get(key, object)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise EvalError(f"{what}: `{key}` is {value!r}; give {WORDS[kinds[key]]}")


WORDS: Mapping[type, str] = {str: "a text", int: "a whole number", bool: "true or false"}
