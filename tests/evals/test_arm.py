"""Arms: what each makes of a case."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from litany.errors import EvalError
from litany.evals.arm import ARMS, POINTER, Arm, Prompt, arm_named
from litany.evals.case import Agenda, Case, Message
from litany.testing import validate
from tests.evals.histories import AGENDA, COUNT, GOAL, OTHER, RULE, TODOS, case, cases, told, turn, user, wrote_todos

LAST = (*(name for name in ARMS if name.startswith("recite")), "placebo", "every", "compact+recite")
"""Arms whose prompt ends with a recital."""


def sent(name: str, of: Case) -> Prompt:
    return arm_named(name).view(of)


def recitals(messages: list[Message]) -> list[int]:
    """How many messages stand behind each recital."""
    return [len(messages) - 1 - at for at, each in enumerate(messages) if "<litany mark=" in str(each["content"])]


@settings(max_examples=25, deadline=None)
@given(cases())
def test_every_arm_makes_a_request_that_openai_takes(of: Case) -> None:
    for name in ARMS:
        prompt = sent(name, of)

        assert validate("openai", {"messages": prompt.messages, "tools": prompt.tools}) == [], name
        assert (
            prompt.messages[-1]["content"].startswith(of.messages[-1]["content"])
            or name in (*LAST, "pointer")
            or (recitals(prompt.messages)[-1:] == [0])
        )


@settings(max_examples=25, deadline=None)
@given(cases())
def test_a_recital_is_the_last_thing_that_is_read(of: Case) -> None:
    for name in LAST:
        messages = sent(name, of).messages

        assert recitals(messages)[-1] == 0, name
        assert messages[-1]["content"].endswith("</litany>")


@settings(max_examples=25, deadline=None)
@given(cases())
@pytest.mark.slow
def test_the_same_case_gives_the_same_bytes_and_is_left_alone(of: Case) -> None:
    before = json.dumps(of.messages)
    for name in ARMS:
        assert json.dumps(sent(name, of).messages) == json.dumps(sent(name, of).messages), name

    assert json.dumps(of.messages) == before


@settings(max_examples=25, deadline=None)
@given(cases())
def test_only_what_cuts_leaves_anything_out(of: Case) -> None:
    for name in set(ARMS) - {"compact", "compact+recite", "clear", "sink-window"}:
        prompt = sent(name, of)
        whole = [each for each in prompt.messages if any(each is one for one in of.messages)]

        assert not prompt.compacted, name
        assert len(whole) >= len(of.messages) - (name == "recite@result"), name


def test_bare_sends_the_very_messages() -> None:
    of = case(told(3))

    prompt = sent("bare", of)

    assert all(before is after for before, after in zip(of.messages, prompt.messages, strict=True))
    assert (prompt.tools, prompt.compacted) == (list(of.tools), None)


def test_pointer_restates_nothing() -> None:
    of = case(told(3))

    assert sent("pointer", of).messages == [*of.messages, user(POINTER)]


def test_recite_adds_the_agenda_and_nothing_else() -> None:
    of = case(told(12, at=6), agenda=Agenda(GOAL, (RULE,), TODOS))

    *rest, last = sent("recite", of).messages

    assert rest == list(of.messages)
    assert all(text in last["content"] for text in (GOAL, RULE, *dict(TODOS)))
    assert str(OTHER.goal) not in last["content"]


def test_the_placebo_takes_as_many_tokens_as_the_recital() -> None:
    of = case(told(12, at=6))

    one, other = sent("recite", of).messages, sent("placebo", of).messages

    assert str(OTHER.goal) in other[-1]["content"]
    assert GOAL not in other[-1]["content"]
    assert len(one) == len(other)
    assert abs(COUNT(one) - COUNT(other)) <= 4


def test_the_placebo_holds_none_of_the_todos_that_the_agent_wrote() -> None:
    of = case(
        [*told(3)[:-1], *wrote_todos(9), user("And now?")], placebo=Agenda(OTHER.goal, (), (("count", "pending"),))
    )

    assert "[next] read the log of the pump" in sent("every", of).messages[-1]["content"]
    assert "read the log" not in sent("placebo", of).messages[-1]["content"]
    assert "[next] count" in sent("placebo", of).messages[-1]["content"]


def test_every_call_leaves_its_recital_from_when_the_goal_was_told() -> None:
    of = case(told(12, at=6))

    behind = recitals(sent("every", of).messages)

    assert len(behind) == 12 - 6 + 1
    assert recitals(sent("recite", of).messages) == [0]


def test_on_change_recites_when_the_agenda_is_told_and_when_it_changes() -> None:
    plain = case(told(12, at=2))
    later = case([*told(6)[:-1], *wrote_todos(20), *turn(21), user("And now?")])

    assert recitals(sent("on-change", plain).messages) == [2 * 10 + 1]
    assert len(recitals(sent("on-change", later).messages)) == 2


@pytest.mark.parametrize(("at", "behind"), [(0, 20 + 1), (39, 2 + 1), (40, 0)])
def test_a_sunk_recital_stands_ten_calls_back_or_as_soon_as_all_was_told(at: int, behind: int) -> None:
    assert recitals(sent("sunk", case(told(40, at=at))).messages) == [behind]


def test_the_carrier_carries() -> None:
    of = case(told(4)[:-1])

    roles = {name: sent(f"recite@{name}", of).messages[-1]["role"] for name in ("user", "system", "result")}

    assert roles == {"user": "user", "system": "system", "result": "tool"}
    assert len(sent("recite@result", of).messages) == len(of.messages)


def test_kept_recitals_stay_and_ephemeral_ones_do_not() -> None:
    of = case(told(30))

    assert len(recitals(sent("recite@kept", of).messages)) == 30 // 10
    assert recitals(sent("recite@ephemeral", of).messages) == [0]


@pytest.mark.parametrize(("turns", "words"), [(12, 30), (40, 30), (150, 30), (3, 300), (40, 300), (20, 3_000)])
def test_compaction_happens_at_every_length_and_leaves_the_recital(turns: int, words: int) -> None:
    of = case(told(turns, words))
    whole = COUNT(of.messages)

    plain, recited = sent("compact", of), sent("compact+recite", of)

    assert plain.compacted
    assert recited.compacted
    assert 0.2 * whole < COUNT(plain.messages) < 0.85 * whole
    assert recitals(plain.messages) == []
    assert recited.messages[:-1] == plain.messages


def test_what_cannot_be_compacted_is_sent_as_it_is() -> None:
    of = case([user(f"{GOAL}\n{RULE}\n" + "the tide comes in; " * 300)])

    assert sent("compact", of).messages == list(of.messages)


def test_a_history_that_is_sent_whole_is_said_to_be() -> None:
    small, large = case(told(1)), case(told(40, 300))

    assert [sent("compact", of).compacted for of in (small, large)] == [False, True]
    assert sent("recite", large).compacted is None


def test_clear_leaves_stubs_and_every_message() -> None:
    of = case(told(40, 300))

    prompt = sent("clear", of)

    assert prompt.compacted
    assert len(prompt.messages) == len(of.messages)
    assert "tool result cleared" in str(prompt.messages[4]["content"])


def test_a_sink_window_keeps_both_ends_and_parts_no_pair() -> None:
    of = case(told(40))

    prompt = sent("sink-window", of)

    assert prompt.compacted
    assert 16 <= len(prompt.messages) <= 20
    assert prompt.messages[:4] == list(of.messages[:4])
    assert prompt.messages[-12:] == list(of.messages[-12:])
    assert not sent("sink-window", case(told(3))).compacted


def test_a_policy_file_is_played_as_it_says(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('window = 4000\nrecite = ["turns", 5]\nkeep_recitations = true\n')
    of = case(told(20))

    arm = arm_named(str(file))

    assert arm.name == str(file)
    assert len(recitals(arm.view(of).messages)) == 4
    assert len(arm.policy_hash) == 12
    file.write_text('[policy]\nwindow = 4000\nrecite = ["turns", 5]\nkeep_recitations = true\n')
    assert arm_named(str(file)) == arm


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("windows = 4000", "a Policy has no `windows`"),
        ("window = 3", "`window` is 3; give a whole number of at least 256"),
        ("window = ", "is not TOML"),
        ("recite = 'off'\n[policy]\nwindow = 4000", "write the fields at the top, or all of them under [policy]"),
        ('recite = "often"', "`recite` is 'often'"),
    ],
)
def test_a_bad_policy_file_is_one_line(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)

    with pytest.raises(EvalError) as raised:
        arm_named(str(file))

    assert str(file) in str(raised.value)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_unknown_arm_is_told_the_known_ones() -> None:
    with pytest.raises(EvalError, match="there is no arm 'recit'; did you mean recite"):
        arm_named("recit")
    with pytest.raises(EvalError, match="cannot be read"):
        arm_named("nowhere.toml")


def test_arms_that_differ_have_other_hashes_and_those_without_a_policy_none() -> None:
    hashes = [arm.policy_hash for arm in ARMS.values()]
    none = {name for name, arm in ARMS.items() if not arm.policy_hash}

    assert none == {"bare", "pointer", "sink-window"}
    assert len(set(hashes)) == len(ARMS) - 2


def test_a_prompt_that_is_too_long_by_the_models_own_count_is_made_shorter_or_refused() -> None:
    of = case(told(40, 300), spare=0)
    arm = Arm("mine", "agenda", {"recite": "every", "clear_keep": 99, "trigger": ("fraction", 0.98)}, "loop", "case")
    wide = COUNT(arm.view(of).messages, of.tools)

    def double(messages: object, tools: object) -> int:
        return int(COUNT(messages, tools) * of.length / wide * 1.3)  # type: ignore[arg-type]  # as arms give them

    assert double(arm.view(of, double).messages, of.tools) <= of.length
    with pytest.raises(EvalError, match="the arm recite makes a prompt of"):
        ARMS["recite"].view(of, double)


def test_an_agenda_that_is_empty_recites_nothing() -> None:
    of = case(told(4), agenda=Agenda())

    assert sent("recite", of).messages == list(of.messages)
    assert AGENDA.goal == GOAL
