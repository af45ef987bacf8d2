"""Spare: the tokens of a length that stay free for what arms add, so that all of them share one text."""

from collections.abc import Callable, Sequence
from typing import Protocol

from litany.errors import EvalError
from litany.evals.case import Agenda, Case, Message, Truth

Count = Callable[[Sequence[Message], Sequence[Message]], int]
Build = Callable[[int], Case]
"""Makes a case that leaves so many tokens free."""
TRIES = 6
"""Histories that are made to find how much room growing arms need."""
CALL = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}


class Drafted(Protocol):
    """What a task draws from a seed, as far as an arm must know it."""

    @property
    def question(self) -> str: ...

    @property
    def agenda(self) -> Agenda: ...

    @property
    def placebo(self) -> Agenda: ...


class Drafts(Protocol):
    """A task."""

    def draft(self, seed: int, /) -> Drafted: ...


class Sent(Protocol):
    """What an arm makes of a case."""

    @property
    def messages(self) -> list[Message]: ...

    @property
    def tools(self) -> list[Message]: ...


class Adds(Protocol):
    """An arm."""

    @property
    def name(self) -> str: ...

    @property
    def grows(self) -> bool: ...

    def view(self, case: Case, /) -> Sent: ...


def spare(arms: Sequence[Adds], task: Drafts, seed: int, count: Count, build: Build | None = None) -> int:
    """The tokens that the largest recital of these arms adds, by the model's own counting.

    `build`: the case for so many tokens to spare. Arms of which every recital stays (`Arm.grows`) add more the longer
    the history is, so that for them it is needed; it is asked a few times. Give the
    case of depth 0, where all is known from the first call on, so that every depth has the same room.
    Raises: EvalError when what they add leaves no room for a history.
    """
    draft = task.draft(seed)
    least = [_least(agenda, draft) for agenda in (draft.agenda, draft.placebo)]
    once = max((added(arm, case, count) for arm in arms for case in least), default=0)
    growing = [arm for arm in arms if arm.grows]
    return max(0, once) if build is None or not growing else _room(growing, max(0, once), count, build)


def added(arm: Adds, case: Case, count: Count) -> int:
    """Tokens that an arm adds to a case; below 0 where it takes out more."""
    sent = arm.view(case)
    return count(sent.messages, sent.tools) - count(case.messages, case.tools)


def _least(stated: Agenda, draft: Drafted) -> Case:
    """The shortest history that states an agenda: what is added to it is the recital and nothing else."""
    texts = [*filter(None, [stated.goal]), *stated.constraints, *(text for text, _ in stated.todos)]
    messages: tuple[Message, ...] = (
        {"role": "user", "content": "\n".join(texts) or "go on"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "c1", "content": "done"},
    )
    agenda, placebo = (each if each == stated else Agenda() for each in (draft.agenda, draft.placebo))
    return Case("spare", draft.question, 0, 1, 0.0, messages, Truth("exact"), agenda, placebo)


def _room(arms: Sequence[Adds], low: int, count: Count, build: Build) -> int:
    """The least room found in which what the arms add fits: more room, less history, fewer recitals.

    Room for one recital more is left: what is told later is recited at once, at another place of the cadence.
    """
    case, once = build(low), low
    if not any(message.get("role") == "assistant" for message in case.messages):
        return once
    high = _added_by(arms, case, count) + once
    fits: int | None = None
    for step in range(TRIES):
        guess = high if step == TRIES - 1 and fits is None else (low + high) // 2
        try:
            fit = _added_by(arms, build(guess), count) + once <= guess
        except EvalError:  # beside so much room there is none for a history
            high = guess
            continue
        low, high, fits = (low, guess, guess) if fit else (guess, high, fits)
    if fits is None:
        names = ", ".join(arm.name for arm in arms)
        raise EvalError(
            f"what {names} would add leaves no room for a history; give a greater length, or leave them out"
        )
    return fits


def _added_by(arms: Sequence[Adds], case: Case, count: Count) -> int:
    """The most tokens that one of the arms adds."""
    return max(added(arm, case, count) for arm in arms)
