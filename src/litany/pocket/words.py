"""Text to tokens and back: some known words and marks, and numbered slots for every other word of a prompt.

A word that is not known takes a slot when it is first met, the one that its hash points at or the next free one, and
the slot stands for it to the end of that prompt: so any text goes in, and an answer can be any word of the prompt and
no other. Case is folded (`Raven` and `raven` share a slot; the answer has the letters first met); names, numbers, paths
and identifiers are one word each.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

from litany.errors import PocketError

PARTS = ("<system>", "<user>", "<assistant>", "<tool>", "<call>", "<tools>", "<end>")
"""What parts a chat: who speaks, a call, the tools on offer, the end of a message."""
MARKS = ("\n", *".,;:?!()[]{}\"'`<>=-*#/\\|&+%$@~^_", "->", "=>", "==", "[x]", "[ ]", "'s", "...", "--", "```")
FUNCTION = """
a an the this that these those it its they them their there here he she his her him we us our you your i my me one
is are was were be been being am do does did done has have had having will would shall should can could may might must
not no none nothing never always only just also too very more most less least much many some any each every all both
either neither other another such same own and or but if then else so as than because while when where which who whom
whose what why how of in on at by for from to into onto with without within about above below over under between among
through across after before since until during against up down out off away back again once still yet already now
today later next first last latest newest earlier previous new old current currently
"""
PROTOCOL = """
goal goals constraint constraints rule rules todo todos task tasks step steps item items note notes recap restated
summary request remember recall revoked cancelled canceled replaced replace changed change changes instead holds hold
update updated updates set open closed pending blocked completed complete progress in_progress finished status content
key keys value values answer question asked ask tell give say find found name named called call calls use uses used
using tool tools result results error ok true false null yes continue number list file text begin start end
correct correction actually longer anymore effect valid ignore forget keep kept according given following
user system assistant message block mark read counts conversation litany /litany please proceed go
became become turned agreed
"""
SLOTS = 1_024
"""Different unknown words that one prompt may hold."""

KNOWN = tuple(dict.fromkeys((*PARTS, *MARKS, *FUNCTION.split(), *PROTOCOL.split())))
IDS = {word: place for place, word in enumerate(KNOWN)}
VOCABULARY = len(KNOWN) + SLOTS
SYSTEM, USER, ASSISTANT, TOOL, CALL, TOOLS, END = range(len(PARTS))

WORD = re.compile(
    r"""
      \n\s*
    | https?://[^\s<>"'`)\]]*[\w/]                                                    # with its query
    | \[[xX]\] | \[[ ]\] | -> | => | == | \.\.\.+ | --(?!\S) | ``` | ['’][sS]\b
    | (?: [/$\#@~.]{1,3} | -{1,2} )? (?<![^\W_]) \d+ (?:,\d{3})+ (?:\.\d+)? (?!\w)   # 4,821.50
    | (?: (?<!\w) (?: [/$\#@~.]{1,3} | -{1,2} ) )? \w+ (?: (?: [-./:@+\#&%~\\]{1,3} | ['’](?![sS]\b) ) \w+ )*
    | \S
    """,
    re.VERBOSE,
)


TIGHT = frozenset(".,;:?!)]}%") | {"'s", "..."}
"""Marks that follow a word without a space."""
OPEN = frozenset("([{$#@")
"""Marks that a word follows without a space."""
QUOTES = frozenset("\"'`")
"""Marks that do one when they open and the other when they close."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tokens side by side, as the prompt wrote them first."""

    tight: bool
    """No space between them."""
    left: str
    right: str


class Words:
    """The unknown words of one prompt, by slot, in the order in which they are met, and how its text is spaced."""

    def __init__(self) -> None:
        self._slots: dict[str, int] = {}
        self._written: dict[int, str] = {}
        self._pairs: dict[tuple[int, int], Pair] = {}

    @property
    def slots(self) -> Collection[int]:
        """The tokens that stand for a word of this prompt."""
        return self._written.keys()

    def ids(self, text: str) -> list[int]:
        """The tokens of a text. Raises: PocketError when the prompt holds more different words than there are slots."""
        out = list[int]()
        before: re.Match[str] | None = None
        for match in WORD.finditer(text):
            out.append(self._id(match.group()))
            if before is not None and (out[-2], out[-1]) not in self._pairs:
                pair = Pair(match.start() == before.end(), before.group(), match.group())
                self._pairs[out[-2], out[-1]] = pair
            before = match
        return out

    def text(self, ids: Iterable[int]) -> str:
        """What tokens say, two of them as the prompt wrote them first, or spaced as English is where it never did."""
        out, before, opened = "", IDS["\n"], set[str]()
        for token, after in pairwise([*ids, IDS["\n"]]):
            out += "" if self._tight(before, token, opened) else " "
            out += self._cased(before, token, after)
            opened ^= {self.word(token)} & QUOTES
            before = token
        return out

    def word(self, token: int) -> str:
        """One token, as the prompt wrote it first."""
        return KNOWN[token] if token < len(KNOWN) else self._written.get(token, "")

    def _tight(self, before: int, token: int, opened: Collection[str]) -> bool:
        left, right = self.word(before), self.word(token)
        if "\n" in (left, right):
            return True
        pair = self._pairs.get((before, token))
        if pair is not None:
            return pair.tight
        return right in TIGHT or right in opened or left in OPEN or left in opened

    def _cased(self, before: int, token: int, after: int) -> str:
        """A word of the prompt has its own letters; a known one those that it had beside one of these."""
        known = 0 <= token < len(KNOWN) and KNOWN[token] != "\n"
        left, right = (self._pairs.get((token, after)), self._pairs.get((before, token))) if known else (None, None)
        return left.left if left else right.right if right else self.word(token)

    def _id(self, word: str) -> int:
        folded = "\n" if word[0] == "\n" else word.lower().replace("’", "'")
        known = IDS.get(folded)
        return self._slot(folded, word) if known is None else known

    def _slot(self, folded: str, word: str) -> int:
        """Where its hash points, or the next that is free: a beginning has the same tokens whatever follows."""
        token = self._slots.get(folded)
        if token is not None:
            return token
        if len(self._slots) == SLOTS:
            raise PocketError(
                f"the prompt holds more than {SLOTS:,} different words, and pocket tells no more apart; shorten it"
            )
        place = int.from_bytes(blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
        token = len(KNOWN) + place % SLOTS
        while token in self._written:
            token = len(KNOWN) + (token + 1 - len(KNOWN)) % SLOTS
        self._slots[folded], self._written[token] = token, word
        return token
