"""Treatments: each keeps to the window; the last messages lose what was told first, and a recital is read last."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from litany.errors import EvalError
from litany.evals.answer import Called
from litany.evals.case import Case, Message
from litany.evals.errand import TREATMENTS
from litany.evals.errand.task import Errand, drawn
from litany.evals.errand.treatment import treatment_named
from litany.testing.provider import validate
from tests.evals.errand.worker import Worker, calling, right

LENGTH = 900
COUNT = Worker().count


def views(arm: str, folder: Path, length: int = LENGTH, orders: int = 24) -> tuple[Case, list[list[Message]]]:
    """What is sent at each call to one who does all of it."""
    case = drawn(Errand("errand", orders), 3, length, 0.0, COUNT)
    assert case.world is not None
    memory, scene = TREATMENTS[arm].begin(case, COUNT), case.world.opened(folder)
    record, sent = list(case.messages), list[list[Message]]()
    for place in range(orders):
        sent.append(memory.view(record, scene.todos()))
        name, given = right(case.world, place)  # type: ignore[arg-type]  # it is a World
        record += [calling(name, given, f"c{place}"), *scene.hear([(f"c{place}", Called(name, given))])]
    return case, sent


def said(messages: Sequence[Message]) -> str:
    return "\n".join(str(message["content"]) for message in messages)


@pytest.mark.parametrize("arm", TREATMENTS)
def test_every_call_fits_and_a_provider_takes_it(arm: str, tmp_path: Path) -> None:
    case, sent = views(arm, tmp_path)

    assert all(COUNT(each, case.tools) <= LENGTH for each in sent)
    assert not [fault for each in sent for fault in validate("openai", {"messages": each, "tools": list(case.tools)})]


@pytest.mark.parametrize("arm", TREATMENTS)
def test_at_first_all_of_them_send_the_record(arm: str, tmp_path: Path) -> None:
    case, sent = views(arm, tmp_path)

    assert sent[0] == list(case.messages)


def test_the_last_messages_lose_the_rule_and_the_others_keep_it(tmp_path: Path) -> None:
    for arm in TREATMENTS:
        folder = tmp_path / arm
        folder.mkdir()
        case, sent = views(arm, folder)
        assert (case.agenda.constraints[0] in said(sent[-1])) == (arm != "last-n")
        assert case.messages[0] in sent[-1]


def test_a_recital_is_what_is_read_last_and_compaction_alone_has_none(tmp_path: Path) -> None:
    ends = {}
    for arm in ("compact", "placebo", "litany"):
        folder = tmp_path / arm
        folder.mkdir()
        case, sent = views(arm, folder)
        ends[arm] = [str(each[-1]["content"]) for each in sent if "Restated so that" in str(each[-1]["content"])]

    assert not ends["compact"]
    assert len(ends["litany"]) > 12
    assert all(case.agenda.constraints[0] in end and "[next] Now deliver the parcel" in end for end in ends["litany"])
    assert not any("parcel" in end for end in ends["placebo"])
    lengths = {arm: sum(len(end.split()) for end in ends[arm]) / len(ends[arm]) for arm in ("placebo", "litany")}
    assert lengths["placebo"] == pytest.approx(lengths["litany"], rel=0.15)


def test_a_name_is_a_treatment_or_a_policy_file(tmp_path: Path) -> None:
    policy = tmp_path / "mine.toml"
    policy.write_text('recite = "every"\n')

    assert treatment_named(str(policy)).policy == {"recite": "every"}
    assert len({treatment_named(name).policy_hash for name in (*TREATMENTS, str(policy))}) == 5
    with pytest.raises(EvalError, match=r"an errand has no arm 'litny'; did you mean litany\?"):
        treatment_named("litny")


def test_a_length_that_the_beginning_does_not_fit_into_is_refused() -> None:
    with pytest.raises(EvalError, match="the beginning takes"):
        drawn(Errand(), 3, 40, 0.0, COUNT)


def test_a_message_that_does_not_fit_is_an_error_and_is_not_cut() -> None:
    case = drawn(Errand(), 3, LENGTH, 0.0, COUNT)
    long = {"role": "user", "content": "word " * LENGTH}

    with pytest.raises(EvalError, match="the last message does not fit into 900 tokens"):
        TREATMENTS["last-n"].begin(case, COUNT).view([*case.messages, long], ())
