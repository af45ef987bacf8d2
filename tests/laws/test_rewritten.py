"""Every law holds for a record that the host edited, rolled back or branched; the agenda is kept."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from litany import Litany, Policy
from litany.dialects.canonical import digest
from litany.errors import WindowTooSmall
from tests.laws.drive import TOOLS, dumped, last_text, latest_user, recount, violations, walked
from tests.laws.natives import answered, own_texts, role, stands, texts
from tests.laws.origins import origins
from tests.laws.strategies import GOALS, Case, cases, policies
from tests.laws.writing import FORMS, MARK, Message


@given(st.data())
def test_a_rewritten_record_keeps_the_agenda_and_gives_a_valid_view(data: st.DataObject) -> None:
    case = data.draw(cases(thinking=False))
    policy = Policy(**data.draw(policies(case)))
    records = [sent.record for sent in walked(case, {"window": 1_000_000}).sent]
    lines: list[dict[str, object]] = []
    litany = Litany(data.draw(GOALS), policy=policy, dialect=case.dialect, mark=MARK, trace=lines.append)
    goal = None

    for step in data.draw(st.lists(st.integers(0, len(records) - 1), min_size=2, max_size=6)):
        record = data.draw(rewritten(records[step], case.dialect))
        try:
            view = litany(record, system=case.system, tools=TOOLS[case.dialect])
        except WindowTooSmall:
            return
        goal = goal or litany.agenda.goal
        assert litany.agenda.goal == goal
        lawful(case, policy, record, view, lines[-1])
        for message in record:
            assert stands(message, view) or dumped(litany.recall(digest(message))[0].message) == dumped(message)


@given(st.data())
def test_a_message_edited_in_place_is_read_anew(data: st.DataObject) -> None:
    case = data.draw(cases(dialect="openai", killed=False))
    policy = Policy(**data.draw(policies(case)))
    record = [dict(message) for message in case.record]
    litany = Litany(policy=policy, dialect=case.dialect, mark=MARK)
    litany(record, tools=TOOLS[case.dialect])
    at = data.draw(st.integers(0, len(record) - 1))
    record[at]["content"] = "edited: " + str(at)

    view = litany(record, tools=TOOLS[case.dialect])

    fresh = [texts(message) for message in view]
    assert any(message is record[at] for message in view) or ["edited: " + str(at)] not in fresh
    assert dumped(litany.recall(digest(record[at]))[0].message) == dumped(record[at])


@given(st.data())
def test_copies_of_the_messages_are_the_same_record(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case)))
    copied = walked(case, data.draw(st.just({f: getattr(walk.policy, f) for f in FIELDS})), between=copying)

    assert [dumped(sent.view) for sent in copied.sent] == [dumped(sent.view) for sent in walk.sent]
    assert not any(sent.line["rewritten"] for sent in copied.sent)


@given(st.data())
def test_shadow_sends_every_message_untouched(data: st.DataObject) -> None:
    case = data.draw(cases(thinking=False))
    policy = data.draw(policies(case))
    shadow = walked(case, policy | {"shadow": True}, None, data.draw(GOALS))

    for sent in shadow.sent:
        assert len(sent.view) == len(sent.record)
        assert all(before is after for before, after in zip(sent.record, sent.view, strict=True))
        assert sent.line["tokens"] <= sent.line["budget"]


@given(st.data())
def test_a_child_inherits_goal_and_constraints_and_leaves_the_parent_alone(data: st.DataObject) -> None:
    case, errand = data.draw(cases()), data.draw(cases(most=5))
    walk = walked(case, data.draw(policies(case)), None, "Mend the parser.", ["Never push to main."])
    assert isinstance(walk.litany, Litany)
    before = walk.litany.state

    child = walk.litany.child()
    child(errand.record[:1], system=errand.system)
    child.answer({"id": "1", "name": "note", "input": {"content": "the child's"}})

    assert walk.litany.state == before
    assert child.agenda.goal is not None
    assert child.agenda.goal.text == "Mend the parser."
    assert [item.text for item in child.agenda.constraints] == ["Never push to main."]


FIELDS = ("window", "recite", "carrier", "keep_recitations", "clear_keep", "prefer", "observations", "trigger", "keep")


def copying(number: int, litany: Litany, record: list[Message]) -> None:
    """Gives the conversation's objects anew, as a host does that reads them from a file."""
    record[:] = [dict(message) for message in record]


def lawful(case: Case, policy: Policy, record: list[Message], view: list[Message], line: dict[str, object]) -> None:
    """Laws 2, 3, 4, 6 and 9 on one view."""
    assert violations(case, view) == []
    assert recount(case, view) <= policy.budget
    latest = record[latest_user(case, record)]
    said: Sequence[str] = [text for message in view if role(message) == "user" for text in texts(message)]
    assert any(message is latest for message in view) or all(text in said for text in own_texts(latest)[-1:])
    assert all(origin.index >= 0 or role(origin.message) != "assistant" for origin in origins(record, view))
    if line["due"]:
        assert last_text(view).endswith(str(line["recital"]))


@st.composite
def rewritten(draw: st.DrawFn, record: list[Message], dialect: str) -> list[Message]:
    """The record, or one with a message edited, with a branch after a user message, or without its last messages."""
    kind = draw(st.sampled_from(("same", "edit", "branch", "system")))
    form = FORMS[dialect]
    users = [at for at, message in enumerate(record) if role(message) == "user" and not answered(message)]
    at = draw(st.sampled_from(users)) if users else 0
    if kind == "same" or not users:
        return record
    other = form.user(f"edited: {draw(st.sampled_from(('this', 'that')))}", False)
    if kind == "edit":
        return [*record[:at], other, *record[at + 1 :]]
    if kind == "branch":
        return [*record[:at], other]
    rules = form.system("new rules")
    return [rules, *record] if rules else record
