"""Arm: a treatment of a case, declared; what litany does in one goes through its public face, as in an agent."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Literal

from litany.adapters.counting import Counting
from litany.core.policy import Policy
from litany.errors import EvalError, PolicyError
from litany.evals.case import Agenda, Case, Message
from litany.evals.files import table
from litany.evals.play import Stages, kept_last, last, looped, played, sunk
from litany.evals.sinks import sink_window
from litany.evals.spare import Build, Drafts
from litany.evals.spare import spare as spare_for

__all__ = ["ARMS", "POINTER", "Arm", "Prompt", "arm_named", "spare"]

POINTER = "Remember your goal, your constraints and what you were told earlier, and keep to all of it in your answer."
"""A reminder that restates nothing."""
WIDE = 100_000_000
"""A window in which nothing is cut."""
SLACK = 1_024
"""Tokens beyond the case's own that a cutting arm's window has, so that a recital is never what makes it cut."""
MARGIN = 0.95
"""Of the room by the model's own counting: how much an arm that is played again plans to fill."""
Count = Callable[[Sequence[Message], Sequence[Message]], int]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent."""

    messages: list[Message]
    tools: list[Message]
    compacted: bool | None
    """Whether something of the history is not in it, or reads otherwise; None for an arm that never cuts."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A treatment. Without a policy, no Litany is at work."""

    name: str
    says: Literal["nothing", "pointer", "agenda", "placebo"] = "nothing"
    """What is given to restate: nothing, POINTER, the case's agenda, or its placebo."""
    policy: Mapping[str, object] | None = None
    """Settings of the Policy, as `Policy.of` takes them."""
    calls: Literal["last", "loop", "changes", "kept", "sunk"] = "last"
    """Which calls are played: see `play.py`."""
    room: Literal["wide", "case", "policy"] = "wide"
    """The window. "wide": nothing is cut. "case": trigger and keep are shares of the case's own tokens, whatever the
    model's window, so that histories of every length are cut where such a window would be full. What cannot be made
    smaller, as many a short history, is sent as it is, and `Prompt.compacted` says so. "policy": as the policy says."""
    summarizes: bool = True
    """False: no summary is ever taken, so that clearing is all that is done."""
    sinks: tuple[int, int] | None = None
    """Only that many first and last messages are sent."""

    @property
    def policy_hash(self) -> str:
        """Hash of the policy and of how it is played; empty for an arm without one."""
        if self.policy is None:
            return ""
        how = [asdict(Policy.of(self.policy)), self.says, self.calls, self.room, self.summarizes]
        return sha256(json.dumps(how, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def usual(self) -> bool:
        """Whether what it adds fits the room that every case keeps (see `spare`)."""
        return self.name in USUAL and self == ARMS[self.name]

    @property
    def cuts(self) -> bool:
        """Whether it may leave something out."""
        return self.room != "wide" or self.sinks is not None

    @property
    def grows(self) -> bool:
        """Whether what it adds grows with the history: a recitation of each of many calls stays."""
        return self.calls in ("loop", "changes", "kept") and (self.policy or {}).get("keep_recitations") is True

    def view(self, case: Case, count: Count | None = None) -> Prompt:
        """What is sent for a case. The same case gives the same bytes.

        `count`: the model's own counting. Litany counts with tiktoken: where the prompt is longer than the case may be
        by the model's counting, a cutting arm is played once more, in a window smaller by that ratio.
        Raises: EvalError when it is still longer; WindowTooSmall, PolicyError.
        """
        prompt = self._sent(case, None)
        tokens = count(prompt.messages, prompt.tools) if count else 0
        if count and tokens > case.length and self.room == "case":
            ours = Counting()(prompt.messages, prompt.tools)
            prompt = self._sent(case, int(case.length * ours / tokens * MARGIN))
            tokens = count(prompt.messages, prompt.tools)
        if tokens > case.length:
            raise EvalError(
                f"the arm {self.name} makes a prompt of {tokens:,} tokens, and this cell holds {case.length:,}; "
                "leave it more room, or a greater length"
            )
        return prompt

    def _sent(self, case: Case, most: int | None) -> Prompt:
        history = list(case.messages)
        messages = self._messages(case, history, most)
        sent = {id(message) for message in messages}
        whole = all(id(message) in sent for message in history[:-1])  # the last one may carry the recital
        return Prompt(messages, list(case.tools), not whole if self.cuts else None)

    def _messages(self, case: Case, history: list[Message], most: int | None) -> list[Message]:
        if self.sinks is not None:
            return sink_window(history, *self.sinks)
        if self.policy is None:
            return history if self.says == "nothing" else [*history, {"role": "user", "content": POINTER}]
        agenda = {"agenda": case.agenda, "placebo": case.placebo}.get(self.says, Agenda())
        stages = PLAYS[self.calls](Policy.of(self._settings(case, most)), history, agenda)
        return played(case, agenda, stages, changes=self.calls == "changes", summarizes=self.summarizes)

    def _settings(self, case: Case, most: int | None) -> Mapping[str, object]:
        given = dict(self.policy or {})
        if self.room == "policy":
            return given
        if self.room == "wide":
            return {"window": WIDE, "clip_tokens": WIDE, **given}
        whole = Counting()(case.messages, case.tools)
        tokens = max(64, whole if most is None else min(whole, most))
        window = tokens + SLACK
        policy = Policy.of(given)
        recital = min(policy.recite_tokens, max(96, window // 4)) + 8  # litany plans with it, recited or not
        levels = {name: tokens * getattr(policy, name)[1] + recital for name in ("trigger", "keep")}
        shares = {name: ("fraction", level / window) for name, level in levels.items()}
        return {**given, "window": window, "reserve": 0, "summary_tokens": min(2_000, max(32, tokens // 16)), **shares}


PLAYS: Mapping[str, Callable[[Policy, Sequence[Message], Agenda], Stages]] = {
    "last": last,
    "loop": looped,
    "changes": looped,
    "kept": kept_last,
    "sunk": sunk,
}
ONCE: Mapping[str, object] = {"recite": "every"}
STAYS: Mapping[str, object] = {"keep_recitations": True}
OFF: Mapping[str, object] = {"recite": "off"}
ALL: Mapping[str, object] = {"clear_keep": 1_000_000}
"""No result is cleared: where clearing would do, litany compacts nothing."""
_ARMS = (
    Arm("bare"),
    Arm("pointer", "pointer"),
    Arm("recite", "agenda", ONCE),
    Arm("placebo", "placebo", ONCE),
    Arm("every", "agenda", {**ONCE, **STAYS}, "loop"),
    Arm("on-change", "agenda", {"recite": "compaction", **STAYS}, "changes"),
    Arm("sunk", "agenda", {**ONCE, **STAYS}, "sunk"),
    Arm("recite@user", "agenda", {**ONCE, "carrier": "user"}),
    Arm("recite@system", "agenda", {**ONCE, "carrier": "system"}),
    Arm("recite@result", "agenda", {**ONCE, "carrier": "result"}),
    Arm("recite@kept", "agenda", {"recite": ("turns", 10), **STAYS}, "kept"),
    Arm("recite@ephemeral", "agenda", {"recite": ("turns", 10), "keep_recitations": False}, "kept"),
    Arm("compact", "agenda", {**OFF, **ALL}, "loop", "case"),
    Arm("compact+recite", "agenda", {**ONCE, **ALL}, "loop", "case"),
    Arm("clear", "agenda", {**OFF, "keep": ("fraction", 0.79), "clear_keep": 3}, "loop", "case", summarizes=False),
    Arm("sink-window", sinks=(4, 12)),
)
ARMS: Mapping[str, Arm] = {arm.name: arm for arm in _ARMS}
"""By name.

recite leaves carrier and keeping to litany, which takes a user message here and another one at each call: recite@user
and recite@ephemeral say so outright, and send the same. A carrier differs from a user message only where a history ends
on a tool's result, as in `goal:tail` and `todo:tail`; cadences, keeping and cuts only where it has several calls.
"""


USUAL = (
    "bare", "pointer", "recite", "placebo", "sunk", "recite@user", "recite@ephemeral", "compact", "compact+recite",
    "clear", "sink-window",
)  # fmt: skip
"""Arms that add what recite or placebo adds, or less."""


def spare(arms: Sequence[Arm], task: Drafts, seed: int, count: Count, build: Build | None = None) -> int:
    """The tokens of a length that stay free: what the largest recital of these arms takes, and as much as recite and
    placebo take whoever is there. So an arm that adds no more can join later: the text stays the same.

    Raises: EvalError when what they add leaves no room for a history.
    """
    kept = (ARMS["recite"], ARMS["placebo"])
    return spare_for([*kept, *(arm for arm in arms if not arm.usual)], task, seed, count, build)


def arm_named(name: str) -> Arm:
    """The arm of that name, or one that plays every call with the Policy of a TOML file.

    Raises: EvalError when there is no such arm, or the file holds no Policy.
    """
    if name in ARMS:
        return ARMS[name]
    if not name.endswith(".toml"):
        near = get_close_matches(name, ARMS, 1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise EvalError(f"there is no arm {name!r}; {hint}there are {', '.join(ARMS)}, or a Policy file (.toml)")
    arm = Arm(name, "agenda", _fields(name), "loop", "policy")
    try:
        Policy.of(arm.policy or {})
    except (PolicyError, TypeError) as error:
        raise EvalError(f"{name}: {error}") from None
    return arm


def _fields(name: str) -> Mapping[str, object]:
    """The fields of a Policy file: at its top, or under [policy]. Raises: EvalError."""
    found: Mapping[str, object] = table(Path(name), f"the Policy file {name}")
    inside = found.get("policy")
    if not isinstance(inside, Mapping):
        return found
    if len(found) > 1:
        raise EvalError(f"{name}: write the fields at the top, or all of them under [policy]")
    return inside
