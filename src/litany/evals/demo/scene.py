"""Scene: the first question of a demo as a reader is shown it, told at the very start of its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from litany.evals import truth
from litany.evals.case import Case, Message
from litany.evals.sweep import Parts, Suite, parts_of
from litany.evals.sweep.cell import Site, sites
from litany.evals.sweep.run import drawn, room
from litany.models.model import Model


@dataclass(frozen=True, slots=True)
class Scene:
    """What is asked, and what litany adds."""

    site: Site
    told: str
    """What the answer follows from."""
    place: int
    """The message that holds it, from 1."""
    messages: int
    """All of them, the question included."""
    tokens: int
    """All of them, by the model's own counting."""
    calls: int
    """Of tools, made after it was told."""
    between: int
    """Tokens between what was told and the question."""
    ask: str
    """The question, or the order, at the end."""
    added: str
    """What litany adds behind it."""
    right: str
    """The answer that is right."""


def scene(suite: Suite, model: Model) -> Scene:
    """The first question of the suite, at its first depth."""
    parts, site = parts_of(suite), next(sites(suite))
    case = drawn(site, model, parts, room(site, model, parts))
    draft = parts.tasks[site.task].draft(site.seed)
    told = draft.pieces[-1]
    place = next(number for number, message in enumerate(case.messages, 1) if told in str(message["content"]))
    since = case.messages[place:-1]
    return Scene(
        site=site,
        told=told,
        place=place,
        messages=len(case.messages),
        tokens=model.count(case.messages, case.tools),
        calls=sum(len(message.get("tool_calls", ())) for message in since),
        between=model.count(since) if since else 0,
        ask=draft.ask,
        added=_added(case, parts, model),
        right=truth.told(replace(case.truth, forbidden=())),
    )


def _added(case: Case, parts: Parts, model: Model) -> str:
    """What the last arm sends behind the history."""
    sent: Sequence[Message] = parts.arms[-1].view(case, model.count).messages
    return "\n".join(str(message["content"]) for message in sent[len(case.messages) :])
