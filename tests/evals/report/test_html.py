"""The page: small whatever it tells of, alone in the world, nothing in it that the results could have smuggled in."""

import re
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from litany.evals.outcome import Outcome
from litany.evals.report import figures, html
from litany.evals.report.detail import LEVELS
from litany.evals.report.html import LIMIT, _page
from litany.evals.report.read import Results
from tests.evals.made import DEPTHS, PLAIN, failed, flat, outcomes, u_shaped

EVIL = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\x00\u202e\ud800"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--enable-logging=stderr"),
]


def page(every: Iterable[Outcome], *faults: str, suite: str | None = None) -> str:
    return html(figures(Results(Path("out/outcomes.jsonl"), tuple(every), faults, 0, suite)))


class Tags(HTMLParser):
    """Counts elements, and keeps what must not be there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.events: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.events += [name for name, _ in attrs if name.startswith("on") or name in ("src", "action")]
        if tag not in ("meta", "input", "link", "img"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(text: str) -> Tags:
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    return tags


def test_the_page_is_whole_and_asks_the_network_for_nothing() -> None:
    text = page(outcomes(errors=0.05))

    tags = parsed(text)
    assert tags.events == []
    assert {"link", "img", "iframe", "object"}.isdisjoint(tags.names)
    assert re.findall(r"https?://|url\(|@import", text) == []
    assert "default-src 'none'" in text


def test_ten_thousand_samples_stay_below_the_limit() -> None:
    every = list(outcomes(n=230))

    text = page(every)

    assert len(every) > 10_000
    assert len(text.encode()) < LIMIT
    assert text.count('<details class="sample') == 100


def test_a_hundred_long_samples_stay_below_the_limit() -> None:
    long = {"prompt_end": "<&>" * 5_000}
    every = [replace(one, details=long, answer="&" * 9_000, truth="\x00" * 9_000) for one in outcomes(n=20)]

    assert len(page(every).encode()) < LIMIT


def test_ten_tasks_of_ten_arms_are_all_told_with_a_hundred_samples() -> None:
    names = ("bare", "clear", "compact", "every", "kept", "placebo", "recite", "sink", "sunk", "tail")
    arms = dict.fromkeys(names, flat)
    lengths, depths = tuple(range(1_000, 9_000, 1_000)), tuple(n / 10 for n in range(11))
    every = [each for n in range(10) for each in outcomes(arms, 1, lengths=lengths, depths=depths, task=f"task-{n}")]

    text = page(every)

    assert len(text.encode()) < LIMIT
    assert text.count('<section id="t') == 10
    assert text.count('<tr><th scope="row">recite</th>') == 10
    assert text.count("<figure><figcaption>recite</figcaption>") == 10
    assert text.count('<details class="sample') == 100


@pytest.mark.slow
def test_many_arms_tasks_lengths_and_depths_stay_below_the_limit() -> None:
    arms = {f"arm-{n}-{'é' * 300}": u_shaped for n in range(16)}
    fine = tuple(n / 34 for n in range(35))
    one = outcomes(arms, 1, lengths=tuple(range(1_000, 36_000, 1_000)), depths=fine)
    more = (each for n in range(12) for each in outcomes(arms, 1, depths=DEPTHS, task=f"task-{n}-{'<' * 300}"))

    assert len(page([*one, *more]).encode()) < LIMIT


def test_the_last_level_holds_whatever_the_names_are() -> None:
    arms = {f"{'<' * 500}{n}": u_shaped for n in range(20)}
    every = [each for n in range(5) for each in outcomes(arms, 1, depths=DEPTHS, task=f"{'&' * 500}{n}")]
    found = figures(Results(Path("out/outcomes.jsonl"), tuple(every), ("\x00" * 999,) * 99, 0, "\x00" * 9_999))

    assert len(_page(found, LEVELS[-1]).encode()) < LIMIT


def test_what_the_results_hold_is_text_and_never_markup() -> None:
    evil = replace(PLAIN, key="e", task=EVIL, arm=EVIL, model=EVIL, question=EVIL, truth=EVIL, answer=EVIL, score=0.0,
                   commit=EVIL, details={"prompt_end": EVIL})  # fmt: skip
    every = [evil, replace(evil, key="f", arm="bare"), replace(failed(evil), key="g", seed=2)]

    text = page(every, f"x, line 1: {EVIL}", suite=EVIL)

    tags = parsed(text)
    assert (tags.names.count("script"), tags.events) == (1, [])
    assert "\x00" not in text
    assert "\u202e" not in text
    assert "\\ud800" in text
    text.encode("utf-8")


def test_dollar_signs_of_the_results_stay_dollar_signs() -> None:
    assert "$style $body" in page([replace(PLAIN, key="k", score=0.0, answer="$style $body")])


def test_failures_are_read_first_with_prompt_answer_and_truth() -> None:
    text = page(outcomes({"bare": u_shaped}, n=4, errors=0.1))

    kinds = re.findall(r'<details class="sample (\w+)"', text)
    assert kinds == sorted(kinds, key=["wrong", "part", "error", "right"].index)
    assert len(kinds) == 60
    first = text[text.index('<details class="sample wrong"') :].split("</details>")[0]
    assert [name in first for name in ("the prompt ends with", "Which number was ship", "answer", "truth")] == [
        True
    ] * 4


def test_the_head_says_what_reciting_adds_to_a_placebo() -> None:
    text = page(outcomes(n=40))

    head = text[: text.index("<h3>")]
    assert re.search(r"<li><b>recite</b> answers more right than bare: .*; answers more right than placebo: ", head)


def test_one_sign_stands_before_what_is_less_and_between_two_arms() -> None:
    text = page(outcomes({"bare": flat, "recite": u_shaped}, n=20))

    assert "recite − bare" in text
    assert re.search(r"<td>−0\.\d\d \[−0\.\d\d, −0\.\d\d\]</td>", text)
    assert re.findall(r"[> \[]-0?\.\d", text[text.index("</style>") :]) == []


def test_where_nothing_was_answered_no_empty_chart_is_drawn() -> None:
    text = page(failed(one) for one in outcomes({"bare": flat, "recite": flat}, n=2))

    assert 'class="curve"' not in text
    assert "What it takes" not in text
    assert "no answer, 2 errors" in text


def test_every_heat_map_is_told_in_words_too() -> None:
    text = page(outcomes(n=20))

    assert text.count('class="heat"') == 3
    assert (
        len(re.findall(r"<title>length 16k, depth 0.5: 0\.\d\d \[0\.\d\d, \d\.\d\d\], \d+ of 20 right, n 20", text))
        == 3
    )


def test_an_arm_that_only_failed_is_shown_without_a_share() -> None:
    bare = list(outcomes({"bare": flat}, n=6))
    text = page([*bare, *(failed(replace(one, arm="recite", key=f"r{one.key}")) for one in bare)])

    parsed(text)
    assert "no answer, 6 errors" in text
    assert "90 provider" in text


@pytest.mark.parametrize("depths", [(0.5,), (0.0, 1.0)])
def test_one_depth_or_two_make_a_page_too(depths: tuple[float, ...]) -> None:
    parsed(page(outcomes({"bare": flat}, n=1, depths=depths, lengths=(500,))))


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine to open the page with")
def test_a_browser_opens_it_without_a_complaint(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(page(outcomes(n=40, errors=0.05)), encoding="utf-8")

    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'user'}", "--dump-dom", file.as_uri()]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)

    assert "100 of 100</span>" in ran.stdout
    assert [line for line in ran.stderr.splitlines() if "CONSOLE" in line] == []
