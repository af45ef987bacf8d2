"""Policy: every number that shapes a plan, under the field's own names."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from math import isfinite
from typing import Literal

from litany.errors import PolicyError

Size = tuple[Literal["fraction", "tokens", "messages"], float]
Cadence = Literal["auto", "every", "compaction", "off"] | tuple[Literal["turns", "tokens"], int]

UNITS = ("fraction", "tokens", "messages")
CHOICES: Mapping[str, tuple[object, ...]] = {
    "prefer": ("quality", "cost"),
    "carrier": ("auto", "user", "system", "result"),
    "keep_recitations": ("auto", True, False),
    "observations": ("tool", "user"),
    "shadow": (True, False),
    "strict": (True, False),
}


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in units of one uncached input token, as break-even needs them."""

    read: float = 0.1
    """A token read from the prompt cache."""
    write: float = 1.25
    """A token written to the prompt cache."""
    output: float = 5.0
    """A token that the model writes."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What litany may send, and when it recites, clips, clears and compacts."""

    window: int = 128_000
    """Tokens that the model takes, its answer included."""
    reserve: int | None = None
    """Tokens left free for the answer. None: min(4,096, window / 8)."""
    trigger: Size = ("fraction", 0.8)
    """When to compact: a share of the budget (window - reserve), tokens, or messages in the view."""
    keep: Size = ("fraction", 0.3)
    """What a compaction leaves: the whole view as a share of the budget or in tokens, or the last messages."""
    prefer: Literal["quality", "cost"] = "quality"
    """"cost" compacts by break-even: when the cache reads paid on the excess equal what compacting costs."""
    prices: Prices = Prices()
    """What break-even reckons with."""
    clip_tokens: int | None = None
    """Tool results over this many tokens are clipped as they enter. None: budget / 8, within 500 and 8,000."""
    clear_keep: int = 5
    """Most recent tool results that clearing leaves alone."""
    recite: Cadence = "auto"
    """When to recite: "every", ("turns", n), ("tokens", n), "compaction", "off"; "auto" is 10 turns or window / 10."""
    recite_tokens: int = 400
    """Most tokens of one recitation."""
    carrier: Literal["auto", "user", "system", "result"] = "auto"
    """What carries a recitation: a user message, a system message, the end of the last tool result."""
    keep_recitations: bool | Literal["auto"] = "auto"
    """Whether a recitation stays in the view. "auto": only where thinking blocks are bound to their prefix."""
    observations: Literal["tool", "user"] = "tool"
    """"user": a text-only agent, whose observations stand in user messages after its first answer."""
    shadow: bool = False
    """Send every message untouched and trace what would have been sent."""
    strict: bool = False
    """Refuse a record that was edited behind the cut instead of planning it anew."""
    encoding: str = "o200k_base"
    """The tiktoken encoding that counts."""
    summary_tokens: int | None = None
    """Most tokens of a summary. None: budget / 24, within 200 and 2,000."""

    def __post_init__(self) -> None:
        _numbers(self)
        _sizes(self)
        _cadence(self.recite)

    @property
    def budget(self) -> int:
        """Tokens that a view may take: window - reserve."""
        return self.window - self.spare

    @property
    def spare(self) -> int:
        """Tokens left free for the answer."""
        return min(4_096, self.window // 8) if self.reserve is None else self.reserve

    @property
    def clip(self) -> int:
        """Most tokens of one tool result as it enters."""
        return max(500, min(8_000, self.budget // 8)) if self.clip_tokens is None else self.clip_tokens

    @property
    def cap(self) -> int:
        """Most tokens of a summary."""
        return max(200, min(2_000, self.budget // 24)) if self.summary_tokens is None else self.summary_tokens

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> "Policy":
        """A Policy from plain data (a TOML table, command-line settings).

        Raises: PolicyError for a key that it does not have or a value that cannot work.
        """
        known = [field.name for field in fields(cls)]
        for key in settings:
            if key not in known:
                raise PolicyError(f"a Policy has no `{key}`; it has {', '.join(known)}")
        plain = {key: tuple(value) if isinstance(value, list) else value for key, value in settings.items()}
        if isinstance(plain.get("prices"), Mapping):
            plain["prices"] = _prices(plain["prices"])  # type: ignore[arg-type]  # a Mapping, as just asked
        return cls(**plain)  # type: ignore[arg-type]  # __post_init__ checks every value


def _prices(table: Mapping[str, object]) -> Prices:
    known = [field.name for field in fields(Prices)]
    for key in table:
        if key not in known:
            raise PolicyError(f"`prices` has no `{key}`; it has {', '.join(known)}")
    return Prices(**table)  # type: ignore[arg-type]  # _numbers checks every value


def _numbers(policy: Policy) -> None:
    _wholes(policy)
    _choices(policy)
    _priced(policy.prices)
    if not policy.encoding:
        raise PolicyError("`encoding` is empty; name a tiktoken encoding, such as 'o200k_base'")


def _wholes(policy: Policy) -> None:
    for name, low in (("window", 256), ("clear_keep", 0), ("recite_tokens", 96)):
        _whole(name, getattr(policy, name), low)
    for name, low in (("reserve", 0), ("clip_tokens", 32), ("summary_tokens", 32)):
        if getattr(policy, name) is not None:
            _whole(name, getattr(policy, name), low)
    if policy.spare >= policy.window:
        raise PolicyError(f"`reserve` is {policy.spare} and `window` {policy.window}: leave room, lower `reserve`")


def _choices(policy: Policy) -> None:
    for name, known in CHOICES.items():
        value = getattr(policy, name)
        if not any(type(value) is type(other) and value == other for other in known):
            raise PolicyError(f"`{name}` is {value!r}; it is one of {', '.join(map(repr, known))}")


def _priced(prices: object) -> None:
    if not isinstance(prices, Prices):
        raise PolicyError("`prices` is a Prices, or a table with read, write and output")
    for name in ("read", "write", "output"):
        price = getattr(prices, name)
        if isinstance(price, bool) or not isinstance(price, int | float) or not 0 <= price < 1_000:
            raise PolicyError(f"`prices.{name}` is {price!r}; give it in units of one uncached input token, from 0")


def _whole(name: str, value: object, low: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise PolicyError(f"`{name}` is {value!r}; give a whole number of at least {low}")


def _sizes(policy: Policy) -> None:
    for name in ("trigger", "keep"):
        _size(name, getattr(policy, name))
    if policy.trigger[0] == policy.keep[0] and policy.keep[1] >= policy.trigger[1]:
        raise PolicyError(
            f"`keep` is {policy.keep[1]} and `trigger` {policy.trigger[1]} {policy.keep[0]}: "
            "a compaction would leave more than starts it; lower `keep` or raise `trigger`"
        )
    if policy.trigger[0] == "tokens" and policy.trigger[1] > policy.budget:
        raise PolicyError(
            f"`trigger` is {int(policy.trigger[1])} tokens and the budget (window - reserve) {policy.budget}; "
            "lower `trigger` or raise `window`"
        )
    high, low = _in_tokens(policy.trigger, policy.budget), _in_tokens(policy.keep, policy.budget)
    if policy.trigger[0] != policy.keep[0] and high is not None and low is not None and low >= high:
        raise PolicyError(
            f"`keep` is {low:,.0f} tokens in this window and `trigger` {high:,.0f}: "
            "a compaction would leave more than starts it; lower `keep` or raise `trigger`"
        )
    if policy.keep[0] == "tokens" and policy.keep[1] >= policy.budget:
        raise PolicyError(f"`keep` is {int(policy.keep[1])} tokens and the budget {policy.budget}; lower `keep`")


def _in_tokens(size: Size, budget: int) -> float | None:
    unit, number = size
    return None if unit == "messages" else number * budget if unit == "fraction" else number


def _size(name: str, size: object) -> None:
    if not (isinstance(size, tuple) and len(size) == 2 and size[0] in UNITS):
        raise PolicyError(f'`{name}` is {size!r}; write ("fraction", 0.8), ("tokens", 20000) or ("messages", 40)')
    unit, number = size
    if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
        raise PolicyError(f"`{name}` is {size!r}; its second part is a number")
    if unit == "fraction" and not 0 < number <= 1:
        raise PolicyError(f"`{name}` is {number} of the budget; a fraction lies above 0 and up to 1")
    if unit != "fraction" and (number < 1 or number != int(number)):
        raise PolicyError(f"`{name}` is {number} {unit}; give a whole number of at least 1")


def _cadence(recite: object) -> None:
    if isinstance(recite, str) and recite in ("auto", "every", "compaction", "off"):
        return None
    if isinstance(recite, tuple) and len(recite) == 2 and recite[0] in ("turns", "tokens"):
        return _whole("recite", recite[1], 1)
    raise PolicyError(
        f'`recite` is {recite!r}; write "every", "compaction", "off", "auto", ("turns", n) or ("tokens", n)'
    )
