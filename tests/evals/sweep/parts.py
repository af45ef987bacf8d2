"""Stand-ins for tests of the sweep: a task, arms and models that need nothing but their names."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from litany.core.completion import Completion, Usage
from litany.evals.case import Agenda, Case, Message, Truth
from litany.evals.sweep import Pace, Parts, Suite
from litany.evals.sweep.clock import Clock

SUITE = Suite(("code",), "stub", ("bare", "recite"), (100, 200), (0.0, 0.5, 1.0), n=5, pace=Pace(workers=4))
"""60 samples."""


@dataclass(frozen=True)
class Prompt:
    messages: list[Message]
    tools: list[Message]
    compacted: bool | None = None


@dataclass(frozen=True)
class Arm:
    name: str
    policy_hash: str = ""
    added: str = ""
    usual: bool = False

    def view(self, case: Case, count: object, /) -> Prompt:
        added = [{"role": "user", "content": self.added}] if self.added else []
        return Prompt([*case.messages, *added], [])


def case(
    task: Any,
    seed: int,
    length: int,
    depth: float,
    count: Callable[[Sequence[Message], Sequence[Message]], int],
    spare: int = 0,
) -> Case:
    code = str(1_000 + seed)
    content = f"At {depth} of {length - spare} tokens: the code is {code}."
    messages = ({"role": "user", "content": content},)
    return Case(
        task, f"{task}/{seed}", seed, length, depth, messages, Truth("contains", (code,)), Agenda(code), Agenda("x")
    )


def parts(*names: str) -> Parts:
    arms = [Arm(name, "" if name == "bare" else "p1", "" if name == "bare" else "Remember.") for name in names]
    return Parts({"code": "code"}, arms, case, lambda arms, task, seed, count, build: 7)


PARTS = parts("bare", "recite")


class Model:
    """Says the code that it reads. It logs each call to a file before it answers, and may fail first."""

    name, window, answer = "stub-1", 1_000, 20
    longest: int | None = None

    def __init__(self, log: Path | None = None, errors: Sequence[Exception] = (), dollars: float | None = None) -> None:
        self._log, self._errors, self._dollars = log, list(errors), dollars
        self._lock = Lock()
        self.asked: list[str] = []

    def count(self, messages: Sequence[object], tools: Sequence[object] = (), /) -> int:
        return 50

    def price(self, usage: Usage, /) -> float | None:
        return self._dollars

    def __call__(self, messages: Sequence[Any], tools: Sequence[object] = (), /) -> Completion:
        with self._lock:
            text = json.dumps(messages)
            self.asked.append(text)
            if self._log is not None:
                with self._log.open("a") as file:
                    file.write(text + "\n")
                    file.flush()
            if self._errors:
                raise self._errors.pop(0)
        return self.said(messages)

    def said(self, messages: Sequence[Any]) -> Completion:
        code = messages[0]["content"].rpartition(" ")[2]
        return Completion({"role": "assistant", "content": f"It is {code}"}, Usage(50, 5), "stop")


class Still(Clock):
    """A clock that stands until it is waited on."""

    def __init__(self) -> None:
        super().__init__()
        self.time, self.waits = 0.0, [0.0]

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float) -> bool:
        if not self.stopped:
            self.time += max(0.0, seconds)
            self.waits.append(seconds)
        return self.stopped


def alone(suite: Suite = SUITE) -> Suite:
    return replace(suite, pace=replace(suite.pace, workers=1))


class HttpError(Exception):
    """As an SDK raises it."""

    def __init__(self, status: int, text: str = "", retry_after: str | None = None) -> None:
        super().__init__(text or f"HTTP {status}")
        self.status_code = status
        self.response = Response({} if retry_after is None else {"Retry-After": retry_after})


@dataclass(frozen=True)
class Response:
    headers: dict[str, str]
