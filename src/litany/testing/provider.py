"""The strict provider: what it would say to a request, without sending it."""

from collections.abc import Collection, Mapping
from typing import Any, Literal

from litany.errors import PolicyError
from litany.testing import anthropic, gemini, marks, openai, responses
from litany.testing.binding import KEY
from litany.testing.violation import Violation, mapping, shown

FLAGS = {
    "openai": openai.FLAGS,
    "anthropic": anthropic.FLAGS,
    "responses": responses.FLAGS,
    "gemini": gemini.FLAGS,
}
"""The flags that each dialect knows."""
MALFORMED = {"openai": "O0", "anthropic": "A0", "responses": "P0", "gemini": "G0"}
"""What a request is called that is no object."""


def validate(
    dialect: str,
    request: Mapping[str, Any],
    *,
    open_tail: Literal["refuse", "allow"] = "refuse",
    flags: Collection[str] = (),
    max_tool_calls: int = 128,
    key: bytes = KEY,
    previous: Mapping[str, Any] | None = None,
    reasoned: Mapping[str, str] | None = None,
    resolved: bool = False,
) -> list[Violation]:
    """Every rule that the request breaks; an empty list means that it is legal.

    `open_tail="allow"` lets a record end on a call that nobody answered. `max_tool_calls` is OpenAI's limit for one
    message. `key` is what `sign` and `seal` signed with. For Anthropic, `previous`, the request sent before, has the
    cache marks checked against it. For Responses, `reasoned` names the reasoning item that an item was made with,
    and `resolved` says that the input holds also what the server keeps of it.

    Raises: PolicyError if the dialect or a flag is not known.
    """
    _known(dialect, flags)
    if not mapping(request):
        return [Violation(MALFORMED[dialect], "", f"the request should be an object, got {shown(request)}")]
    allow = open_tail == "allow"
    if dialect == "openai":
        return list(openai.check(request, open_tail=allow, flags=flags, max_tool_calls=max_tool_calls))
    if dialect == "gemini":
        return list(gemini.check(request, open_tail=allow, flags=flags, key=key))
    if dialect == "responses":
        known = reasoned or {}
        return list(responses.check(request, open_tail=allow, flags=flags, key=key, reasoned=known, resolved=resolved))
    found = list(anthropic.check(request, open_tail=allow, flags=flags, key=key))
    return [*found, *marks.lookback(previous, request)] if mapping(previous) else found


def _known(dialect: str, flags: Collection[str]) -> None:
    if dialect not in FLAGS:
        raise PolicyError(f"no validator for the dialect {dialect!r}; there are {', '.join(FLAGS)}")
    for flag in flags:
        if flag not in FLAGS[dialect]:
            raise PolicyError(f"{dialect} has no flag {flag!r}; it has {', '.join(FLAGS[dialect])}")
