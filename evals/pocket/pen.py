"""The dice of one episode and the words that fall: names, attributes, values, and wordings filled with them."""

from collections.abc import Sequence
from random import Random

from evals.pocket.frames import Frame
from evals.pocket.phrases import ASKS, FACTS, MORE_ASKS, MORE_FACTS, MORE_TITLES, TITLES
from evals.pocket.wording import COMMA, COMMON, NAMED, SMALL, Phrase, worded
from litany.pocket.words import IDS, KNOWN, SLOTS

LINKS = tuple(IDS[word] for word in ("the", "a", "of", "to", "in", "and", "for", "on", "with", "-", "at", "by"))
"""Small words that stand within a name or a value."""
SPARE = 64
"""Slots that words of no account leave free."""


class Pen:
    """The dice of one episode, and its words: every fresh word takes a slot that none before it has."""

    def __init__(self, rng: Random, hard: float = 1.0, varied: bool = False) -> None:
        """hard -- 0 to 1: how often wordings are made up or rough, and how much names and attributes share.

        varied -- whether the wordings of the last stage are there, too.
        """
        self.rng, self.hard, self.varied = rng, hard, varied
        self.facts = FACTS + MORE_FACTS if varied else FACTS
        self.asks = ASKS + MORE_ASKS if varied else ASKS
        self.titles = TITLES + MORE_TITLES if varied else TITLES
        self._free = list(range(len(KNOWN), len(KNOWN) + SLOTS))
        self._used: list[int] = []
        self._kinds = [self.fresh() for _ in range(rng.randint(1, 4))]
        """Words that several names share: ship Raven, ship Heron."""
        self._attributes = [
            [self.fresh() for _ in range(rng.choice((1, 2) if varied else (1, 1, 2)))] for _ in range(rng.randint(1, 5))
        ]
        """What several things have."""
        words = [self.fresh() for _ in range(6)]
        self.frames = [Frame(rng, words, varied) for _ in range(rng.randint(1, 4))]
        """Wordings of this episode alone."""
        self.shades = [self.fresh() for _ in range(rng.randint(1, 2))]
        """Words that values of two words may share."""
        self.tools: list[int] = []
        """What this episode calls again and again."""
        self.bare = False
        """Whether no question has words around it."""
        self.plain = False
        """Whether most questions stand without words around them."""

    def fresh(self) -> int:
        """A word that this episode has not seen."""
        free = self._free
        at = int(len(free) * self.rng.random())
        free[at], free[-1] = free[-1], free[at]
        token = free.pop()
        self._used.append(token)
        return token

    def key(self) -> list[int]:
        """What something is called: a word, now and then two, or a known one."""
        dice = self.rng.random()
        if dice < 0.06:
            return [self.rng.choice(NAMED)]
        if dice < 0.75:
            return [self.fresh()]
        return [self.fresh(), self.rng.choice(LINKS), self.fresh()] if dice < 0.82 else [self.fresh(), self.fresh()]

    def name(self) -> list[int]:
        """What something is called, half the time with a word that others share."""
        if self.rng.random() > 0.5 * self.hard:
            return self.key()
        own, dice, kind = self.fresh(), self.rng.random(), self.rng.choice(self._kinds)
        return [kind, own] if dice < 0.7 else [own, kind] if dice < 0.85 else [IDS["the"], kind, own]

    def attribute(self) -> list[int]:
        """What is asked of it: something that others have too, mostly."""
        return self.rng.choice(self._attributes) if self.rng.random() < 0.6 * self.hard else self.key()

    def value(self) -> list[int]:
        """What an answer is: a word mostly, at most seven."""
        dice = self.rng.random()
        if dice < 0.62:
            return [self.fresh()]
        if dice < 0.66:
            return [self.rng.choice(COMMON)]
        if dice < 0.72:
            return [self.rng.choice(self.shades), self.fresh()]
        return self.text(2 if dice < 0.84 else 3 if dice < 0.93 else self.rng.randint(4, 7))

    def text(self, size: int) -> list[int]:
        """Some words in a row, small ones between, that neither begin nor end with a small one."""
        out = [self.fresh()]
        while len(out) < size - 1:
            small = self.rng.random() < 0.35
            out.append(self.rng.choice(LINKS) if small else self.fresh())
        return [*out, self.fresh()]

    def equip(self) -> None:
        """Most chats call the same few tools again and again."""
        if self.rng.random() < 0.6:
            self.tools = [self.fresh() for _ in range(self.rng.randint(1, 3))]

    def word(self) -> int:
        """Any word of no account: fresh, or met before."""
        if self._used and self.rng.random() < 0.5:
            return self.rng.choice(self._used)
        return self.fresh() if len(self._free) > SPARE else self.rng.choice(SMALL)

    def pick(self, wordings: Sequence[Phrase]) -> Phrase:
        return self.rng.choice(wordings)

    def filled(self, phrase: Phrase, rough: float = 0.25, /, **parts: Sequence[int]) -> list[int]:
        """A wording with its placeholders filled."""
        out: list[int] = []
        for part in worded(phrase, self.rng, rough * self.hard):
            if isinstance(part, int):
                out.append(part)
            elif part == "w":
                out.append(self.word())
            else:
                out.extend(parts[part])
        return out

    def told(self, phrase: Phrase, **parts: Sequence[int]) -> list[int]:
        """A statement, one time in four with some words before it."""
        rng, said = self.rng, self.filled(phrase, **parts)
        if rng.random() > 0.25 * self.hard:
            return said
        known = COMMON if self.varied and rng.random() < 0.5 else SMALL
        lead = [rng.choice(known) if rng.random() < 0.5 else self.word() for _ in range(rng.randint(1, 4))]
        return [*lead, *([COMMA] if rng.random() < 0.3 else []), *said]
