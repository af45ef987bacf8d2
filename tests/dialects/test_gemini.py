"""Gemini contents: read in both spellings, counted, and rewritten as shallow copies."""

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from litany import Litany, Policy
from litany.core.message import Call, Message, Role
from litany.dialects import dialect_of
from litany.dialects.gemini import CALL_FRAME, FRAME, Gemini
from litany.dialects.leaves import MOST_DEEP
from litany.errors import MessageError, PairError
from litany.testing import validate
from tests.histories import COUNT, Native

DIALECT = Gemini()
PICTURE = {"inlineData": {"mimeType": "image/png", "data": "A" * 400_000}}
SIGN = {"thoughtSignature": "A" * 400}


def read(native: Any, observed: bool = False) -> Message:
    return DIALECT.read(native, COUNT, observed)


def user(*parts: Native) -> Native:
    return {"role": "user", "parts": list(parts)}


def calls(*ids: str | None, name: str = "look") -> Native:
    made = [{"name": name, "args": {"page": at}} | ({"id": id} if id else {}) for at, id in enumerate(ids)]
    return {"role": "model", "parts": [{"functionCall": call} for call in made]}


def answer(response: object, id: str | None = None, name: str = "look") -> Native:
    return {"functionResponse": {"name": name, "response": response} | ({"id": id} if id else {})}


def test_roles_and_texts_are_read_and_a_thought_is_not_said() -> None:
    message = read({"role": "model", "parts": [{"text": "hm", "thought": True}, {"text": "I look."}]})

    assert (message.role, message.text) == (Role.ASSISTANT, "I look.")
    assert message.tokens == FRAME + COUNT("hm") + COUNT("I look.")
    assert read({"parts": [{"text": "hi"}]}).role is Role.USER


def test_a_call_without_an_id_goes_by_the_name_of_its_tool() -> None:
    assert read(calls("a", None)).calls == (Call("a", "look", '{"page": 0}'), Call("look", "look", '{"page": 1}'))
    assert read(calls("a")).tokens == FRAME + CALL_FRAME + COUNT("look") + COUNT('{"page": 0}')


def test_responses_alone_are_a_tools_and_with_text_behind_them_the_users() -> None:
    alone, both = read(user(answer({"result": "all well"}, "a"))), read(user(answer({}), {"text": "Go on."}))

    assert (alone.role, alone.answers, alone.names, alone.slots) == (Role.TOOL, ("a",), ("look",), ("all well",))
    assert (both.role, both.speaks, both.text, both.answers) == (Role.USER, True, "Go on.", ("look",))


def test_every_text_of_a_response_is_a_slot_and_is_written_back_where_it_stood() -> None:
    given = {"id": "x", "rows": ["a", {"type": "b", "n": 1, "no": None}], "Read this: obey": True, "end": "c"}
    native = user(answer(given), PICTURE, answer({"result": "d"}))
    sent: Any = DIALECT.rewritten(native, {at: text.upper() for at, text in enumerate(read(native).slots)})

    assert read(native).slots == ("x", "a", "b", "Read this: obey", "c", "d")
    assert sent["parts"][0]["functionResponse"]["response"] == {
        "id": "X",
        "rows": ["A", {"type": "B", "n": 1, "no": None}],
        "READ THIS: OBEY": True,
        "end": "C",
    }
    assert sent["parts"][1] is PICTURE
    assert DIALECT.rewritten(sent, dict(enumerate(read(native).slots))) == native


def test_snake_case_reads_the_same_and_is_written_back_so() -> None:
    native = {"role": "user", "parts": [{"function_response": {"name": "look", "response": {"result": "long"}}}]}
    model = {
        "role": "model",
        "parts": [{"function_call": {"name": "look", "args": {"page": 0}}, "thought_signature": b"s"}],
    }

    assert read(native).slots == ("long",)
    assert read(model).calls == read(calls(None)).calls
    assert DIALECT.rewritten(native, {0: "short"}) == {
        "role": "user",
        "parts": [{"function_response": {"name": "look", "response": {"result": "short"}}}],
    }


def test_pictures_and_files_are_counted_by_formula_and_signatures_by_their_length() -> None:
    shown = answer({"result": "see"}) | {}
    shown["functionResponse"]["parts"] = [PICTURE]

    assert read(user(PICTURE)).tokens == FRAME + 258 * 6
    assert 258 * 6 < read(user(shown)).tokens < 258 * 6 + 30
    assert read(user({"fileData": {"mimeType": "application/pdf", "fileUri": "gs://a"}})).tokens == FRAME + 3_000
    assert read({"role": "model", "parts": [{"text": "hi", **SIGN}]}).tokens == FRAME + COUNT("hi") + 100


def test_cleared_leaves_a_stub_in_each_response_and_the_users_words() -> None:
    words, shown = {"text": "Go on."}, answer({"code": 0, "out": "long"})
    shown["functionResponse"]["parts"] = [PICTURE]

    assert DIALECT.cleared(user(answer({"output": "long"}), shown, words), "stub") == user(
        answer({"output": "stub"}), answer({"result": "stub"}), words
    )


def test_text_ends_only_a_response_of_one_text() -> None:
    assert DIALECT.appended(user(answer({"result": "b"})), "c") == user(answer({"result": "b\n\nc"}))
    for other in (answer({"result": "b", "code": 0}), answer({"result": 1}), answer({}), {"text": "a"}):
        assert DIALECT.appended(user(other), "c") is None


def test_there_is_no_system_message_among_the_contents() -> None:
    assert DIALECT.system("s", user({"text": "a"})) is None


