"""An episode as it is written, token by token, and where its answers are asked for."""

from evals.pocket.asking import Question, call
from evals.pocket.pen import Pen
from evals.pocket.wording import BREAK, COMMON, DOT, SMALL, spelled
from litany.pocket.words import ASSISTANT, END, IDS, TOOL, TOOLS, USER

STRUCTURE = tuple(IDS[mark] for mark in ('"', *":,{}()[]=/-;\n", "'s", *".|#*"))
"""Marks of which a line of no account is made."""


class Sheet:
    """One chat, written from its start."""

    def __init__(self, pen: Pen, length: int) -> None:
        self.pen, self.length = pen, length
        self.ids: list[int] = []
        self.at: list[int] = []
        """Where the next token is one of an answer."""
        self.open = False
        """Whether the last message has not ended yet, so that a question may stand in it."""
        self._topics = [pen.fresh() for _ in range(pen.rng.randint(4, 8 + length // 6))]

    def __str__(self) -> str:
        return spelled(self.ids)

    def say(self, role: int, text: list[int]) -> None:
        """A message."""
        self.ids += [role, *text, END]

    def exchange(self, question: Question) -> bool:
        """A question, in the message left open or in one of its own, and its answer. False if it does not fit."""
        rng = self.pen.rng
        if self.open and rng.random() < 0.7:
            self.ids += [*([BREAK] if rng.random() < 0.6 else []), *question.text, END]
        else:
            self.ids += [END] if self.open else []
            self.say(self._asker(question), question.text)
        self.open = False
        return self.answered(question)

    def _asker(self, question: Question) -> int:
        """A user; or, where what is asked for is a call, now and then a tool that says what comes next."""
        if not question.tools or self.pen.rng.random() < 0.7:
            return USER
        self.say(ASSISTANT, call([self.tool()], []))
        return TOOL

    def answered(self, question: Question) -> bool:
        """The answer, asked for token by token. False if it does not fit."""
        if question.tools:
            self.say(TOOLS, question.tools)
        start = len(self.ids)
        self.say(ASSISTANT, question.answer)
        if len(self.ids) > self.length:
            return False
        self.at += range(start, len(self.ids) - 1)
        return True

    def topic(self) -> int:
        """A word of no account, the same ones mostly."""
        return self._topics[int(len(self._topics) * self.pen.rng.random() ** 2)]

    def tool(self) -> int:
        """The name of a tool of no account: one that this episode calls again and again, or any."""
        tools = self.pen.tools
        return self.pen.rng.choice(tools) if tools and self.pen.rng.random() < 0.8 else self.topic()

    def sentence(self) -> list[int]:
        """Words of no account: prose mostly, now and then a line of marks, names of things that are asked about too."""
        rng = self.pen.rng
        size = int(3 + min(18, self.length / 12) * rng.random() ** 1.5)
        marks = 0.35 if rng.random() < 0.25 else 0.05
        out = [self._word(marks) for _ in range(size)]
        return [*out, DOT] if marks < 0.1 or rng.random() < 0.5 else [*out, BREAK]

    def _word(self, marks: float) -> int:
        """marks -- how often it is one."""
        rng = self.pen.rng
        dice = rng.random()
        if dice < marks:
            return rng.choice(STRUCTURE)
        if dice < marks + 0.45 * (1 - marks):
            return SMALL[int(len(SMALL) * rng.random() ** 2)]
        if dice < 0.97:
            return self.topic() if dice < 0.9 else self.pen.word()
        return rng.choice(COMMON)
