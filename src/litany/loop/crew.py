"""Crew: what a run shares with its sub-tasks: tools, models, and who listens."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from litany.core.completion import Usage
from litany.core.policy import Policy
from litany.errors import TaskError
from litany.loop.events import Tell
from litany.loop.folder import Folder, Order
from litany.loop.journal import held
from litany.loop.summarizer import Summarizer
from litany.loop.tools import Toolbox
from litany.models import Model, model_named


@dataclass(frozen=True, slots=True)
class Crew:
    """What a run shares with its sub-tasks."""

    box: Toolbox
    models: tuple[Model, ...]
    tell: Tell
    answers: dict[str, Callable[[], int]]
    """Answers so far, by the name of the run or sub-task."""
    summarizer: Summarizer
    retries: int


def policy_of(order: Order, models: Sequence[Model]) -> Policy:
    """The task's policy, in the smallest window of its models."""
    window = min(model.window for model in models)
    longest = max(model.answer for model in models)
    policy = Policy.of({"window": window, **order.task.policy})
    if policy.reserve is None and longest > policy.spare:
        policy = replace(policy, reserve=min(longest, policy.window // 2))
    return policy


def models_of(order: Order) -> list[Model]:
    """The models that the task names. Raises: EvalError, PocketError, TaskError when one cannot be asked."""
    task = order.task
    models = [model_named(_from(task.model, order.folder), **task.options), *map(model_named, task.fallbacks)]
    if task.limits.usd is not None:
        for model in models:
            if model.price(Usage(1, 1)) is None:
                raise TaskError(f"no price of {model.name} is known, so that `limits.usd` cannot hold; use `tokens`")
    return models


def _from(model: str, folder: Path) -> str:
    """A script is looked for where the task stands."""
    kind, colon, file = model.partition(":")
    return f"{kind}:{folder / file}" if kind == "scripted" and colon and file.strip() else model


def counted(folder: Folder) -> dict[str, Callable[[], int]]:
    """The answers of the sub-tasks so far."""
    return {f"{folder.name}/{child.name}": partial(int, held(child.journal).answers) for child in folder.children()}
