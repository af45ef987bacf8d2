"""The head: where a goal or constraints given in code stand when no message holds them."""

from collections.abc import Sequence
from dataclasses import replace

from litany.core.enter import goal_at
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import Head, State
from litany.core.stated import states

TITLE = "The task, as the developer of this agent gave it."
CONSTRAINTS = "Constraints, to be kept at all times:"


def headed(record: Record, state: State, setting: Setting, system: str) -> tuple[State, bool]:
    """The state with its head decided, and whether a view that was sent before changes by it.

    `system`: the system text beside the messages. A constraint that the system text, a leading system message or
    the goal's message holds is not repeated.
    """
    if state.headed:
        return state, False
    goal = state.agenda.goal
    at = goal_at(record, state.agenda, state.scan, 0)
    if at >= 0 and state.cut is not None and at < state.cut.end and at not in state.cut.kept:
        at = goal_at(record, state.agenda, state.scan, state.cut.end)
    if goal is not None and states(system, goal.text):
        at = -2
    held = [system, *(record[index].text for index in range(record.leading)), *([record[at].text] if at >= 0 else [])]
    text = _text("" if goal is None or at != -1 else goal.text, [item.text for item in state.agenda.constraints], held)
    head = _head(record, setting, text) if text else None
    moved = (head.text if head else "") != (state.head.text if state.head else "")
    size = state.size + (head.tokens if head else 0) - (state.head.tokens if state.head else 0)
    state = replace(state, head=head, headed=True, scan=replace(state.scan, goal=at), size=size)
    return state, moved and (state.length > 0 or record.bound())


def _head(record: Record, setting: Setting, text: str) -> Head:
    message = setting.dialect.read(setting.dialect.user(text), setting.count, False)
    return Head(record.leading, text, message.tokens)


def _text(goal: str, constraints: Sequence[str], held: Sequence[str]) -> str:
    missing = [text for text in constraints if not any(states(other, text) for other in held)]
    parts = [f"Goal:\n{goal}"] if goal else []
    if missing:
        parts.append("\n".join([CONSTRAINTS, *(f"- {text}" for text in missing)]))
    return "\n\n".join([TITLE, *parts]) if parts else ""
