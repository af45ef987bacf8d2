"""Diff: one call against the one before it: which messages joined, which left or shrank, and what stayed."""

from dataclasses import dataclass

from litany.explain.line import SECTIONS, New, Prefix
from litany.explain.read import Run


@dataclass(frozen=True, slots=True)
class Left:
    """A message that is no longer sent, or no longer whole."""

    index: int
    how: str
    handle: str
    """Under which it is recalled; "" when the part of the trace that told it is gone."""
    text: str
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A section's tokens then and now."""

    section: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed since the call before."""

    joined: tuple[New, ...]
    left: tuple[Left, ...]
    changes: tuple[Change, ...]
    prefix: Prefix
    cost: float
    """How much dearer this call is."""


def diff(run: Run, place: int) -> Diff | None:
    """The call at that place against the one before; None when it is the first."""
    if not place:
        return None
    now, then = run.calls[place], run.calls[place - 1]
    sections = now.line.sections, then.line.sections
    changes = tuple(Change(name, getattr(sections[1], name), getattr(sections[0], name)) for name in SECTIONS)
    return Diff(now.line.new, left(run, place), changes, now.line.prefix, now.cost.total - then.cost.total)


def left(run: Run, place: int) -> tuple[Left, ...]:
    """What this call took out of the view or shortened, in the order of the record."""
    line, told = run.calls[place].line, run.told(place)
    sizes = {edit.index: edit.after for call in run.calls[:place] for edit in call.line.edits}
    found = {
        edit.index: Left(
            edit.index, " and ".join(edit.how), edit.handle, _text(told, edit.index), edit.before, edit.after
        )
        for edit in line.edits
    }
    if line.compacted is not None:
        stays = set(() if line.gone is None else line.gone.stays)
        for index in range(*line.compacted):
            if index not in stays:
                new = told.get(index)
                tokens = None if new is None else sizes.get(index, new.tokens)
                handle = "" if new is None else new.handle
                found[index] = Left(index, "compacted", handle, _text(told, index), tokens, 0)
    return tuple(found[index] for index in sorted(found))


def _text(told: dict[int, New], index: int) -> str:
    return told[index].text if index in told else "(told in a part of the trace that is gone)"
