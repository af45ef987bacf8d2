"""The reader's examination: chats with one question, its answer known, at a given length and depth.

A page is drawn from its seed: the same question, facts and filler at every depth and in every arm.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from evals.pocket import corpus
from evals.pocket.cases import TASKS, Case, Message
from litany.pocket.chat import prompt

DEPTHS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Page:
    """A case with the filler that brings it to a length."""

    case: Case
    lines: tuple[str, ...]
    again: str
    """What is restated just before the question; empty: nothing."""

    def at(self, depth: float) -> list[Message]:
        """The chat. depth -- 0: what is asked stands first; 1: right before the end."""
        whole, pieces = list(self.lines), self.case.pieces
        for number, piece in enumerate(pieces):
            share = depth * (number + 1) / len(pieces)
            whole.insert(round(share * len(self.lines)) + number, piece)
        if self.case.chat:
            again = [{"role": "user", "content": self.again}] if self.again else []
            return [*_spoken(whole), *again, {"role": "user", "content": self.case.ask}]
        ask = f"{self.again}\n\n{self.case.ask}" if self.again else self.case.ask
        return [{"role": "user", "content": self.case.lead.format(text=self.case.between.join(whole), ask=ask)}]


def page(task: str, seed: int, length: int, arm: str) -> Page:
    """A case as near to `length` tokens as whole lines come, and no longer, restatement included.

    arm -- bare; recite: what is asked is restated just before the question; placebo: something else is, as long.
    """
    rng = Random(f"{task} {seed}")
    case = TASKS[task](rng, length // 8 if task == "kv" else length // 60)
    again = {"bare": "", "recite": case.restated, "placebo": case.others[0]}[arm]
    lines = _lines(rng, case, length)
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high + 1) // 2
        tried = Page(case, tuple(lines[:middle]), again)
        fits = all(len(prompt(tried.at(depth), case.tools).ids) <= length for depth in (0.0, 1.0))
        low, high = (middle, high) if fits else (low, middle - 1)
    return Page(case, tuple(lines[:low]), again)


def _lines(rng: Random, case: Case, length: int) -> list[str]:
    """Filler, with what could be mistaken spread over it."""
    if case.between == "\n":
        return list(case.others)
    count = length // (24 if case.chat else 9)
    lines = [_result(rng) if case.chat else corpus.sentence(rng) for _ in range(count)]
    for other in case.others[: max(2, len(lines) // 7)]:
        last = min(len(lines), 12) if other is case.others[0] else len(lines)
        lines.insert(rng.randint(0, last), other)
    return lines


def _result(rng: Random) -> str:
    name, topic = rng.choice(corpus.TOOLS), rng.choice(corpus.TOPICS)
    row = {"id": rng.randint(1, 999), topic: rng.choice(corpus.NOUNS), "ok": True}
    return f"\0{name}\0{topic}\0{json.dumps(row)} {corpus.sentence(rng)}"


def _spoken(lines: Sequence[str]) -> list[Message]:
    out: list[Message] = [{"role": "system", "content": "You work through a long job with the tools that you have."}]
    for number, line in enumerate(lines):
        if not line.startswith("\0"):
            out.append({"role": "user", "content": line})
            continue
        _, name, topic, result = line.split("\0")
        call = {
            "id": f"c{number}",
            "type": "function",
            "function": {"name": name, "arguments": json.dumps({"on": topic})},
        }
        out.append({"role": "assistant", "content": None, "tool_calls": [call]})
        out.append({"role": "tool", "tool_call_id": f"c{number}", "content": result})
    return out
