"""The rules of Gemini: each has a request that breaks it, and what keeps to them is silent."""

from base64 import b64encode, urlsafe_b64decode
from typing import Any

import pytest

from litany.testing import Violation, seal, validate

Part = dict[str, Any]

FLAGS = ["thought-signatures"]


def user(*parts: Part) -> Part:
    return {"role": "user", "parts": list(parts or ({"text": "hi"},))}


def model(*parts: Part) -> Part:
    return {"role": "model", "parts": list(parts or ({"text": "I look."},))}


def call(name: str = "look", **fields: Any) -> Part:
    beside = {key: fields.pop(key) for key in ("thoughtSignature",) if key in fields}
    return {"functionCall": {"name": name, "args": {}, **fields}, **beside}


def answer(name: str = "look", **fields: Any) -> Part:
    return {"functionResponse": {"name": name, "response": {"result": "blue"}, **fields}}


def found(*contents: Any, **beside: Any) -> list[Violation]:
    fields: Part = {name: beside.pop(name) for name in ("tools", "systemInstruction") if name in beside}
    return validate("gemini", {"contents": list(contents), **fields}, **beside)


def codes(*contents: Any, **beside: Any) -> list[tuple[str, str]]:
    return [(violation.code, violation.path) for violation in found(*contents, **beside)]


@pytest.mark.parametrize(
    "contents",
    [
        [user()],
        [user(), user(), model(), user()],
        [user(), model(call(), call("feel")), user(answer("feel"), answer())],
        [user(), model(call(id="a"), call(id="b")), user(answer(id="b"), answer(id="a"), {"text": "go on"})],
        [user(), model(call(id="a"), call(id="b")), user(answer(), answer(id="a"))],
        [user(), model({"text": "hm", "thought": True}, {"text": "", "thoughtSignature": "c2ln"}), user()],
        [user({"inlineData": {"mimeType": "image/png", "data": ""}}, {"text": "see"})],
        [
            {"role": "user", "parts": [{"text": "hi"}]},
            {"role": "model", "parts": [{"function_call": {"name": "look"}, "thought_signature": b"sig"}]},
            {"role": "user", "parts": [{"function_response": {"name": "look", "response": {}}}]},
        ],
    ],
)
def test_legal_contents_break_no_rule(contents: list[Any]) -> None:
    assert found(*contents) == []


@pytest.mark.parametrize(
    ("contents", "code", "path", "sentence"),
    [
        ([], "G1", "contents", "contents is not specified"),
        ([{"role": "user", "parts": []}], "G1", "contents[0].parts", "contents.parts must not be empty"),
        ([user({"text": ""})], "G1", "contents[0].parts[0]", "empty text parameter"),
        ([user({"thought": True})], "G1", "contents[0].parts[0]", "required oneof field 'data' must have one"),
        ([model(call()), user(answer())], "G2", "contents[0]", "comes immediately after a user turn or after a funct"),
        ([user(), model(), model(call()), user(answer())], "G2", "contents[2]", "function call turn comes immediately"),
        ([user(call()), user(answer())], "G2", "contents[0]", "function call turn comes immediately"),
        ([user(), model(call(), call()), user(answer())], "G3", "contents[1]", "number of function response parts"),
        ([user(), model(call()), user()], "G3", "contents[1]", "number of function response parts"),
        ([user(), model(call(), call()), user(answer()), user(answer())], "G3", "contents[3]", "after a function call"),
        ([user(answer())], "G3", "contents[0]", "function response turn comes immediately after a function call turn"),
        ([user(), model(call()), model(answer())], "G3", "contents[2]", "function response turn"),
        ([user(), model(call()), user(answer("feel"))], "G4", "contents[1]", "'feel'"),
        ([user(), model(call(id="a")), user(answer(id="b"))], "G4", "contents[1]", "'b'"),
        (
            [user(), model(call()), user(answer(response="blue"))],
            "G4",
            "contents[2].parts[0].functionResponse.response",
            "google.protobuf.Struct",
        ),
        ([user(), model(call("")), user(answer(""))], "G4", "contents[1].parts[0].functionCall.name", "Name cannot be"),
        (
            [user(), model(call("no way")), user(answer("no way"))],
            "G0",
            "contents[1].parts[0].functionCall.name",
            "Invalid",
        ),
        (
            [user(), model({"text": "x", "thoughtSignature": seal("a")[:-9] + "AAAAAAAA="})],
            "G5",
            "contents[1].parts[0]",
            "valid",
        ),
        ([{"role": "system", "parts": [{"text": "x"}]}], "G6", "contents[0].role", "Please use a valid role"),
        ([{"role": "assistant", "parts": [{"text": "x"}]}], "G0", "contents[0].role", "Please use a valid role"),
        ([5], "G0", "contents[0]", "Invalid value at 'contents[0]'"),
        ([user({"text": "x", "type": "text"})], "G0", "contents[0].parts[0].type", "Unknown name 'type'"),
        ([{**user(), "name": "x"}], "G0", "contents[0].name", "Cannot find field"),
        (
            [user({"text": "x", "functionCall": {"name": "a"}})],
            "G0",
            "contents[0].parts[0]",
            "oneof field 'data' is alread",
        ),
    ],
)
def test_a_broken_rule_is_named_with_its_place_in_the_providers_words(
    contents: list[Any], code: str, path: str, sentence: str
) -> None:
    told = [violation for violation in found(*contents) if (violation.code, violation.path) == (code, path)]

    assert told
    assert sentence in told[0].text


