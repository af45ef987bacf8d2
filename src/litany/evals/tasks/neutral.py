"""Neutral: sentences of no account, as many tokens long as an agenda when it is recited; the placebo of an agent.

They ask for nothing and list nothing that could be done. Each word is one token for the models that we know of.
"""

from random import Random

from litany.evals.case import Agenda
from litany.evals.words import spaced

NOUNS = spaced("""
river sky valley garden forest lake moon road hill sea island beach mountain snow wind rain cloud field coast wood shore
""")
ADJECTIVES = spaced("wide slow cold long green gray quiet dark warm clear high deep soft dry bright old")
NOTICE = "Somebody reads aloud beside us, and it has nothing to do with the work."
TITLE = 7
"""Tokens that the title of todos takes beyond the title of constraints."""
LABEL = 3
"""Tokens of a todo's label."""


def neutral(agenda: Agenda, seed: str) -> Agenda:
    """Neutral text in the place of the goal, of each constraint and of each open todo."""
    rng = Random(f"{seed} neutral")
    nouns = rng.sample(NOUNS, len(NOUNS))
    open = [text for text, status in agenda.todos if status == "pending"]
    goal = _sentence(rng, nouns, _size(agenda.goal or "") + (TITLE if open else 0))
    rules = [_sentence(rng, nouns, _size(text)) for text in agenda.constraints]
    lines = [_sentence(rng, nouns, _size(text) + LABEL).removesuffix(".") for text in open]
    return Agenda(goal, (*rules, *lines))


def aloud(agenda: Agenda) -> str:
    """Neutral text as the history holds it."""
    return "\n".join([NOTICE, agenda.goal or "", *agenda.constraints])


def _size(text: str) -> int:
    """Words and commas."""
    return len(text.split()) + text.count(",")


def _sentence(rng: Random, nouns: list[str], size: int) -> str:
    """So many words, four at the least: clauses of five behind the first one."""
    clauses, more = divmod(max(0, size - 4), 5)
    few = rng.sample(ADJECTIVES, 3)[: 1 + more // 2]
    very = "very " if more in (1, 3) else ""
    rest = (f" and the {nouns.pop()} is {rng.choice(ADJECTIVES)}" for _ in range(clauses))
    return f"The {nouns.pop()} is {very}{' and '.join(few)}{''.join(rest)}."
