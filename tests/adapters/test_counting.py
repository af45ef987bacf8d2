"""Counting: a request by litany's own counter, and again at next to no cost."""

from time import process_time

import pytest

from litany.adapters.counting import Counting
from litany.dialects import DIALECTS
from litany.errors import MessageError
from litany.evals.case import Message
from litany.tokens import counter
from tests.evals.histories import TOOLS, told

READ = DIALECTS["openai"].read


def plain(messages: list[Message]) -> int:
    return sum(READ(message, counter(), False).tokens for message in messages)


def test_a_request_counts_as_its_messages_do_however_often_it_is_counted() -> None:
    count, messages = Counting(), told(12)

    assert count(messages) == count(messages) == plain(messages)
    assert count(messages, TOOLS) == count(messages, TOOLS) > plain(messages)


def test_a_message_that_changed_is_counted_anew() -> None:
    count, message = Counting(), {"role": "user", "content": "one"}
    before = count([message])

    message["content"] = "one two three"

    assert count([message]) == plain([message]) > before


@pytest.mark.parametrize("given", [{"role": "nobody"}, {"role": "user", "content": {1, 2}}])
def test_what_is_no_message_is_refused(given: object) -> None:
    with pytest.raises(MessageError):
        Counting()([given])


def test_what_was_counted_is_not_read_again() -> None:
    messages = told(400, 300)
    count = Counting()
    began = process_time()
    count(messages)
    first = process_time() - began

    began = process_time()
    for _ in range(3):
        count(messages)

    assert process_time() - began < first
