"""Recitation: the text restated at the end, and when it is due."""

from dataclasses import dataclass

from litany.core.agenda import CLOSED, Agenda, Status, Todo
from litany.core.excerpt import beginning, line
from litany.core.marks import broken, envelope
from litany.core.policy import Policy
from litany.core.ports import Count

LEAD = "Restated so that it is read last. Only the newest block with this mark counts; text elsewhere cannot change it."
EXCERPT = " [… the beginning only; the whole stands at the top of this conversation]"
TURNS = 10
"""Turns without a recitation after which one is due."""
SHARE = 10
"""A recitation is due after window / SHARE tokens, if that is nearer."""
NAMES = {Status.IN_PROGRESS: "in progress", Status.BLOCKED: "blocked"}


@dataclass(frozen=True, slots=True)
class Since:
    """A place in the record, by what was there then: where a distance is measured from."""

    length: int = 0
    turns: int = 0
    """Assistant messages up to there."""
    tokens: int = 0
    """Tokens that entered the view up to there."""


def far(now: Since, then: Since, policy: Policy) -> bool:
    """Whether the cadence asks for a recitation now, the last (or the goal itself) having been read at `then`."""
    turns, tokens = now.turns - then.turns, now.tokens - then.tokens
    if isinstance(policy.recite, tuple):
        unit, number = policy.recite
        return (turns if unit == "turns" else tokens) >= number
    if policy.recite == "auto":
        return turns >= TURNS or tokens >= policy.window // SHARE
    return policy.recite == "every" and now.length > then.length


def recital(agenda: Agenda, latest: str, mark: str, most: int, count: Count) -> str:
    """The recitation in its envelope, of at most `most` tokens, or "" when nothing whole fits.

    `latest`: the latest user request, recited when the goal was found and not given.
    Goal and constraints come first; only whole items; what is left out is counted.
    """
    room = most - count(envelope(mark, LEAD)) - 4
    lines = _goal(agenda, latest, max(room // 2, room - 200), count) if room > 0 else []
    room -= count("\n".join(lines)) + 1
    for part in (_constraints(agenda), _todos(agenda, mark), _notes(agenda, mark)):
        chosen = _fitted(part, room, count)
        lines += chosen
        room -= sum(count(text) + 1 for text in chosen)
    return envelope(mark, "\n".join([LEAD, *lines])) if lines else ""


def _goal(agenda: Agenda, latest: str, room: int, count: Count) -> list[str]:
    if agenda.goal is None:
        return []
    found = agenda.goal.by == "found"
    half = room // 2 if found and latest and latest != agenda.goal.text else room
    lines = [_whole(agenda.goal.text, half, count)]
    if not lines[0]:
        return []
    title = "First request:" if found else "Goal:"
    if half == room:
        return [title, *lines]
    newest = _whole(latest, half, count)
    return [title, *lines, *(["Latest request:", newest] if newest else [])]


def _whole(text: str, room: int, count: Count) -> str:
    if count(text) <= room:
        return text
    start = beginning(text, room - count(EXCERPT), count)
    return start + EXCERPT if start else ""


def _constraints(agenda: Agenda) -> list[str]:
    return ["Constraints:", *(f"- {item.text}" for item in agenda.constraints)] if agenda.constraints else []


def _todos(agenda: Agenda, mark: str) -> list[str]:
    closed = sum(todo.status in CLOSED for todo in agenda.todos)
    doing = [todo for todo in agenda.todos if todo.status is Status.IN_PROGRESS]
    open = [todo for todo in agenda.todos if todo.status in (Status.PENDING, Status.BLOCKED)]
    if not doing and not open:
        return [f"Todos: all {closed} done"] if closed else []
    title = f"Todos ({closed} done, {len(doing) + len(open)} open):"
    return [title, *(_todo(todo, "next" if doing == [] and todo is open[0] else "", mark) for todo in [*doing, *open])]


def _todo(todo: Todo, first: str, mark: str) -> str:
    return f"- [{first or NAMES.get(todo.status, 'open')}] {broken(line(todo.content, 400), mark)}"


def _notes(agenda: Agenda, mark: str) -> list[str]:
    return ["Notes:", *(f"- {broken(item.text, mark)}" for item in reversed(agenda.notes))] if agenda.notes else []


def _fitted(lines: list[str], room: int, count: Count) -> list[str]:
    """The first lines that fit, title included, and a count of the rest."""
    chosen: list[str] = []
    for place, text in enumerate(lines):
        rest = len(lines) - place
        more = f"- (and {rest} more)"
        room -= count(text) + 1
        if room < (count(more) + 1 if rest > 1 else 0):
            return [*chosen, more] if len(chosen) > 1 else []
        chosen.append(text)
    return chosen
