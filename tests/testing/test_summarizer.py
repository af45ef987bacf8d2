"""The summarizers that follow a script."""

import asyncio

import pytest

from litany.testing import Asked, AsyncScriptedSummarizer, ScriptedSummarizer


def test_answers_come_in_order_and_questions_are_kept() -> None:
    summarize = ScriptedSummarizer(["one", "two"])

    assert [summarize(["m"], "p"), summarize([], "q")] == ["one", "two"]
    assert summarize.asked == [Asked(("m",), "p"), Asked((), "q")]


def test_an_exception_in_the_script_is_raised_and_the_next_answer_follows() -> None:
    summarize = ScriptedSummarizer([TimeoutError("slow"), "late"])

    with pytest.raises(TimeoutError, match="slow"):
        summarize([], "p")
    assert summarize([], "p") == "late"


def test_a_script_that_is_played_out_says_so() -> None:
    with pytest.raises(AssertionError, match="holds 0 answers and was asked 1 times"):
        ScriptedSummarizer()([], "p")


def test_the_async_twin_plays_the_same_script() -> None:
    summarize = AsyncScriptedSummarizer(["one", asyncio.CancelledError()])

    assert asyncio.run(summarize(["m"], "p")) == "one"
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(summarize([], "q"))
    assert summarize.asked == [Asked(("m",), "p"), Asked((), "q")]
