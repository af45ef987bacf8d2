"""Unlike: what tells the suite whose outcomes lie in a folder from one that would go on there."""

from collections.abc import Iterator
from pathlib import Path

from litany.evals.outcome import Outcome
from litany.evals.sweep.parts import Parts
from litany.evals.sweep.suite import Suite
from litany.evals.sweep.toml import beside
from litany.models.model import Model

LISTS = ("tasks", "arms", "lengths", "depths")
CHANGED = "a file that its tasks or arms are read from has changed, or another version of litany asked it"


def unlike(out: Path, one: Outcome, suite: Suite, model: Model, parts: Parts) -> str:
    """What differs. `one`: an outcome that lies there and is not of this suite."""
    was = beside(out)
    if one.model != model.name:
        return f"its model was {one.model}"
    told = [] if was is None else [*_lacking(was, suite), *_changed(was, suite), *_wider(was, parts)]
    return ", ".join(told) or CHANGED


def _lacking(was: Suite, suite: Suite) -> Iterator[str]:
    """Of what may grow: what is smaller now."""
    for name in LISTS:
        before = getattr(was, name)
        if not set(before) <= set(getattr(suite, name)):
            yield f"its {name} were {', '.join(map(str, before))}"
    for name in ("n", "trials"):
        if getattr(was, name) > getattr(suite, name):
            yield f"its {name} was {getattr(was, name)}"


def _changed(was: Suite, suite: Suite) -> Iterator[str]:
    if was.seed != suite.seed:
        yield f"its seed was {was.seed}"
    if was.asking != suite.asking:
        said = ", ".join(f"{name}={value}" for name, value in sorted(was.asking.items()))
        yield f"its options were {said}" if said else "it had no options"


def _wider(was: Suite, parts: Parts) -> Iterator[str]:
    """Arms that are new and for which every text must be shorter."""
    new = [arm.name for arm in parts.arms if not arm.usual and arm.name not in was.arms]
    if new:
        yield f"its arms were {', '.join(was.arms)}, whose texts leave no room for what {', '.join(new)} may add"
