"""Summarizers that answer from a script, so that a test says what the model would have written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Answer = str | BaseException


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to the summarizer."""

    messages: tuple[Any, ...]
    prompt: str


class ScriptedSummarizer:
    """Plays its answers back in order, raises those that are exceptions, and keeps in `asked` what it was asked."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self.asked: list[Asked] = []
        self._answers = list(answers)

    def __call__(self, messages: Sequence[Any], prompt: str) -> str:
        self.asked.append(Asked(tuple(messages), prompt))
        if len(self.asked) > len(self._answers):
            raise AssertionError(f"the script holds {len(self._answers)} answers and was asked {len(self.asked)} times")
        answer = self._answers[len(self.asked) - 1]
        if isinstance(answer, BaseException):
            raise answer
        return answer


class AsyncScriptedSummarizer:
    """The same, for AsyncLitany."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self._script = ScriptedSummarizer(answers)

    @property
    def asked(self) -> list[Asked]:
        return self._script.asked

    async def __call__(self, messages: Sequence[Any], prompt: str) -> str:
        return self._script(messages, prompt)
