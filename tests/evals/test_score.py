"""Code graders, held to answers as models write them."""

from typing import Any

import pytest

from litany.errors import EvalError
from litany.evals import truth
from litany.evals.answer import message_of, written
from litany.evals.case import Truth
from litany.evals.score import found, score


def says(text: str | None, *calls: tuple[str, str]) -> dict[str, Any]:
    made = [{"id": "c", "type": "function", "function": {"name": name, "arguments": given}} for name, given in calls]
    return {"role": "assistant", "content": text, **({"tool_calls": made} if made else {})}


@pytest.mark.parametrize("answer", ["4711", "4,711.", " 4711.\n", '"4711"', "**4711**", "`4711`."])
def test_an_exact_answer_may_stand_in_quotes_and_end_with_a_full_stop(answer: str) -> None:
    assert score(Truth("exact", ("4711",)), says(answer)) == 1


@pytest.mark.parametrize("answer", ["It is 4711", "47111", "", None])
def test_an_exact_answer_is_nothing_but_the_text(answer: str | None) -> None:
    assert score(Truth("exact", ("4711",)), says(answer)) == 0


@pytest.mark.parametrize("answer", ["It is 4711.", "It is 4,711.", "_4711_", "code=4711,", "(4711)", "It is\n4711"])
def test_a_contained_text_is_found_within_an_answer(answer: str) -> None:
    assert score(Truth("contains", ("4711",)), says(answer)) == 1


@pytest.mark.parametrize(
    "answer", ["14711", "47112", "x4711", "4711.50", "4,711.5", "4,711,000", "14,711", "47,11", "14,4711"]
)
def test_a_number_is_not_found_within_another_number(answer: str) -> None:
    assert score(Truth("contains", ("4711",)), says(answer)) == 0


def test_a_word_is_not_found_within_another_word_and_case_and_spacing_do_not_matter() -> None:
    assert score(Truth("contains", ("ash",)), says("crash")) == 0
    assert score(Truth("contains", ("Dolores Park",)), says("in dolores\n  PARK, on a sunny day")) == 1


def test_any_one_of_the_texts_will_do_for_contains_and_every_one_is_needed_for_all() -> None:
    answer = says("first red, then blue")

    assert score(Truth("contains", ("green", "blue")), answer) == 1
    assert score(Truth("all", ("green", "blue")), answer) == 0
    assert score(Truth("all", ("red", "blue")), answer) == 1
    assert found(Truth("all", ("green", "blue")), answer) == ("blue",)


def test_what_is_forbidden_makes_a_right_answer_wrong() -> None:
    assert score(Truth("contains", ("8080",), forbidden=("7070",)), says("8080, no longer 7070")) == 0


def test_an_action_is_right_with_its_arguments_and_whatever_else() -> None:
    truth = Truth("action", call="send", arguments={"to": "ann", "copies": "2"})

    assert score(truth, says("Sending.", ("send", '{"to": "ann", "copies": 2, "note": "x"}'))) == 1
    assert score(truth, says(None, ("look", "{}"), ("send", '{"to": "ann", "copies": "2"}'))) == 1
    assert score(truth, says(None, ("send", '{"to": "Ann", "copies": 2}'))) == 0
    assert score(truth, says(None, ("send", '{"to": "ann"}'))) == 0
    assert score(truth, says('send({"to": "ann", "copies": 2})')) == 0
    assert score(truth, says(None, ("send", "not JSON"))) == 0


def test_a_forbidden_value_in_any_call_makes_an_action_wrong() -> None:
    truth = Truth("action", call="deploy", forbidden=("production",))

    assert score(truth, says(None, ("deploy", '{"to": "staging"}'))) == 1
    assert score(truth, says(None, ("deploy", '{"to": "production"}'))) == 0
    assert score(truth, says(None, ("deploy", '{"to": "staging"}'), ("run", '{"line": "push production"}'))) == 0
    assert score(truth, says(None, ("deploy", '{"to": {"deep": ["production"]}}'))) == 0


def test_a_word_on_what_was_revoked_beside_the_right_call_is_no_fault() -> None:
    truth = Truth("action", call="deploy", arguments={"to": "staging"}, forbidden=("production",))

    assert score(truth, says("Not to production any more.", ("deploy", '{"to": "staging"}'))) == 1


def test_content_in_parts_is_read() -> None:
    parts = {"role": "assistant", "content": [{"type": "text", "text": "It is"}, {"type": "text", "text": "4711"}]}

    assert score(Truth("exact", ("It is 4711",)), parts) == 1


@pytest.mark.parametrize(
    ("truth", "says"),
    [
        (Truth("contains"), "names no text"),
        (Truth("contains", (" ",)), "empty text"),
        (Truth("guess", ("1",)), "no grader 'guess'"),  # type: ignore[arg-type]  # what a broken file may hold
    ],
)
def test_a_truth_that_cannot_be_graded_by_is_an_error_and_no_zero(truth: Truth, says: str) -> None:
    with pytest.raises(EvalError, match=says):
        score(truth, {"role": "assistant", "content": "1"})


@pytest.mark.parametrize(
    "message",
    [
        says("It is\n\n4711\n"),
        says("send({})"),
        says(None, ("send", '{"to": "ann", "text": "a\\nb (c) \\u00e9"}')),
        says("Both.\nsend({})", ("send", "{}"), ("look", "not JSON (at all)\nreally")),
    ],
)
def test_the_message_comes_back_from_its_answer(message: dict[str, Any]) -> None:
    answer = written(message)
    back = message_of(answer, len(message.get("tool_calls", ())))

    assert written(back) == answer
    assert back["content"] == message["content"]
    assert len(back.get("tool_calls", ())) == len(message.get("tool_calls", ()))


def test_a_truth_comes_back_from_its_text_and_can_be_read() -> None:
    one = Truth("action", ("a", "é"), "send", {"to": "ann"}, ("bob",))

    assert truth.read(truth.written(one)) == one
    assert truth.written(Truth("exact", ("7",))) == '{"grader": "exact", "texts": ["7"]}'
    assert truth.told(one) == 'send({"to": "ann"}); a or é; never bob'
    with pytest.raises(EvalError, match="is no truth"):
        truth.read('{"grader": "exact", "text": ["7"]}')
