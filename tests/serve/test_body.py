"""Bodies: read with the place of each message, written back in the very bytes of all that stays."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from litany.serve.bodies import Bodies
from litany.serve.body import Body, common, read

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
MESSAGES = st.lists(st.fixed_dictionaries({"role": st.just("user"), "content": VALUES}), max_size=6)
LAYOUTS = st.sampled_from(({"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}, {}))
FIELDS = st.dictionaries(st.sampled_from(("model", "tools", "system", "stream", 'a"b')), VALUES, max_size=4)


def written(before: Any, messages: Any, behind: Any, layout: Any) -> bytes:
    text = json.dumps({**before, "messages": messages, **behind}, **layout)
    return text.encode("utf-8", "backslashreplace")


def whole(raw: bytes) -> Body:
    body = read(raw, "messages")
    assert body is not None
    return body


@given(FIELDS, MESSAGES, FIELDS, LAYOUTS)
def test_a_body_is_read_as_json_reads_it_and_leaves_as_it_came(
    before: Any, messages: Any, behind: Any, layout: Any
) -> None:
    raw = written(before, messages, behind, layout)
    body, plain = whole(raw), json.loads(raw)

    assert body.messages == plain["messages"]
    assert {name: body.get(name) for name in plain if name != "messages"} == {**before, **behind}
    assert [json.loads(body.text[slice(*span)]) for span in body.spans] == plain["messages"]
    assert body.sent(body.messages) is raw


@given(FIELDS, MESSAGES, MESSAGES, MESSAGES, FIELDS, FIELDS, LAYOUTS)
def test_what_begins_alike_is_read_as_if_it_were_new(
    before: Any, common_messages: Any, one: Any, other: Any, behind: Any, after: Any, layout: Any
) -> None:
    known = whole(written(before, [*common_messages, *one], behind, layout))
    raw = written(before, [*common_messages, *other], after, layout)
    grown, anew = read(raw, "messages", known), whole(raw)

    assert grown is not None
    assert (grown.messages, grown.spans, grown.whole) == (anew.messages, anew.spans, anew.whole)
    assert (grown.before, grown.behind) == (anew.before, anew.behind)
    alike = anew.text.startswith(known.text[: known.whole[0] + 1])
    same = common(grown.text, known)
    assert same >= len(common_messages) * alike
    assert all(new is old for new, old in zip(grown.messages[:same], known.messages, strict=False))


@given(MESSAGES, st.data())
def test_a_view_is_the_json_of_its_messages_whatever_left_and_came(messages: Any, data: Any) -> None:
    body = whole(written({"a": 1.50}, messages, {"b": "ö"}, {"indent": 1}))
    kept = [message for message in body.messages if data.draw(st.booleans())]
    view = [*kept, {"role": "user", "content": "half a pair: \ud800, and whole: 😀"}]

    assert json.loads(body.sent(view)) == {"a": 1.5, "messages": view, "b": "ö"}


def test_what_stays_keeps_its_letters_and_blocks_of_what_changed_do_too() -> None:
    raw = (
        b'{"messages": [ {"role":"user","content":[{"type":"tool_result" , "content":"long"},{"n":1.50}]},'
        b'{"role":"assistant", "content":[{"thinking":"\\u00e9"}, {"type":"tool_use"}]} ], "x": 1e1}'
    )
    body = whole(raw)
    first = body.messages[0]
    changed = {**first, "content": [{**first["content"][0], "content": "short"}, first["content"][1]]}
    sent = body.sent([changed, body.messages[1]])

    assert b'{"n":1.50}' in sent
    assert b'{"role":"assistant", "content":[{"thinking":"\\u00e9"}, {"type":"tool_use"}]}' in sent
    assert sent.endswith(b'], "x": 1e1}')
    assert b'"short"' in sent
    assert b'"long"' not in sent


def test_what_is_no_list_of_messages_is_no_body() -> None:
    for raw in (
        b"",
        b"[]",
        b"{}",
        b'{"messages": "hi"}',
        b'{"messages": [1]}',
        b'{"messages": [], "messages": []}',
        b'{"messages": [{}',
        b'{"messages": [{},]}',
        b'{1: 2, "messages": []}',
        b'{"messages": [] "b": 1}',
        b'{"messages": [{}], "a": \xff}',
        b'{"a": ' + b"[" * 100_000,
    ):
        assert read(raw, "messages") is None


def test_a_conversation_is_held_once_and_all_of_them_within_bounds() -> None:
    bodies = Bodies()
    first = written({"model": "m" * 2_000}, [{"role": "user", "content": "a"}], {}, {})
    longer = first[:-2] + b', {"role": "assistant", "content": "b"}]}'

    one, other = bodies.read(first, "messages"), bodies.read(longer, "messages")

    assert one is not None
    assert other is not None
    assert other.messages[0] is one.messages[0]
    assert len(bodies) == 1
    for number in range(600):
        bodies.read(written({}, [{"role": "user", "content": str(number)}], {}, {}), "messages")
    assert len(bodies) == 256
