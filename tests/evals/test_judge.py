"""The judge: enum verdicts, code first, no score without a verdict."""

from collections.abc import Sequence

import pytest

from litany.core.completion import Completion, Usage
from litany.errors import EvalError
from litany.evals.case import Truth
from litany.evals.judge import Judge, Verdict, read

SAN_FRANCISCO = Truth("contains", ("eat a sandwich in Dolores Park",))


class Says:
    """A model that says these in turn."""

    name, window, answer, longest = "judge-1", 1_000, 0, None

    def __init__(self, *said: str) -> None:
        self.said, self.asked = list(said), list[object]()

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        return 1

    def price(self, usage: Usage, /) -> float | None:
        return None

    def __call__(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> Completion:
        self.asked.append(messages)
        return Completion({"role": "assistant", "content": self.said.pop(0)}, Usage(1, 1), "stop")


def answer(text: str) -> dict[str, object]:
    return {"role": "assistant", "content": text}


@pytest.mark.parametrize("said", ["correct", " Correct.\n", "**CORRECT**", '"correct"'])
def test_a_verdict_is_one_word_however_it_is_dressed(said: str) -> None:
    assert read(said) is Verdict.CORRECT


@pytest.mark.parametrize(
    "said", ["", "pass", "partially correct", "correct: it says so", "not correct", "incorrect?!x"]
)
def test_anything_else_is_no_verdict(said: str) -> None:
    assert read(said) is None


def test_what_code_finds_right_is_not_asked_about_and_neither_is_an_empty_answer() -> None:
    model = Says()

    assert Judge(model)(SAN_FRANCISCO, answer("Eat a sandwich in Dolores Park!")) == 1
    assert Judge(model)(SAN_FRANCISCO, answer(" ")) == 0
    assert Judge(model)(Truth("action", call="send"), answer("done")) == 0
    assert model.asked == []


def test_other_words_are_for_the_judge_to_tell() -> None:
    said = answer("Lunch in a park named Dolores")

    assert Judge(Says("correct"))(SAN_FRANCISCO, said) == 1
    assert Judge(Says("Incorrect."))(SAN_FRANCISCO, said) == 0
    assert Judge(Says("It depends", "incorrect"))(SAN_FRANCISCO, said) == 0


def test_no_verdict_is_no_score() -> None:
    with pytest.raises(EvalError, match="is unsure"):
        Judge(Says("unsure"))(SAN_FRANCISCO, answer("Lunch"))
    with pytest.raises(EvalError, match="says 'hm', which is no verdict"):
        Judge(Says("well", "hm"))(SAN_FRANCISCO, answer("Lunch"))
