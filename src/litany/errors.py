"""Every error that litany raises, and the tree they form.

LitanyError
├── PolicyError        a Policy, or a value given in code, cannot work
├── MessageError       a message cannot be read in its dialect
│   └── PairError      a tool result has no call, or answers one twice
├── WindowTooSmall     what may not be dropped does not fit the window
├── RecordRewritten    strict=True, and the record was edited behind the cut
├── AgendaError        an agenda operation names what is not there
├── StateError         a saved State, or a store, cannot be opened or written
├── RecallError        no message is kept under that handle
├── Busy               a second caller is at work on this conversation
├── TaskError          a task cannot be run, or there is no such run
├── PocketError        the pocket reader cannot read this, or its weights are damaged
├── ToolError          a tool that was asked for cannot be had, or two bear one name
├── Unreached          an upstream was not reached, or hung up before it answered (in adapters/httpx.py)
├── Unserved           an MCP server answered with an error, or was not there to answer (in adapters/mcp_client.py)
├── NoAnswer           a model that LiteLLM reaches gave no answer (in adapters/failing.py)
├── EvalError          an eval, or a figure drawn from one, cannot be made of what was given
│   └── Unanswered     a model of an eval gave no answer, with the Failure its outcome shows (in models/)
├── TraceError         a file holds no trace that can be explained
└── TrajectoryError    a file holds no run that can be replayed
"""


class LitanyError(Exception):
    """The root: catch it to catch everything that litany raises."""


class PolicyError(LitanyError, ValueError):
    """A Policy, or a value given in code, cannot work; the text says what to change."""


class MessageError(LitanyError, ValueError):
    """A message cannot be read in its dialect."""


class PairError(MessageError):
    """A tool result has no call, or answers a call that was answered already."""


class WindowTooSmall(LitanyError):
    """What may not be dropped does not fit into the window.

    culprit -- what takes the room: "system", "tools", "goal", "pinned", "latest user message", "constraints".
    tokens  -- its size in tokens.
    room    -- the tokens that the window had for all of it.
    """

    def __init__(self, text: str, *, culprit: str, tokens: int, room: int) -> None:
        super().__init__(text)
        self.culprit = culprit
        self.tokens = tokens
        self.room = room


class RecordRewritten(LitanyError):
    """The policy is strict, and the host edited the record behind the cut."""


class AgendaError(LitanyError, ValueError):
    """An agenda operation names an item that is not there, or an impossible status."""


class StateError(LitanyError, ValueError):
    """A saved State, or the store that holds it, cannot be opened or written; the text says why and what to do."""


class RecallError(LitanyError, KeyError):
    """No message is kept under that handle."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class Busy(LitanyError):
    """A second caller entered a conversation while a call was under way."""


class TaskError(LitanyError, ValueError):
    """A task cannot be run as it is written, or there is no run of that name; the text says which and what to do."""


class PocketError(LitanyError, ValueError):
    """The pocket reader cannot read what it was given, or its weights are damaged; the text says which and why."""


class ToolError(LitanyError, ValueError):
    """A tool that was asked for cannot be had, or two bear one name; the text says which and what to change."""


class EvalError(LitanyError, ValueError):
    """An eval, or a figure drawn from one, cannot be made of what was given; the text says what to give."""


class TraceError(LitanyError, ValueError):
    """A file holds no trace that can be explained, or not the call that was asked for."""


class TrajectoryError(LitanyError, ValueError):
    """A file holds no run that can be replayed; the text says what was found there."""
