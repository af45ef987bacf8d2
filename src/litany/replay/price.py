"""Prices: what the calls of a run cost under prefix caching, in units of one uncached input token."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from litany.replay.parts import Part, Parts

READ = 0.1
"""A token of the prefix that the call before sent too."""
WRITE = 1.25
"""Any other token, which the cache takes up."""
PLAIN = 1.0
"""A token of a recital that is not kept: it stands behind the cache mark."""
ANSWER = 5 * 300
"""The summary that a fork writes."""


@dataclass(slots=True)
class Meter:
    """Adds up the calls of one run: what was sent, what of it was cached, and what that costs."""

    parts: Parts
    cost: float = 0.0
    floor: float = 0.0
    """Each message at its full price once, and as a cache read ever after; no summarizer calls."""
    sent: int = 0
    reused: int = 0
    """Tokens in the common whole-message prefix with the view before."""
    largest: int = 0
    calls: int = 0
    _before: list[Part] = field(default_factory=list)
    """The view before, without a recital that was not kept."""
    _total: int = 0
    """Tokens of the view before."""
    _seen: set[Part] = field(default_factory=set)

    @property
    def latest(self) -> int:
        """Tokens of the view that was added last."""
        return self._total

    @property
    def reuse(self) -> float:
        """The share of the tokens sent that stood in the common prefix."""
        return self.reused / self.sent if self.sent else 0.0

    def add(self, view: Sequence[object], recital: str = "", prompt: int | None = None) -> list[Part]:
        """The parts of the next call's view, now paid for.

        `recital`: the recitation at its end when it is not kept, else "". `prompt`: when this call compacted, the
        tokens of what the summarizer was asked.
        """
        sent = self.parts.listed(view, self._before)
        alone = bool(recital) and sent[-1].texts == (recital,)
        passing = _passing(self.parts, sent[-1], recital, alone) if recital else 0
        body = sent[:-1] if alone else sent
        total = self.parts.fixed + sum(part.tokens for part in sent)
        shared = self._shared(body)
        self.cost += READ * shared + WRITE * (total - shared - passing) + PLAIN * passing
        if prompt is not None:
            self.cost += READ * self._total + WRITE * prompt + ANSWER
        self.floor += self._once(sent, passing)
        self.sent += total
        self.reused += shared
        self.largest = max(self.largest, total)
        self.calls += 1
        self._before, self._total = body, total
        return sent

    def _shared(self, body: Sequence[Part]) -> int:
        """Tokens of the longest common whole-message prefix with the view before."""
        if not self.calls:
            return 0
        both = zip(body, self._before, strict=False)
        return self.parts.fixed + sum(part.tokens for part, _ in takewhile(lambda pair: pair[0] is pair[1], both))

    def _once(self, sent: Sequence[Part], passing: int) -> float:
        """The call's price when whatever was ever sent is still cached."""
        price = (READ if self.calls else WRITE) * self.parts.fixed
        for place, part in enumerate(sent, start=1):
            if part in self._seen:
                price += READ * part.tokens
            else:
                own = passing if place == len(sent) else 0
                price += WRITE * (part.tokens - own) + PLAIN * own
                self._seen.add(part)
        return price


def _passing(parts: Parts, last: Part, recital: str, alone: bool) -> int:
    """Tokens of a recital that is not kept: its whole message, or its share of the result that carries it."""
    return last.tokens if alone else min(last.tokens, parts.count(recital))