@pytest.mark.parametrize(
    ("native", "sentence"),
    [
        ({"role": "system", "parts": [{"text": "a"}]}, "Gemini knows user and model, and system text beside them"),
        ({"role": "user", "parts": "a"}, "`parts` is str; it is a list of parts"),
        ("hello", "a message is str"),
    ],
)
def test_what_is_no_content_is_refused_with_a_sentence(native: Any, sentence: str) -> None:
    with pytest.raises(MessageError, match=sentence):
        read(native)


def test_a_response_nested_without_end_is_refused_with_a_sentence() -> None:
    deep: Any = "a"
    for _ in range(MOST_DEEP + 2):
        deep = {"a": deep}

    with pytest.raises(MessageError, match="nested more than"):
        read(user(answer(deep)))


def test_an_observation_in_the_user_role_is_read_like_a_result() -> None:
    message = read(user({"text": "total 0"}, PICTURE), observed=True)

    assert (message.role, message.slots, message.text) == (Role.TOOL, ("total 0",), "")
    assert DIALECT.rewritten(user({"text": "total 0"}, PICTURE), {0: "x"}) == user({"text": "x"}, PICTURE)


TASK = user({"text": "Find the leak."})


def failed(name: str = "look", id: str | None = None) -> Native:
    text = "interrupted, outcome unknown: no result was recorded for this call; check before you repeat it"
    return answer({"error": text}, id, name)


def test_a_repair_stands_in_one_content_with_the_responses_that_came() -> None:
    last = user(answer({"result": "b"}, "b"), {"text": "Stop."})

    view = Litany()([TASK, calls("a", "b", "c"), last, user({"text": "Go on."})])

    assert view[2] == user(answer({"result": "b"}, "b"), failed(id="a"), failed(id="c"), {"text": "Stop."})
    assert validate("gemini", {"contents": view}) == []


def test_without_ids_what_came_answers_the_first_calls_and_the_repair_the_rest() -> None:
    view = Litany()([TASK, calls(None, None), user(answer({"result": "first"})), user({"text": "Go on."})])

    assert view[2] == user(answer({"result": "first"}), failed())


def test_a_response_without_an_id_answers_a_call_of_its_name_and_one_with_another_id_none() -> None:
    assert Litany()([TASK, calls("a"), user(answer({}))])[2] == user(answer({}))
    assert Litany()([TASK, calls(None), user(answer({}, "a"))])[2] == user(answer({}, "a"))
    with pytest.raises(PairError):
        Litany()([TASK, calls("a"), user(answer({}, "b"))])


def test_a_late_response_without_an_id_takes_the_place_of_one_repair_of_its_name() -> None:
    record = [TASK, calls(None, None, None), user(answer({"result": "1"})), user({"text": "Go on."})]
    record += [calls("c"), user(answer({"result": "4"}, "c")), user(answer({"result": "2"}))]

    view = Litany()(record)

    assert view[2] == user(answer({"result": "1"}), answer({"result": "2"}), failed())
    assert validate("gemini", {"contents": view}) == []


def test_a_late_response_joins_those_of_its_turn() -> None:
    record = [TASK, calls("a", "b"), user(answer({"result": "1"}, "b")), user({"text": "Go on."})]
    litany = Litany()
    litany(record)
    record += [calls("c"), user(answer({"result": "3"}, "c")), user(answer({"result": "2"}, "a"))]

    view = litany(record)

    assert view[2] == user(answer({"result": "1"}, "b"), answer({"result": "2"}, "a"))
    assert validate("gemini", {"contents": view}) == []


def test_a_late_response_that_comes_between_a_call_and_its_response_parts_nothing() -> None:
    record = [TASK, calls("a"), user({"text": "Go on."})]
    litany = Litany()
    litany(record)
    record += [calls("c", "d"), user(answer({"result": "late"}, "a")), user(answer({}, "c")), user({"text": "Go on."})]

    view = litany(record)

    assert validate("gemini", {"contents": view}) == []
    assert view[2] == record[4]


def test_the_contents_tell_the_dialect_as_dicts_and_as_objects() -> None:
    class Part(BaseModel):
        model_config = ConfigDict(extra="allow")
        text: str | None = None

    class Content(BaseModel):
        role: str
        parts: list[Part]

    said = Content(role="model", parts=[Part(text="I look.")])
    asked = Content.model_validate(calls("a"))

    assert dialect_of([said]) == dialect_of([TASK]) == DIALECT
    assert read(asked).calls == read(calls("a")).calls
    view = Litany()([TASK, asked, user(answer({}, "a"))])
    assert view[1] is asked


def test_the_system_instruction_is_counted_and_told_as_text() -> None:
    lines: list[dict[str, Any]] = []
    litany = Litany(goal="Be brief.", trace=lines.append)

    view = litany([TASK], system={"parts": [{"text": "Be brief."}]})

    assert view == [TASK]
    assert lines[0]["sections"]["system"] > 0


def test_litanys_tools_are_declared_and_a_call_of_one_is_served() -> None:
    litany = Litany(policy=Policy(window=8_000))
    (tool,) = litany.tools("gemini")
    call = {"functionCall": {"name": "note", "args": {"content": "the valve is open"}}}

    assert [function["name"] for function in tool["functionDeclarations"]] == ["update_todos", "note", "recall"]
    assert "additionalProperties" not in str(tool)
    assert validate("gemini", {"contents": [TASK], "tools": [tool]}) == []
    assert litany.answer(call) == litany.answer(call["functionCall"]) == "noted"
    assert [note.text for note in litany.agenda.notes] == ["the valve is open"]


def test_a_todo_tool_of_the_host_is_found_among_the_declarations() -> None:
    litany = Litany()
    litany([TASK], tools=[{"functionDeclarations": [{"name": "look"}, {"name": "write_todos"}]}])

    (tool,) = litany.tools("gemini")
    assert [function["name"] for function in tool["functionDeclarations"]] == ["note", "recall"]
