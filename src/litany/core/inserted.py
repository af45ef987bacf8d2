"""What coding agents insert into the user's messages for the model: no user said it, so that it is no request."""

from litany.core.message import Message

TAGS = (
    "system-reminder",
    "command-name",
    "command-message",
    "command-args",
    "local-command-caveat",
    "local-command-stdout",
    "local-command-stderr",
    "bash-input",
    "bash-stdout",
    "bash-stderr",
    "task-notification",
    "environment_context",
    "user_instructions",
    "INSTRUCTIONS",
    "permissions instructions",
    "skills_instructions",
    "user_shell_command",
    "turn_aborted",
    "skill",
)
"""The elements that Claude Code and Codex write so."""
LINES = ("# AGENTS.md instructions", "Caveat: The messages below were generated", "[Request interrupted by user")
"""How lines begin that they write so."""
SUMMARIES = (
    "This session is being continued from a previous conversation",
    "Another language model started to solve this problem and produced a summary",
    "Here is a summary of the conversation to date:",
    "You are in the middle of a conversation that has been summarized.",
)
"""How the user message begins in which Claude Code, Codex, LangChain and deepagents put a summary of their own."""


def asked(message: Message) -> str:
    """What a user asks in the message; "" where none does, as in a summary, whatever requests it tells of.

    A client that has compacted may write the user's next words behind its summary: where these begin it does not say.
    """
    return "" if not message.speaks or summarizes(message) else requested(message.text)


def summarizes(message: Message) -> bool:
    """Whether a summarizer wrote the message, and no user."""
    return message.summary or requested(message.text).lstrip().startswith(SUMMARIES)


def requested(text: str) -> str:
    """The text without what was inserted at either end; the very text where nothing was, "" where all of it was."""
    start, end = 0, len(text)
    while (after := _opened(text, start, end)) > start:
        start = after
    while (before := _closed(text, start, end)) < end:
        end = before
    return text if (start, end) == (0, len(text)) else text[start:end].strip()


def _opened(text: str, start: int, end: int) -> int:
    """Where the text goes on behind an insertion that it begins with; `start` when it begins with none."""
    place = start
    while place < end and text[place].isspace():
        place += 1
    for tag in TAGS:
        if text.startswith(f"<{tag}>", place):
            close = text.find(f"</{tag}>", place, end)
            return start if close < 0 else close + len(tag) + 3
    if text.startswith(LINES, place):
        line = text.find("\n", place, end)
        return end if line < 0 else line
    return start


def _closed(text: str, start: int, end: int) -> int:
    """Where the text ends before an insertion that it ends with; `end` when it ends with none."""
    place = end
    while place > start and text[place - 1].isspace():
        place -= 1
    for tag in TAGS:
        if text.endswith(f"</{tag}>", start, place):
            open = text.rfind(f"<{tag}>", start, place)
            return end if open < 0 else open
    return end
