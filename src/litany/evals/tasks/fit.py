"""A draft with as much filler as a length holds; it is then written at any depth with the very same text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from litany.errors import EvalError
from litany.evals.case import Case, Message
from litany.evals.haystack import Unit
from litany.evals.tasks.draft import Draft, Task

Counter = Callable[[Sequence[Message], Sequence[Message]], int]
"""Tokens of a request: messages, tools."""
ROUNDS = 24
"""Most tries at a length; three or four are the rule."""
TOKENS = 0.3
"""Tokens a character of filler takes, before it is known: rather too many than too few."""
NEAR = 100
"""Filler is grown until this part of the length is free at most, or some 24 tokens."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A draft and its filler, for one length."""

    task: str
    seed: int
    length: int
    draft: Draft
    units: tuple[Unit, ...]

    def at(self, depth: float) -> Case:
        """The case at this depth, 0 to 1. Raises: EvalError."""
        if not 0 <= depth <= 1:
            raise EvalError(f"there is no depth {depth:g}; give 0 (the start) to 1 (right before the end)")
        draft = self.draft
        messages = draft.filler.written(self.units, draft.placed(depth), draft.ask)
        return Case(
            self.task,
            draft.question,
            self.seed,
            self.length,
            depth,
            messages,
            draft.truth,
            draft.agenda,
            draft.placebo,
            draft.tools,
        )


def fitted(task: Task, seed: int, length: int, count: Counter, spare: int = 0) -> Fitted:
    """The draft of this seed, filled so that it takes at most `length - spare` tokens at any depth, and near it.

    Raises: EvalError when the draft takes more without any filler.
    """
    draft = task.draft(seed)
    search = _Search(draft, task.name, seed, length, length - spare, count)
    return Fitted(task.name, seed, length, draft, search.found())


class _Search:
    """How many units fit: each try goes where the straight line through the last two points, within what is known."""

    def __init__(self, draft: Draft, name: str, seed: int, length: int, most: int, count: Counter) -> None:
        self._draft, self._name, self._most, self._count = draft, name, most, count
        self._length = length
        self._stream = draft.filler.units(f"{name} {seed} filler", length)
        self._units = list[Unit]()
        self._sizes = [0]

    def found(self) -> tuple[Unit, ...]:
        if self._draft.whole:
            return self._all()
        best = self._grown()
        while best and not self._fits(best):
            best -= 1
        if not best and not self._fits(0):
            raise self._narrow(max(self._tokens(0, depth) for depth in (0.0, 0.5, 1.0)))
        return tuple(self._units[:best])

    def _all(self) -> tuple[Unit, ...]:
        self._units = list(self._stream)
        if not self._fits(len(self._units)):
            raise self._narrow(self._tokens(len(self._units), 0.0))
        return tuple(self._units)

    def _grown(self) -> int:
        """Units that fit at depth 0 with some tokens to spare for where the pieces stand otherwise."""
        most = self._most - 2 * len(self._draft.pieces)
        near = max(24, most // NEAR)
        low, high, taken, rate = 0, -1, self._tokens(0, 0.0), TOKENS
        for _ in range(ROUNDS):
            if most - taken <= near or high == low + 1:
                break
            aim = self._sizes[low] + max(1.0, (most - near / 2 - taken) / rate)
            tried = self._reach(aim, low + 1, high - 1)
            tokens = self._tokens(tried, 0.0)
            rate = max(tokens - taken, 1) / (self._sizes[tried] - self._sizes[low])
            low, high, taken = (tried, high, tokens) if tokens <= most else (low, tried, taken)
        return low

    def _reach(self, characters: float, least: int, most: int) -> int:
        """Units of so many characters, as many as are known to be possible (-2: any number)."""
        while self._sizes[-1] <= characters or len(self._units) < least:
            more = list(islice(self._stream, 256))
            self._sizes.extend(list(accumulate((len(each.text) + 1 for each in more), initial=self._sizes[-1]))[1:])
            self._units.extend(more)
        low, high = least, len(self._units) if most < 0 else most
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._sizes[middle] <= characters else (low, middle - 1)
        return low

    def _fits(self, number: int) -> bool:
        return all(self._tokens(number, depth) <= self._most for depth in (1.0, 0.5))

    def _tokens(self, number: int, depth: float) -> int:
        draft = self._draft
        messages = draft.filler.written(self._units[:number], draft.placed(depth), draft.ask)
        return self._count(messages, draft.tools)

    def _narrow(self, tokens: int) -> EvalError:
        return EvalError(
            f"{self._name}: {self._draft.question} takes {tokens:,} tokens at the least, and of the length "
            f"{self._length:,} the arms leave {max(0, self._most):,}; give a greater length"
        )
