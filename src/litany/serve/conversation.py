"""Which conversation a request belongs to, where its headers or its body say so."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from litany.core.inserted import SUMMARIES
from litany.errors import PolicyError
from litany.serve.asked import CONVERSATION, Asked
from litany.serve.body import Body

NAME = re.compile(r"[\w.:@/+=-]{1,200}")
SESSIONS = (b"x-claude-code-session-id", b"thread-id", b"session-id", b"session_id", b"x-opencode-session")
"""Headers by which coding agents name a session: Claude Code; Codex, by thread and by session; opencode."""
USER = re.compile(r"_session_([0-9a-f-]{36})$")
"""How Claude Code named a session before it had a header."""
CONTINUED = (*SUMMARIES, "What did we do so far?")
"""How the first user message begins once the client has compacted by itself, opencode's the last."""
BILLING = "x-anthropic-billing-header:"
"""What Claude Code begins its system text with, and changes from request to request."""


def named(asked: Asked, body: Body) -> str | None:
    """The conversation's name; None when nobody says it, and it is told by its messages.

    Raises: PolicyError when the name that the user gave is none.
    """
    given = asked.header(CONVERSATION)
    if given and not NAME.fullmatch(given):
        raise PolicyError(
            f"{CONVERSATION.decode()} is {given[:80]!r}; write up to 200 letters, digits and . : @ / + = - _"
        )
    if given:
        return given
    sessions = (asked.header(name) for name in SESSIONS)
    found = next((session for session in sessions if NAME.fullmatch(session)), None) or _session(body)
    return found or None


def continues(body: Body) -> bool:
    """Whether the client has put a summary of its own in the place of the conversation so far."""
    users = [message for message in body.messages if message.get("role") == "user"][:1]
    return any(text.lstrip().startswith(CONTINUED) for message in users for text in _texts(message.get("content")))


def steady(system: object) -> object:
    """The system text without what the client changes from request to request."""
    if not isinstance(system, list):
        return system
    return [block for block in system if not any(text.startswith(BILLING) for text in _texts([block]))]


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    for block in content if isinstance(content, list) else ():
        text = block.get("text") if isinstance(block, Mapping) else None
        if isinstance(text, str):
            yield text


def _session(body: Body) -> str:
    """The session that Claude Code writes into the user id of its requests."""
    metadata = body.get("metadata")
    user: Any = metadata.get("user_id") if isinstance(metadata, dict) else None
    if not isinstance(user, str):
        return ""
    found = USER.search(user)
    if found:
        return found[1]
    try:
        session = json.loads(user).get("session_id") if user.startswith("{") else None
    except ValueError:
        return ""
    return session if isinstance(session, str) and NAME.fullmatch(session) else ""
