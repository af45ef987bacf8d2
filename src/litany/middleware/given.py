"""Given: what the host hands over, looked at before it is used, so that a wrong type is told where it came in."""

from collections.abc import Callable, Iterable, Sequence
from os import PathLike
from typing import Any

from litany.core.policy import Policy
from litany.errors import MessageError, PolicyError
from litany.redact import Redactor
from litany.trace import TraceFile

STORE = ("load", "save", "find", "search")


def sequence(messages: object) -> Sequence[object]:
    """The messages, when they are a list. Raises: MessageError that says what came instead."""
    if isinstance(messages, Sequence) and not isinstance(messages, str | bytes):
        return messages
    raise MessageError(f"`messages` is {_kind(messages)}; give the list of all messages so far")


def schemas(tools: object) -> tuple[object, ...]:
    """The tools, as they are now. Raises: PolicyError when they are no list."""
    if isinstance(tools, Sequence) and not isinstance(tools, str | bytes):
        return tuple(tools)
    if tools is None:
        return ()
    raise PolicyError(f"`tools` is {_kind(tools)}; give the list of schemas that is sent with the messages")


def sentences(constraints: object) -> tuple[str, ...]:
    """The constraints, when they are a list of texts. Raises: PolicyError that says what came instead."""
    if isinstance(constraints, str) or not isinstance(constraints, Iterable):
        raise PolicyError(f"`constraints` is {_kind(constraints)}; give a list of sentences")
    return tuple(constraints)


def policy_of(policy: object) -> Policy:
    """The policy, or the default one. Raises: PolicyError when it is none."""
    if policy is None:
        return Policy()
    if not isinstance(policy, Policy):
        raise PolicyError(f"`policy` is {_kind(policy)}; give a Policy(window=…), or Policy.of(…) of a table")
    return policy


def writer(
    trace: Callable[[dict[str, Any]], object] | str | PathLike[str] | None,
) -> Callable[[dict[str, Any]], object] | None:
    """What takes the trace lines: a path becomes a file of them. Raises: PolicyError when it cannot be written."""
    return TraceFile(trace) if isinstance(trace, str | PathLike) else trace


def redactor(redact: Callable[[str], str] | bool | None) -> Callable[[str], str] | None:
    """What takes secrets out of text; True: litany's own Redactor."""
    if isinstance(redact, bool):
        return Redactor() if redact else None
    return redact


def fitted(**given: object) -> None:
    """Looks at the other arguments of a Litany by name. Raises: PolicyError for one that cannot work."""
    for name in ("summarize", "trace", "redact"):
        value = given.get(name)
        if value is not None and not callable(value):
            raise PolicyError(f"`{name}` is {_kind(value)}; give a function, or leave it out")
    for name in ("goal", "key", "mark"):
        value = given.get(name)
        if value is not None and not isinstance(value, str):
            raise PolicyError(f"`{name}` is {_kind(value)}; give a text, or leave it out")
    store = given.get("store")
    missing = [method for method in STORE if store is not None and not hasattr(store, method)]
    if missing:
        raise PolicyError(
            f"`store` is {_kind(store)}, without {', '.join(missing)}; give a Store such as MemoryStore()"
        )


def _kind(value: object) -> str:
    return "None" if value is None else f"{'an' if type(value).__name__[0] in 'aeiou' else 'a'} {type(value).__name__}"
