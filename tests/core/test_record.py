"""The record: append-only, with its sums and hashes."""

from collections.abc import Iterator

from litany.core.message import Message
from litany.core.record import Record
from tests.histories import read, record, says, thinks, user, uses


def test_it_knows_the_tokens_of_any_span() -> None:
    one, two, three = read(user("a"), says("b c d"), user("e f"))
    whole = record(user("a"), says("b c d"), user("e f"))

    assert whole.tokens(0, 3) == one.tokens + two.tokens + three.tokens
    assert whole.tokens(1, 2) == two.tokens


def test_two_records_agree_by_hash_as_far_as_they_are_the_same() -> None:
    one, other = record(user("a"), says("b")), record(user("a"), says("c"))

    assert (one.at(1) == other.at(1), one.at(2) == other.at(2)) == (True, False)
    assert one.at(3) == "-"


def test_a_hash_covers_the_order() -> None:
    assert record(user("a"), user("b")).at(2) != record(user("b"), user("a")).at(2)


def test_growing_an_older_record_leaves_the_newer_one_as_it_was() -> None:
    first = record(user("a"))
    grown = first.grown(read(says("b")), [user("a"), says("b")])
    branch = first.grown(read(says("c")), [user("a"), says("c")])

    assert (grown[1].text, branch[1].text, first.length) == ("b", "c", 1)
    assert branch.tokens(0, 2) == sum(message.tokens for message in read(user("a"), says("c")))


def test_two_that_begin_at_the_same_moment_share_nothing() -> None:
    empty, others = Record(), []

    def reading() -> Iterator[Message]:
        others.append(empty.grown(read(says("theirs")), [says("theirs")]))  # a thread that comes in between
        yield from read(user("mine"))

    mine = empty.grown(reading(), [user("mine")])

    assert (mine.length, others[0].length) == (1, 1)
    assert (mine[0].text, others[0][0].text) == ("mine", "theirs")


def test_going_back_keeps_the_first_messages() -> None:
    back = record(user("a"), says("b"), user("c")).back(2)

    assert (back.length, list(back.natives)) == (2, [user("a"), says("b")])
    assert [message.text for message in back.span(0, 9)] == ["a", "b"]


def test_leading_system_messages_are_those_before_everything_else() -> None:
    system = {"role": "system", "content": "be brief"}

    assert record(system, system, user("a"), system).leading == 2
    assert list(record(system, user("a"), system).systems(3)) == [0, 2]
    assert Record().leading == 0


def test_bound_thinking_is_found_from_a_message_on() -> None:
    whole = record(user("a"), uses("c", thinks("hm")), dialect="anthropic")

    assert (whole.bound(), whole.bound(1), whole.bound(2)) == (True, True, False)
