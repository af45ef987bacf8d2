"""The reader as a model: what it takes, what it answers, what it counts, and what it refuses."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litany.core.completion import Usage
from litany.core.ports import Complete
from litany.errors import MessageError, PocketError
from litany.pocket.calls import called, typed
from litany.pocket.chat import prompt
from litany.pocket.network import load
from litany.pocket.reader import ANSWER, WINDOW, Pocket, spoken
from litany.pocket.shape import Shape
from litany.pocket.words import CALL, KNOWN, PARTS
from tests.pocket.scripted import saying
from tests.pocket.small import written

ASKED = [{"role": "user", "content": "Ann lives in Paris, Bob in Oslo. It is 3 %. Where does Ann live?"}]
ARGUMENTS = {
    "City": {"type": "string"},
    "days": {"type": "integer"},
    "wet": {"type": "boolean"},
    "share": {"type": ["number", "null"]},
    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    "unit": {"type": "string", "enum": ["Celsius", "Open"]},
    "places": {"type": "array"},
}
TOOLS = [{"type": "function", "function": {"name": "getWeather", "parameters": {"properties": ARGUMENTS}}}]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Pocket:
    """One with drawn weights: what it says has no sense."""
    return Pocket(load(written(tmp_path_factory.mktemp("pocket") / "weights.npy", Shape(), 7)))


def long(words: int) -> list[dict[str, str]]:
    return [{"role": "user", "content": " ".join(f"w{number % 50}" for number in range(words))}]


def given_to(text: str, tools: list[Any] | None = None) -> dict[str, Any] | None:
    """The arguments that this call gives, None where it is none."""
    asked = prompt(ASKED, TOOLS if tools is None else tools)
    found = called(asked, [CALL, *asked.words.ids(text)])
    return None if found is None else found[1]


def test_it_is_a_model(reader: Pocket) -> None:
    model: Complete = reader

    assert (model.window, model.count(ASKED)) == (WINDOW, len(prompt(ASKED).ids))
    assert model.count(ASKED, TOOLS) > model.count(ASKED)


def test_its_name_is_the_beginning_of_its_weights_hash(tmp_path: Path) -> None:
    network = load(written(tmp_path / "weights.npy", Shape()))

    assert Pocket(network).name == f"pocket-{network.weights.sha256[:8]}"


def test_a_text_is_its_answer_and_it_stops(tmp_path: Path) -> None:
    done = saying(tmp_path / "weights.npy", "paris, 3 %", ASKED)(ASKED)

    assert done.message == {"role": "assistant", "content": "Paris, 3 %"}
    assert (done.finish, done.usage) == ("stop", Usage(prompt=len(prompt(ASKED).ids), completion=5))


def test_nothing_said_is_an_empty_text(tmp_path: Path) -> None:
    done = saying(tmp_path / "weights.npy", "", ASKED)(ASKED)

    assert (done.message["content"], done.finish, done.usage.completion) == ("", "stop", 1)


def test_an_answer_that_takes_too_long_is_cut_off(tmp_path: Path) -> None:
    done = saying(tmp_path / "weights.npy", "Ann lives in Paris", ASKED, most=3)(ASKED)

    assert (done.message["content"], done.finish, done.usage.completion) == ("Ann lives in", "length", 3)


def test_a_call_is_a_call_of_the_tool_by_its_own_name(tmp_path: Path) -> None:
    done = saying(tmp_path / "weights.npy", "getweather ( days = 3 )", ASKED, TOOLS, call=True)(ASKED, TOOLS)

    assert done.finish == "tool_calls"
    assert done.message["content"] is None
    calls = done.message["tool_calls"]
    assert isinstance(calls, list)
    (call,) = calls
    assert call["type"] == "function"
    assert call["function"] == {"name": "getWeather", "arguments": '{"days": 3}'}


def test_a_call_that_is_malformed_is_a_text(tmp_path: Path) -> None:
    done = saying(tmp_path / "weights.npy", "getWeather ( Paris )", ASKED, TOOLS, call=True)(ASKED, TOOLS)

    assert done.finish == "stop"
    assert done.message == {"role": "assistant", "content": "getWeather (Paris)"}


def test_a_call_that_is_cut_off_is_a_text_and_says_so(tmp_path: Path) -> None:
    done = saying(tmp_path / "weights.npy", "getWeather ( days = 3 )", ASKED, TOOLS, call=True, most=4)(ASKED, TOOLS)

    assert (done.message["content"], done.finish) == ("getWeather (days", "length")


def test_without_tools_no_call_is_made(tmp_path: Path) -> None:
    done = saying(tmp_path / "weights.npy", "in ( )", ASKED, call=True)(ASKED)

    assert "tool_calls" not in done.message
    assert done.finish != "tool_calls"


@given(st.lists(st.sampled_from(["Ann", "keep", "(", "[x]", "name", "7"]), min_size=1, max_size=30))
def test_whatever_is_asked_without_tools_the_answer_is_a_text_without_marks_of_who_speaks(
    reader: Pocket, words: list[str]
) -> None:
    done = reader([{"role": "user", "content": " ".join(words)}])

    assert list(done.message) == ["role", "content"]
    assert [part for part in PARTS if part in str(done.message["content"])] == []


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("getWeather()", {}),
        ("getWeather(city = New York)", {"City": "New York"}),
        ("getWeather(city = Paris, France)", {"City": "Paris, France"}),
        ("getWeather(city = a = 1, b = 2, days = 4)", {"City": "a = 1, b = 2", "days": 4}),
        ("getWeather(city = f(x), days = 4)", {"City": "f(x)", "days": 4}),
        ("getWeather(city = Paris, days = 3, wet = true)", {"City": "Paris", "days": 3, "wet": True}),
        ("getWeather(days = 4,821)", {"days": 4821}),
        ("getWeather(days = few)", {"days": "few"}),
        ("getWeather(share = 0.5)", {"share": 0.5}),
        ("getWeather(share = null)", {"share": None}),
        ("getWeather(note = 12)", {"note": "12"}),
        ("getWeather(note = null)", {"note": None}),
        ("getWeather(unit = open)", {"unit": "Open"}),
        ('getWeather(places = ["a", "b"])', {"places": ["a", "b"]}),
        ("getWeather(colour = red)", {"colour": "red"}),
        ("getWeather(city =)", {"City": ""}),
    ],
)
def test_arguments_are_typed_as_the_tool_wants_them(text: str, arguments: dict[str, object]) -> None:
    assert given_to(text) == arguments


@pytest.mark.parametrize(
    "text", ["getWeather", "getWeather(", "(days = 3)", "getWeather(Paris)", "getWeather(= 3)", "f() and g"]
)
def test_what_has_not_the_form_of_a_call_is_none(text: str) -> None:
    assert given_to(text) is None


def test_a_tool_without_a_schema_takes_every_key() -> None:
    assert given_to("stop(why = a, b, how = fast)", [{"name": "stop"}]) == {"why": "a, b", "how": "fast"}


@pytest.mark.parametrize(
    ("text", "schema", "value"),
    [
        ("true", {"type": "integer"}, "true"),
        ("1", {"type": "boolean"}, "1"),
        ("1.5", {"type": "integer"}, "1.5"),
        ("NaN", {"type": "number"}, "NaN"),
        ("-2", {"type": "integer"}, -2),
        ("True", {"type": "boolean"}, True),
        ("1,234.5", {"type": "number"}, 1234.5),
        ("1,234", {"type": "string"}, "1,234"),
        ("null", {"type": "string"}, "null"),
        ("7", {}, "7"),
        ("7", None, "7"),
        ("7", {"type": "unheard-of"}, "7"),
        ("[" * 99_999, {"type": "array"}, "[" * 99_999),
    ],
)
def test_a_value_that_does_not_fit_its_type_stays_a_text(text: str, schema: object, value: object) -> None:
    assert typed(text, schema) == value
    assert type(typed(text, schema)) is type(value)


SCALARS = {"integer": st.integers(), "boolean": st.booleans(), "string": st.text(), "null": st.none()}


@given(st.sampled_from(sorted(SCALARS)).flatmap(lambda kind: st.tuples(st.just(kind), SCALARS[kind])))
def test_a_value_comes_back_as_its_type(drawn: tuple[str, object]) -> None:
    kind, value = drawn

    assert typed(value if isinstance(value, str) else json.dumps(value), {"type": kind}) == value


@given(st.lists(st.integers(0, len(KNOWN) - 1), max_size=12))
def test_any_tokens_are_a_message_that_is_json(ids: list[int]) -> None:
    asked = prompt(ASKED, TOOLS)

    message = spoken(asked, ids)

    assert json.loads(json.dumps(message)) == message
    assert isinstance(message["content"], str) != ("tool_calls" in message)


def test_what_was_read_before_is_known_the_second_time(reader: Pocket) -> None:
    chat = [{"role": "system", "content": "Known twice."}, *long(400)]

    first, second, other = reader(chat), reader(chat), reader([*chat, *ASKED])

    assert first.usage.prompt == second.usage.prompt == reader.count(chat)
    assert (first.usage.cached, second.usage.cached, other.usage.cached) == (0, 384, 384)
    assert (first.message, first.finish) == (second.message, second.finish)
    assert other.usage.prompt == reader.count([*chat, *ASKED])


def test_the_same_request_is_answered_alike_by_a_new_reader(reader: Pocket, tmp_path: Path) -> None:
    other = Pocket(load(written(tmp_path / "weights.npy", Shape(), 7)))

    assert reader(long(300), TOOLS).message == other(long(300), TOOLS).message


def test_calls_of_other_requests_have_other_ids() -> None:
    def id(place: str) -> str:
        asked = prompt([{"role": "user", "content": f"Look at {place}"}], TOOLS)
        return str(spoken(asked, [CALL, *asked.words.ids("getWeather()")])["tool_calls"])

    assert id("Oslo") == id("Oslo")
    assert len({id(f"place{number}") for number in range(2_000)}) == 2_000


def test_a_request_that_just_fits_is_answered_and_one_more_word_is_refused(reader: Pocket) -> None:
    room = WINDOW - ANSWER - reader.count(long(0))

    assert reader(long(room)).usage.prompt == WINDOW - ANSWER
    with pytest.raises(PocketError, match=r"takes 2,001 .* up to 48, .* holds 2,048; shorten the request.*Litany\("):
        reader(long(room + 1))


def test_counting_has_no_limit(reader: Pocket) -> None:
    assert reader.count(long(100_000)) == 100_003


def test_no_messages_are_refused(reader: Pocket) -> None:
    with pytest.raises(MessageError, match="there are no messages"):
        reader([])
    with pytest.raises(MessageError, match="there are no messages"):
        reader.count([])


def test_what_is_given_is_not_changed(reader: Pocket) -> None:
    before = json.dumps([ASKED, TOOLS])

    reader(ASKED, TOOLS)

    assert json.dumps([ASKED, TOOLS]) == before


def test_two_threads_are_answered_as_one_is(reader: Pocket) -> None:
    chats = [[*long(130), {"role": "user", "content": f"Number {number}?"}] for number in range(6)] * 2
    alone = [reader(chat).message for chat in chats]

    with ThreadPoolExecutor(2) as pool:
        together = [done.message for done in pool.map(reader, chats)]

    assert together == alone
