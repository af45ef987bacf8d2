"""A sweep that is killed, or interrupted, at any call goes on where it was; nothing that was answered is paid twice.

`make crash` kills it at each of its calls.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import pytest

from litany.evals.judge import PROMPT
from litany.evals.lines import NAME
from litany.evals.outcome import Outcome
from litany.evals.sweep import read
from litany.testing import Provider
from litany.testing.fake.script import Received

ROOT = Path(__file__).parents[3]
ALL, WORKERS = 240, 4
"""Samples, and calls at once."""
MOMENTS = range(1, ALL + 1) if os.environ.get("CRASH") == "all" else (1, 7, 120, 239)
"""At which call the sweep is killed."""


class Scene:
    """A provider that counts what it is asked, and what happens to the sweep at one of the calls."""

    def __init__(self, at: int, stops: Callable[[subprocess.Popen[str]], None]) -> None:
        self.asked = list[str]()
        self.at, self.stops, self._lock = at, stops, Lock()
        self.process: subprocess.Popen[str] | None = None

    def reply(self, request: Received) -> str:
        with self._lock:
            text = " | ".join(message["content"] for message in request.body["messages"])
            self.asked.append(text)
            if len(self.asked) == self.at and self.process is not None:
                self.stops(self.process)
        return self.said(request.body["messages"][0]["content"])

    def said(self, text: str) -> str:
        return f"It is {text.rpartition(' ')[2]}"


class Judged(Scene):
    """The same, with answers that code cannot tell, and a judge that says each to be correct."""

    def said(self, text: str) -> str:
        return "correct" if text.startswith(PROMPT) else f"I once read: {text.rpartition('the code')[0]}"


def started(url: str, out: Path, *judged: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "tests.evals.sweep.worker", url, str(out), "bare,recite", *judged]
    return subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def content(outcome: Outcome) -> str:
    """What was asked for it."""
    first = f"At {outcome.depth} of {outcome.length - 7} tokens: the code is {1_000 + outcome.seed}."
    return first if outcome.arm == "bare" else f"{first} | Remember."


def stopped_and_resumed(out: Path, at: int, stops: Callable[[subprocess.Popen[str]], None]) -> tuple[int, Scene]:
    """The status of the sweep that was stopped; after the other one has checked that nothing was lost."""
    scene = Scene(at, stops)
    with Provider(scene.reply) as provider:
        scene.process = started(provider.url, out)
        scene.process.communicate()
        status, scene.process = scene.process.returncode, None
        answered = {content(each) for each in read(out)} if (out / NAME).exists() else set[str]()
        before = len(scene.asked)
        told, wrong = started(provider.url, out).communicate()
    assert not wrong
    assert f"total={ALL}, before={len(answered)}, now={ALL - len(answered)}, errors=0" in told
    assert answered.isdisjoint(scene.asked[before:]), "what was finished is not asked again"
    assert len(scene.asked) <= ALL + WORKERS, "only what was under way is asked again"
    return status, scene


@pytest.mark.parametrize("at", MOMENTS)
def test_a_killed_sweep_goes_on_and_repeats_no_finished_call(at: int, tmp_path: Path) -> None:
    status, scene = stopped_and_resumed(tmp_path, at, lambda process: process.kill())

    outcomes = read(tmp_path)
    assert status == -signal.SIGKILL
    assert len(outcomes) == len({each.key for each in outcomes}) == ALL
    assert {each.score for each in outcomes} == {1.0}
    assert set(Counter(map(content, outcomes))) == set(scene.asked)
    assert max(Counter(scene.asked).values()) <= 2


def test_an_interrupted_sweep_repeats_no_call_at_all(tmp_path: Path) -> None:
    status, scene = stopped_and_resumed(tmp_path, 100, lambda process: process.send_signal(signal.SIGINT))

    assert status in (1, 130, -signal.SIGINT)
    assert len(scene.asked) == ALL, "the calls under way are waited for"
    assert len(read(tmp_path)) == ALL


def test_a_sweep_that_is_killed_again_and_again_comes_to_its_end(tmp_path: Path) -> None:
    kills = 0
    scene = Scene(0, lambda process: None)
    with Provider(scene.reply) as provider:
        while kills < 8:
            scene.at = len(scene.asked) + 23
            scene.stops = lambda process: process.kill()
            scene.process = started(provider.url, tmp_path)
            scene.process.communicate()
            kills += 1
        scene.process = None
        started(provider.url, tmp_path).communicate()

    outcomes = read(tmp_path)
    assert len(outcomes) == len({each.key for each in outcomes}) == ALL
    assert len(scene.asked) <= ALL + kills * WORKERS


@pytest.mark.parametrize("at", range(1, 2 * ALL) if os.environ.get("CRASH") == "all" else (2, 150))
def test_a_sweep_that_is_killed_pays_its_judge_for_no_verdict_twice(at: int, tmp_path: Path) -> None:
    scene = Judged(at, lambda process: process.kill())
    with Provider(scene.reply) as provider:
        scene.process = started(provider.url, tmp_path, "judged")
        scene.process.communicate()
        scene.process = None
        told, wrong = started(provider.url, tmp_path, "judged").communicate()

    assert not wrong
    assert "errors=0" in told
    assert {each.score for each in read(tmp_path)} == {1.0}
    assert len(scene.asked) - len(set(scene.asked)) <= WORKERS, "only what was under way is asked again"
    assert sum(text.startswith(PROMPT) for text in set(scene.asked)) == len({each.truth for each in read(tmp_path)}) * 6
