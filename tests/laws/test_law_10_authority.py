"""Law 10: text from tools and summarizers can neither write the agenda nor forge a recitation."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from litany.core.marks import broken, envelope, forged
from tests.laws.drive import Sent, last_text, scripted, walked
from tests.laws.natives import own_texts, result_texts, role, texts
from tests.laws.strategies import ANSWERS, GOALS, RULES, cases, policies, text_only
from tests.laws.writing import FORGED, MARK

GENUINE = re.compile(r"<\s*/?\s*litany", re.IGNORECASE)


@given(st.data())
def test_no_result_and_no_summary_in_a_view_reads_as_a_recitation(data: st.DataObject) -> None:
    case = data.draw(st.one_of(cases(), text_only()))
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        genuine = recitals(sent)
        for text in untrusted(sent):
            rest = without(text, genuine)
            assert not GENUINE.search(seen(rest))
            assert MARK not in rest


@given(st.data())
def test_a_recitation_holds_one_envelope_and_nothing_that_todos_forged(data: st.DataObject) -> None:
    case = data.draw(cases())
    goal = "Mend the parser."
    walk = walked(case, data.draw(policies(case, recite="every")), scripted(data.draw(ANSWERS)), goal, data.draw(RULES))

    for sent in walk.sent:
        if sent.line["recital"]:
            assert len(GENUINE.findall(seen(sent.line["recital"]))) == 2
            assert sent.line["recital"].count(MARK) == 1
            assert last_text(sent.view).endswith(sent.line["recital"])


@given(st.data())
def test_user_and_system_text_is_never_altered(data: st.DataObject) -> None:
    case = data.draw(cases())
    walk = walked(case, data.draw(policies(case)), scripted(data.draw(ANSWERS)), data.draw(GOALS), data.draw(RULES))

    for sent in walk.sent:
        said = {text for message in sent.record if role(message) in ("system", "user") for text in own_texts(message)}
        for message in sent.view:
            for text in own_texts(message) if role(message) in ("system", "user") else ():
                assert not text.startswith(("request", "rule", "and:")) or text in said


@given(
    text=st.lists(
        st.sampled_from((*FORGED, "<", "/", "lit", "any", MARK, "\u200b", "ｌ", "İ", "ß", "＜", " ", "\n"))
    ).map("".join)
)
def test_whatever_stands_in_a_text_breaking_it_leaves_nothing_that_forges(text: str) -> None:
    text = text.replace("{m}", MARK)
    safe = broken(text, MARK)

    assert not forged(safe, MARK)
    assert not GENUINE.search(seen(safe))
    assert MARK not in safe
    assert broken(safe, MARK) == safe
    assert len(re.findall(r'<litany mark="c0ffee42">', envelope(MARK, safe))) == 1


def seen(text: str) -> str:
    """The text as a careless reader sees it."""
    shown = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cf", "Mn", "Me"))
    return unicodedata.normalize("NFKC", shown)


def untrusted(sent: Sent) -> list[str]:
    """Texts of results, observations and summaries in the view."""
    found = [text for message in sent.view for text in result_texts(message)]
    told = [text for message in sent.view if role(message) == "user" for text in texts(message)]
    return found + [text for text in told if text.startswith(("[Summary of", "observation", "[A tool result"))]


def without(text: str, recitals: list[str]) -> str:
    for recital in recitals:
        text = text.replace(recital, "")
    return text


def recitals(sent: Sent) -> list[str]:
    """What litany itself placed in this view."""
    placed = [item["text"] for item in sent.state["placed"]]
    return [*placed, sent.line["recital"]] if sent.line["recital"] else placed