def test_every_violation_is_told_and_not_only_the_first() -> None:
    assert codes(model(call()), user({"text": ""}), user(answer())) == [
        ("G1", "contents[1].parts[0]"),
        ("G2", "contents[0]"),
        ("G3", "contents[0]"),
        ("G3", "contents[2]"),
    ]


def test_a_record_may_end_on_open_calls() -> None:
    last = [user(), model(call(), call())]

    assert codes(*last) == [("G3", "contents[1]")]
    assert codes(*last, open_tail="allow") == []
    assert codes(*last, user(answer()), open_tail="allow") == []
    assert codes(*last, user({"text": "hi"}), open_tail="allow") == [("G3", "contents[1]")]
    assert codes(*last, user(answer()), user(), open_tail="allow") == [("G3", "contents[1]")]


def test_in_the_current_turn_the_first_call_of_each_step_is_signed() -> None:
    signed = call(thoughtSignature=seal("hm"))
    old = [user(), model(call()), user(answer())]
    now = [user(), model(signed, call()), user(answer(), answer()), model(call()), user(answer())]

    assert codes(*old, *now, flags=FLAGS) == [("G5", "contents[6].parts[0]")]
    assert codes(*old, *now[:3], flags=FLAGS) == []
    assert codes(user(), model(call(), signed), user(answer(), answer()), flags=FLAGS) == [
        ("G5", "contents[1].parts[0]")
    ]
    assert codes(*old) == []


def test_a_call_that_no_model_made_says_so_in_place_of_a_signature() -> None:
    made = call(thoughtSignature="skip_thought_signature_validator")

    assert codes(user(), model(made), user(answer()), flags=FLAGS) == []


def test_bytes_and_both_alphabets_of_base64_are_the_same_signature() -> None:
    raw = urlsafe_b64decode(seal("hm?>"))

    assert all(
        not found(user(), model({"text": "x", "thoughtSignature": sign})) for sign in (raw, b64encode(raw).decode())
    )
    assert codes(user(), model({"text": "x", "thoughtSignature": raw[:-1] + b"?"})) == [("G5", "contents[1].parts[0]")]


def test_system_text_and_tools_stand_beside() -> None:
    text = {"parts": [{"text": "Be brief."}]}
    tools = [{"functionDeclarations": [{"name": "look"}]}, {"googleSearch": {}}]

    assert codes(user(), systemInstruction=text, tools=tools) == []
    assert codes(user(), systemInstruction={"parts": []}) == [("G6", "systemInstruction")]
    assert codes(user(), tools=[{"functionDeclarations": [{"name": "1"}]}]) == [
        ("G0", "tools[0].functionDeclarations[0].name")
    ]
