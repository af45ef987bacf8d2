"""Real wordings: every overflow is recognised in every shape in which it comes, and no other error is in any."""

from collections.abc import Callable

import pytest

from litany import Litany, overflowed
from tests.overflow.corpus import OTHERS, OVERFLOWS, Said
from tests.overflow.errors import StatusError, StreamError

Shape = Callable[[Said], object]
SHAPES: dict[str, Shape] = {
    "text": lambda said: said.text,
    "bytes": lambda said: said.text.encode(),
    "plain exception": lambda said: ValueError(said.text),
    "exception of an SDK": lambda said: StatusError(said.text, said.status or 400, {"message": said.text}),
    "exception with the body whole": lambda said: StatusError(
        "", said.status or 400, {"error": {"message": said.text}}
    ),
    "error event as the SDK raises it": lambda said: StreamError(said.text, {"message": said.text, "code": None}),
    "body": lambda said: {"error": {"message": said.text, "type": "invalid_request_error", "code": None}},
    "event of a Responses stream": lambda said: {"type": "error", "code": None, "message": said.text},
    "failed Response": lambda said: {"type": "response.failed", "response": {"error": {"message": said.text}}},
    "event of an Anthropic stream": lambda said: {"type": "error", "error": {"type": "x_error", "message": said.text}},
    "choice that failed": lambda said: {"choices": [{"finish_reason": "error", "error": {"message": said.text}}]},
    "list of bodies": lambda said: [{"error": {"message": said.text}}],
}


def name(said: Said) -> str:
    return f"{said.provider} {said.seen}"


def caused(error: Exception) -> Exception:
    """An exception that another one caused, as a framework wraps it."""
    outer = RuntimeError("the model call failed")
    outer.__cause__ = error
    return outer


def test_the_corpus_is_as_large_as_promised_and_says_nothing_twice() -> None:
    texts = [said.text for said in [*OVERFLOWS, *OTHERS]]

    assert len(OVERFLOWS) >= 40
    assert len(OTHERS) >= 40
    assert len({*texts}) == len(texts)


@pytest.mark.parametrize("said", OVERFLOWS, ids=name)
def test_an_overflow_is_recognised_in_every_shape(said: Said) -> None:
    assert [shape for shape, made in SHAPES.items() if not overflowed(made(said))] == []
    assert overflowed(caused(ValueError(said.text)))
    assert overflowed(said.text.upper())


@pytest.mark.parametrize("said", OTHERS, ids=name)
def test_another_error_is_recognised_in_no_shape(said: Said) -> None:
    assert [shape for shape, made in SHAPES.items() if overflowed(made(said))] == []
    assert not overflowed(caused(ValueError(said.text)))


@pytest.mark.parametrize("said", OVERFLOWS, ids=name)
@pytest.mark.parametrize("status", [401, 402, 403, 404, 408, 409, 429, 500, 502, 503, 529])
def test_a_status_under_which_nobody_reports_an_overflow_rules_it_out(said: Said, status: int) -> None:
    assert not overflowed(StatusError(said.text, status, {"message": said.text}))


def test_a_conversation_answers_alike() -> None:
    litany = Litany(goal="x")

    assert litany.overflowed(OVERFLOWS[0].text)
    assert not Litany.overflowed(OTHERS[0].text)
