"""The pocket reader as a model: chat messages in, its next message and the tokens it took out."""

import json
from collections.abc import Callable, Collection, Sequence
from functools import cache
from hashlib import sha256

from litany.core.completion import Completion, Finish, Usage
from litany.errors import PocketError
from litany.pocket.calls import called
from litany.pocket.chat import Prompt, prompt
from litany.pocket.network import Network, load
from litany.pocket.words import CALL, END, KNOWN, PARTS

WINDOW = 2_048
"""Tokens of prompt and answer together."""
ANSWER = 48
"""Most tokens of an answer."""
SILENT = frozenset(range(len(PARTS))) - {CALL, END}
"""What no answer holds: the marks of who speaks."""


class Pocket:
    """A model of 0.67 million weights that reads English by attention, and loses what stands far from the end.

    Implements the `Complete` port; messages and tools are OpenAI's. Thread-safe; one context's prefix is read once.
    """

    window = WINDOW

    def __init__(self, network: Network | None = None, most: int = ANSWER) -> None:
        """`most`: tokens of an answer. Raises: PocketError when the weights are missing or damaged."""
        self._network = network or load()
        self._most = most

    @property
    def name(self) -> str:
        """`pocket`, with the beginning of its weights' hash."""
        return f"pocket-{self._network.weights.sha256[:8]}"

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        """Tokens of a request. Raises: MessageError, PocketError when it cannot be read."""
        return len(prompt(messages, tools).ids)

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Completion:
        """The next message, the likeliest token each time.

        Raises: PocketError when the request takes more than the window, holds what is not text, or more different
        words than there are slots; MessageError when a message is none.
        """
        asked = prompt(messages, tools)
        size = len(asked.ids)
        if size + self._most > WINDOW:
            raise PocketError(
                f"the request takes {size:,} of pocket's own tokens and the answer up to {self._most}, and its window "
                f"holds {WINDOW:,}; shorten the request, for instance with Litany(policy=Policy(window=...))"
            )
        answered = self._network.answer(asked.ids, END, self._most, _sayable(asked))
        usage = Usage(size, len(answered.ids) + answered.finished, answered.cached)
        message = spoken(asked, answered.ids)
        ended: Finish = "tool_calls" if "tool_calls" in message else "stop"
        return Completion(message, usage, ended if answered.finished else "length")


@cache
def pocket() -> Pocket:
    """The reader that ships with litany, loaded once."""
    return Pocket()


def _sayable(asked: Prompt) -> Callable[[tuple[int, ...]], Collection[int]]:
    """The tokens that mean something here: known ones and words of the prompt; calls where tools are on offer."""
    words = {*range(len(KNOWN)), *asked.words.slots} - SILENT
    plain = sorted(words - {CALL})
    either = sorted(words) if asked.tools else plain
    return lambda said: plain if said else either


def spoken(asked: Prompt, ids: Sequence[int]) -> dict[str, object]:
    """The assistant's message that these tokens are: a call where they have the form of one, else a text."""
    call = called(asked, ids)
    if call is None:
        return {"role": "assistant", "content": asked.words.text(token for token in ids if token != CALL)}
    name, given = call
    words = [asked.words.word(token) for token in asked.ids]
    key = sha256(repr((asked.ids, words, tuple(ids))).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    function = {"name": name, "arguments": json.dumps(given, ensure_ascii=False)}
    calls = [{"id": f"call_{key}", "type": "function", "function": function}]
    return {"role": "assistant", "content": None, "tool_calls": calls}
