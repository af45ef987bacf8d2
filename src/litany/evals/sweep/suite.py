"""Suite: what a sweep asks of whom, as suite.toml says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from litany.errors import EvalError

Option = str | int | float | bool
SECRETS = ("key", "token", "secret", "password", "authorization")
"""What the name of an option that is a secret ends with: results are shown around, so none is written there."""

ROUTE = ("timeout", "window", "api_base")
"""Options that change no answer: how long one is waited for, how much fits, and where the model is reached."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast, and how stubbornly."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  # pydantic reads it there; nobody changes it

    workers: int = 8
    """Calls at once."""
    requests: int | None = None
    """Most calls a minute."""
    tokens: int | None = None
    """Most tokens a minute, sent and written."""
    retries: int = 5
    """Tries after the first, where an error may pass."""

    def __post_init__(self) -> None:
        for name, low in (("workers", 1), ("requests", 1), ("tokens", 1), ("retries", 0)):
            value = getattr(self, name)
            if value is not None and value < low:
                raise EvalError(f"`{name}` is {value}; give at least {low}")
        if self.workers > 1_000:
            raise EvalError(f"`workers` is {self.workers}; give up to 1,000 calls at once")


@dataclass(frozen=True, slots=True)
class Suite:
    """Every task in every arm at every length and depth, for n questions, each so many times."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  # pydantic reads it there; nobody changes it

    tasks: tuple[str, ...]
    """Their names."""
    model: str
    """Its name."""
    arms: tuple[str, ...]
    """Names, or Policy files."""
    lengths: tuple[int, ...]
    """Tokens of the whole prompt, by the model's own counting."""
    depths: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    """Where what is asked for stands: 0 at the start, 1 at the end."""
    n: int = 50
    """Questions of each task; the same ones at every length, at every depth and in every arm."""
    seed: int = 0
    """What the questions are drawn from."""
    trials: int = 1
    """How often each is asked."""
    judge: str | None = None
    """A model that grades what code cannot tell; None: code alone."""
    options: Mapping[str, Option] = field(default_factory=dict)
    """How the model is asked: temperature, base URL, ..."""
    pace: Pace = Pace()
    """How fast; it changes no answer."""

    def __post_init__(self) -> None:
        for name in ("tasks", "arms", "lengths", "depths"):
            _listed(name, getattr(self, name))
        _named("model", self.model)
        _named("judge", self.judge)
        for name, low, high in (("n", 1, SPAN), ("seed", 0, SPAN), ("trials", 1, 10_000)):
            if not low <= getattr(self, name) <= high:
                raise EvalError(f"`{name}` is {getattr(self, name)}; give a whole number from {low} to {high:,}")
        for length in self.lengths:
            if length < 1:
                raise EvalError(f"a length is {length}; give tokens, such as 1k")
        for depth in self.depths:
            if not isfinite(depth) or not 0 <= depth <= 1:
                raise EvalError(f"a depth is {depth:g}; give a share from 0, the start, to 1, the end")
        for name in self.options:
            if name.casefold().endswith(SECRETS):
                raise EvalError(f"`options.{name}` is a secret, and suites are passed on; set it in the environment")

    @property
    def asking(self) -> dict[str, Option]:
        """The options that may change an answer: by them samples are known."""
        return telling(self.options)

    def options_of(self, judge: str) -> Mapping[str, Option]:
        """How a judge of that name is asked: as the model is, where it is the same one."""
        return self.options if judge == self.model else {}

    @property
    def seeds(self) -> range:
        """A seed a question; two suites of other seeds share none."""
        return range(self.seed * SPAN, self.seed * SPAN + self.n)


SPAN = 1_000_000
"""Questions that one seed has."""


def telling(options: Mapping[str, Option]) -> dict[str, Option]:
    """The options without the route, which changes no answer: what a request is known by."""
    return {name: value for name, value in options.items() if name not in ROUTE}


def _named(name: str, value: str | None) -> None:
    if value is not None and not value.strip():
        raise EvalError(f"`{name}` is blank; name a model")


def _listed(name: str, values: tuple[object, ...]) -> None:
    if not values or "" in values:
        raise EvalError(f"`{name}` is empty; name at least one")
    twice = [value for place, value in enumerate(values) if value in values[:place]]
    if twice:
        raise EvalError(f"`{name}` has {twice[0]} twice; name each once")
