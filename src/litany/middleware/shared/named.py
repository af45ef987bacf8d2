"""Naming the conversation that what is shared works on, for all calls within a `with`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from litany.errors import PolicyError
from litany.middleware.given import fitted, sentences


@dataclass(frozen=True, slots=True)
class Named:
    """The name of a conversation, and what it is for."""

    key: str
    goal: str | None = None
    constraints: Sequence[str] | None = None


_NAMED: ContextVar[Named | None] = ContextVar("litany_conversation", default=None)


@contextmanager
def conversation(key: str, goal: str | None = None, constraints: Sequence[str] | None = None) -> Iterator[None]:
    """Calls of wrapped clients within it, in this thread or task and those it starts, belong to this conversation.

    key -- its name: what the same store finds again, in any process. goal, constraints -- what it is for; None: as
    the wrapped client was given.
    Raises: PolicyError for a key that is no text.
    """
    fitted(key=key, goal=goal)
    if not key:
        raise PolicyError(f"`key` is {key!r}; give the conversation a name")
    token = _NAMED.set(Named(key, goal, None if constraints is None else sentences(constraints)))
    try:
        yield
    finally:
        _NAMED.reset(token)


def named() -> Named | None:
    """What the innermost `with litany.conversation(…)` says; None outside of any."""
    return _NAMED.get()
