"""The strict provider: what it would say to a request, without sending it."""

from collections.abc import Collection, Mapping
from typing import Any, Literal

from litany.errors import PolicyError
from litany.testing import anthropic, marks, openai
from litany.testing.binding import KEY
from litany.testing.violation import Violation, mapping, shown

FLAGS = {"openai": openai.FLAGS, "anthropic": anthropic.FLAGS}
"""The flags that each dialect knows."""


def validate(
    dialect: str,
    request: Mapping[str, Any],
    *,
    open_tail: Literal["refuse", "allow"] = "refuse",
    flags: Collection[str] = (),
    max_tool_calls: int = 128,
    key: bytes = KEY,
    previous: Mapping[str, Any] | None = None,
) -> list[Violation]:
    """Every rule that the request breaks; an empty list means that it is legal.

    `open_tail="allow"` lets a record end on a call that nobody answered. `max_tool_calls` is OpenAI's limit for one
    message. For Anthropic, `key` is what `sign` signed with, and `previous`, the request sent before, has the cache
    marks checked against it.

    Raises: PolicyError if the dialect or a flag is not known.
    """
    _known(dialect, flags)
    if not mapping(request):
        code = "O0" if dialect == "openai" else "A0"
        return [Violation(code, "", f"the request should be an object, got {shown(request)}")]
    if dialect == "openai":
        allow = open_tail == "allow"
        return list(openai.check(request, open_tail=allow, flags=flags, max_tool_calls=max_tool_calls))
    found = list(anthropic.check(request, open_tail=open_tail == "allow", flags=flags, key=key))
    return [*found, *marks.lookback(previous, request)] if mapping(previous) else found


def _known(dialect: str, flags: Collection[str]) -> None:
    if dialect not in FLAGS:
        raise PolicyError(f"no validator for the dialect {dialect!r}; there are {', '.join(FLAGS)}")
    for flag in flags:
        if flag not in FLAGS[dialect]:
            raise PolicyError(f"{dialect} has no flag {flag!r}; it has {', '.join(FLAGS[dialect])}")
