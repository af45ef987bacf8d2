"""Wordings made up for one episode: statements and questions around {a}, {n} and {v}, with words of their own.

The words of a wording are drawn once and come back with each fact that is told in it, in its questions now and then:
so the reader learns which words are the frame and which the value from how they are used, not from which they are.
"""

from random import Random

from evals.pocket.wording import NAMED, SMALL, Phrase
from litany.pocket.words import IDS


def _ids(text: str) -> tuple[Phrase, ...]:
    return tuple(tuple(IDS[word] for word in part.split()) for part in text.split("|"))


IS = _ids("is|is|is|was|are|will be|would be|has been|is now|: |=|to be|is called|as|is still|must be|->")
PREPOSITIONS = _ids("of|for|at|in|to|with|on|by|from|about|under|over")
OWN = _ids("its|the|a|their|his|her|as|with|with the|as its|for its|to the|of|has|has the|")
ASK = _ids(
    "what is|what was|which|what|tell me|say|find|give|who|where|how|can you|please|do you|and|name|the|on which|"
    "with which|for which|about"
)
CLOSE = _ids("?|?|?|?|.|.|:|? answer :|please ?|answer :|")


class Frame:
    """A statement and the questions that fit it."""

    def __init__(self, rng: Random, words: list[int], varied: bool = False) -> None:
        """words -- content words that are the frame's own. varied -- known words of all kinds, and more of them."""
        self._rng, self._words, self._varied = rng, words, varied
        self.told = self._told()

    def ask(self) -> Phrase:
        """A question for it: sometimes with its words, mostly with others."""
        rng = self._rng
        lead = (*rng.choice(ASK), *self._some(0, 3))
        between = self._some(0, 4 if self._varied else 3) if rng.random() < (0.6 if self._varied else 0.4) else ()
        parts: list[Phrase] = [(*rng.choice(OWN), "a", *between), (*rng.choice(PREPOSITIONS), *self._some(0, 1), "n")]
        if rng.random() < 0.35:
            parts = [("n", *self._some(0, 2)), (*rng.choice(OWN), "a")]
        tail = self._some(0, 4 if self._varied else 3) if rng.random() < 0.5 else ()
        return (*lead, *parts[0], *self._some(0, 1), *parts[1], *tail, *rng.choice(CLOSE))

    def _told(self) -> Phrase:
        rng, kind = self._rng, self._rng.random()
        lead = self._some(1, 5) if rng.random() < 0.4 else ()
        if kind < 0.35:
            body: Phrase = (*rng.choice(OWN), "a", *self._some(0, 3), *rng.choice(PREPOSITIONS), "n", *self._be(), "v")
        elif kind < 0.55:
            body = ("n", *self._verb(), *rng.choice(OWN), "a", *(self._be() if rng.random() < 0.5 else ()), "v")
        elif kind < 0.7:
            body = ("n", *self._verb(), "v", *rng.choice(PREPOSITIONS), *rng.choice(OWN), "a")
        elif kind < 0.8:
            body = ("v", *self._verb(), *rng.choice(OWN), "a", *rng.choice(PREPOSITIONS), "n")
        elif kind < 0.9:
            body = ("n", IDS["'s"], "a", *self._be(), "v")
        else:
            gap = self._some(0, 3) if self._varied else ()
            body = (*rng.choice(PREPOSITIONS), "n", *gap, *rng.choice(OWN), "a", *self._be(), "v")
        return (*lead, *body, *self._end())

    def _known(self) -> int:
        """A small word mostly; of a varied frame now and then one that elsewhere says something, and here nothing."""
        return self._rng.choice(NAMED if self._varied and self._rng.random() < 0.25 else SMALL)

    def _be(self) -> Phrase:
        rng = self._rng
        if rng.random() < 0.75:
            return rng.choice(IS)
        return (*self._verb(), *rng.choice(((), (IDS["to"], IDS["be"]), (IDS["as"],), (IDS["at"],), (IDS["to"],))))

    def _verb(self) -> Phrase:
        small = self._known()
        word = self._rng.choice(self._words)
        return self._rng.choice(((word,), (word, small), (small, word), (word, small, self._rng.choice(self._words))))

    def _some(self, least: int, most: int) -> Phrase:
        rng = self._rng
        count = rng.randint(least, most)
        own = 0.35 if self._varied else 0.4
        return tuple(rng.choice(self._words) if rng.random() < own else self._known() for _ in range(count))

    def _end(self) -> Phrase:
        rng, dice = self._rng, self._rng.random()
        if dice < 0.72:
            return (IDS["."],)
        if dice < 0.84:
            return (IDS[","], *self._some(1, 4), IDS["."])
        return (IDS[rng.choice(("\n", ";", ",", "!", "|", ")"))],)
