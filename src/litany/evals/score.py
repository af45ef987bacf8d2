"""Code graders: whether a model's message is right, by the truth alone."""

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from litany.errors import EvalError
from litany.evals.answer import Called, calls, text
from litany.evals.case import Truth

Message = Mapping[str, object]
Score = Callable[[Truth, Message], float]
"""From 0 to 1. Whatever it raises is an error in the table, and never a zero."""
QUOTES = "\"'`*_“”‘’ \n\t"
"""What may stand around an exact answer."""


def score(truth: Truth, message: Message) -> float:
    """1 where the message is right, 0 where it is wrong.

    exact -- the whole answer is one of the texts; contains -- it says one of them; all -- it says every one of them;
    action -- it calls the tool, with those arguments to the letter; state -- its lines are the texts, in any order and
    as often, letter by letter. In each, nothing forbidden is called with; in all
    but action nothing of it is said either, for a call may stand beside a word on what was revoked. Case and spacing of
    texts do not matter; they are found as whole words and numbers: 471 is not in 4711, nor ash in crash; 4,711 is 4711.
    Raises: EvalError for a truth that cannot be graded by.
    """
    grader = GRADERS.get(truth.grader)
    if grader is None:
        raise EvalError(f"there is no grader {truth.grader!r}; there is {', '.join(GRADERS)}")
    if truth.grader != "action" and not truth.texts:
        raise EvalError(f"a truth for {truth.grader!r} names no text; give it what the answer must say")
    return float(grader(truth, message) and not broken(truth, message))


def broken(truth: Truth, message: Message) -> tuple[str, ...]:
    """What of the forbidden is called with; and said, where the answer is what is said."""
    spoken = [] if truth.grader == "action" else [text(message)]
    said = "\n".join([*spoken, *(value for call in calls(message) for value in _values(call))])
    return tuple(each for each in truth.forbidden if says(said, each))


def found(truth: Truth, message: Message) -> tuple[str, ...]:
    """Which of the truth's texts are said."""
    said = text(message)
    return tuple(each for each in truth.texts if says(said, each))


def says(said: str, wanted: str) -> bool:
    """Whether it is in there, as whole words and numbers."""
    return _pattern(wanted).search(_plain(said)) is not None


def _exact(truth: Truth, message: Message) -> bool:
    said = _bare(text(message))
    return any(said in _spellings(_bare(each)) for each in truth.texts)


def _contains(truth: Truth, message: Message) -> bool:
    return bool(found(truth, message))


def _all(truth: Truth, message: Message) -> bool:
    return len(found(truth, message)) == len(truth.texts)


def _state(truth: Truth, message: Message) -> bool:
    return sorted(text(message).splitlines()) == sorted(truth.texts)


def _action(truth: Truth, message: Message) -> bool:
    """One of the calls is the wanted one; where none is wanted, any message will do."""
    return not truth.call or any(_matches(truth, call) for call in calls(message))


def _matches(truth: Truth, call: Called) -> bool:
    if call.name != truth.call:
        return False
    wanted = truth.arguments or {}
    given = call.arguments if isinstance(call.arguments, Mapping) else {}
    return all(key in given and said(given[key]).strip() == value.strip() for key, value in wanted.items())


GRADERS: Mapping[str, Callable[[Truth, Message], bool]] = {
    "exact": _exact,
    "contains": _contains,
    "all": _all,
    "action": _action,
    "state": _state,
}
"""By the name that a truth gives."""
CODED = ("action", "state")
"""Graders of what is done and not of what is said: code compares that, and no judge."""


def said(value: object) -> str:
    """A value of a call's arguments as a text: 5 is "5", and true is "true"."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _values(call: Called) -> list[str]:
    given = call.arguments
    return [call.name, *(map(said, given.values()) if isinstance(given, Mapping) else [said(given)])]


def _plain(given: str) -> str:
    return " ".join(given.casefold().split())


def _bare(given: str) -> str:
    """Without what stands around it: quotes, marks of emphasis, a full stop."""
    return _plain(given).strip(QUOTES).removesuffix(".").strip(QUOTES)


@lru_cache(maxsize=4_096)
def _pattern(wanted: str) -> re.Pattern[str]:
    """No letter or digit beside it; and beside a digit no further figures behind a point or comma."""
    plain = _plain(wanted)
    if not plain:
        raise EvalError("a truth names an empty text, which is in every answer; give it words")
    before = r"(?<![^\W_])" + (r"(?<!\d[.,])" if plain[0].isdigit() else "") if plain[0].isalnum() else ""
    after = r"(?![^\W_])" + (r"(?![.,]\d)" if plain[-1].isdigit() else "") if plain[-1].isalnum() else ""
    return re.compile(f"{before}(?:{'|'.join(map(re.escape, _spellings(plain)))}){after}")


def _spellings(plain: str) -> tuple[str, ...]:
    """A whole number may have commas at its thousands; what begins with 0 is a code."""
    if plain.isascii() and plain.isdigit() and 4 <= len(plain) <= 30 and plain[0] != "0":
        return (plain, f"{int(plain):,}")
    return (plain,)
