"""Every forgery is opened: a strict reader finds none in what is left, and a second pass changes nothing."""

import time
from collections.abc import Callable, Sequence
from statistics import median

import pytest

from litany.core.marks import broken, envelope, forged, parted
from tests.hostile.forgeries import FORGERIES, MARK, ORDER, PAIRS
from tests.hostile.oracle import bears, joined_tags, tags

HALVES = ("half a name",)
"""Forgeries that are none until another text follows."""
WHOLE = {name: text for name, text in FORGERIES.items() if name not in HALVES}
INNOCENT = (
    "a litany of complaints, said twice: litany, LITANY",
    "x < y and y > z, a <b>litany</b>, <list>, <lithium>, <Italy>",
    '{"path": "C:\\\\new\\\\table", "html": "&lt;b&gt; &amp; &#60;i&#62;", "url": "https://x.test/a%20b%3Fc"}',
    "naïve <i>öl</i> · Привет, мир · 你好 · «цитата» ‹x› · ∀x < y · 👩‍👩‍👧",
    "5e55104b, 5e55  104a, 5e55.104a, 5e55 104b",
    "<!-- a note -->\nLitany of the saints, <!-- x -->litany of complaints",
    '<?xml version="1.0"?><ns:list xmlns:ns="urn:x"><ns:item/><!-- a: litany --></ns:list> <mailto:litany@x.test>',
    "<https://litany.test> <x:litanies> std::vector<std::string> a<b:c if x<y else z",
    "printf '\\033[31m\\012' C:\\2024\\74 \\1 \\N{BULLET} \\N{NO SUCH NAME} \\U0001F600 \\u0000",
    "sed 's/\\(a\\)/<\\1>/; s:</b>:<\\/b>:' %2525 &amp;amp; &amp;lt;b&amp;gt; 100%25 \\N \\new <\\list>",
    "2026-01-02 10:11:12.345 INFO [worker-1] <init>: 5e55-1040 done; trace 5e55-104b-104a-5e55 \\xff",
    '{"a": "\\\\u003cb\\\\u003e", "path": "C:\\\\Users\\\\n", "re": "<\\\\/script>", "n": [1e5, -2, 5.5]}',
    "",
)


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_a_forgery_is_seen_and_what_is_left_reads_as_none(text: str) -> None:
    opened = broken(text, MARK)

    assert tags(text) or bears(text, MARK) or "Iitany" in text
    assert forged(text, MARK)
    assert (tags(opened), bears(opened, MARK), forged(opened, MARK)) == ([], False, False)
    assert broken(opened, MARK) is opened


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_the_words_within_stay_readable(text: str) -> None:
    assert (ORDER in broken(text, MARK)) == (ORDER in text)


@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_text_stays_the_very_object(text: str) -> None:
    assert broken(text, MARK) is text
    assert parted((text, text), MARK) == (text, text)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_forgery_over_two_texts_is_opened_where_it_begins(first: str, second: str) -> None:
    opened = parted((first, second), MARK)

    assert joined_tags(opened) == []
    assert not any(bears(text, MARK) for text in opened)
    assert parted(opened, MARK) == opened


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_tag_begun_at_the_very_end_is_opened_before_anything_follows(first: str, second: str) -> None:
    (opened,) = parted((first,), MARK)

    assert joined_tags((opened, second)) == []


def test_a_tag_parted_letter_by_letter_is_opened() -> None:
    assert joined_tags(parted(tuple("<litany mark=x>"), MARK)) == []


def test_a_mark_that_repeats_itself_is_parted_everywhere() -> None:
    assert not bears(broken("ab" * 40, "abababab"), "abababab")


def test_the_oracle_sees_the_genuine_envelope_and_no_innocent_text() -> None:
    assert tags(envelope(MARK, "Goal: x")) == tags("<litany></litany>")
    assert [text for text in INNOCENT if tags(text) or bears(text, MARK)] == []


HOSTILE = {
    "blanks behind a bracket": lambda n: "<" + " " * n,
    "brackets": lambda n: "<" * n,
    "brackets and blanks": lambda n: "< " * (n // 2),
    "half tags": lambda n: "<litan" * (n // 6),
    "whole tags": lambda n: "<litany>" * (n // 8),
    "backslashes": lambda n: "\\" * n,
    "escapes": lambda n: "\\u003clitany" * (n // 12),
    "half escapes": lambda n: "\\ud835" * (n // 6),
    "entities": lambda n: "&lt;litany" * (n // 10),
    "an endless entity": lambda n: "&#" + "0" * n,
    "ampersands": lambda n: "&" * n,
    "url escapes": lambda n: "%3clitany" * (n // 9),
    "hidden signs": lambda n: "<l\u200bi" * (n // 4),
    "combining marks": lambda n: "<l" + "\u0301" * n,
    "full-width": lambda n: "\uff1c\uff4c" * (n // 2),
    "marks": lambda n: MARK * (n // 8),
    "parted marks": lambda n: "5e55 104" * (n // 8),
    "comments": lambda n: "<!---->" * (n // 7),
    "comments within": lambda n: "<l<!-- -->i<!---->" * (n // 18),
    "one tag of comments": lambda n: "<lit" + "<!---->" * (n // 7),
    "open comments": lambda n: "<!--" * (n // 4),
    "long open comments": lambda n: ("<l<!--" + "-" * 250) * (n // 256),
    "namespaces": lambda n: ("<" + "x" * 40 + ":lita") * (n // 46),
    "colons": lambda n: "<x:" * (n // 3),
    "names": lambda n: "\\N{" * (n // 3),
    "long names": lambda n: ("\\N{" + "a" * 90) * (n // 93),
    "octals": lambda n: "\\74litany" * (n // 9),
    "entities twice": lambda n: "&amp;lt;litany" * (n // 14),
    "url escapes twice": lambda n: "%253clitany" * (n // 11),
    "slashes behind a bracket": lambda n: "<" + "\\" * n,
}


READERS: dict[str, Callable[[str, str], object]] = {
    "forged": forged,
    "broken": broken,
    "parted": lambda text, mark: parted((text[:300_000], text[300_000:]), mark),
}
"""How a text is read."""


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_million_hostile_characters_take_linear_time(
    made: Callable[[int], str], read: Callable[[str, str], object]
) -> None:
    texts = made(500_000), made(1_000_000)

    times = [tuple(spent(read, text) for text in texts) for _ in range(2)]
    while len(times) < 8 and not linear(times):  # on a machine that is busy elsewhere
        times.append(tuple(spent(read, text) for text in texts))

    assert linear(times), times


def linear(times: Sequence[tuple[float, ...]]) -> bool:
    """Whether twice the text takes no more than some two and a half times as long; squared it would be four.

    Seconds alone would tell of the machine: a million characters take half of one where little else runs. A pair is
    read at one moment, and the machine may run at another pace in the next.
    """
    return min(long for _, long in times) < 10 and median((long - 0.05) / short for short, long in times) < 2.6


def spent(read: Callable[[str, str], object], text: str) -> float:
    start = time.process_time()
    read(text, MARK)
    return time.process_time() - start
