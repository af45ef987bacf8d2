"""Treatment: how the record of an errand is kept within a window; what an arm is to questions of one call."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from hashlib import sha256
from typing import Literal

from litany.core.policy import Policy
from litany.errors import EvalError
from litany.evals import arm
from litany.evals.arm import Prompt
from litany.evals.case import Case
from litany.evals.errand.memory import Count, Kept, LastMessages


@dataclass(frozen=True, slots=True)
class Treatment:
    """Without a policy no Litany is at work, and the last messages are sent."""

    name: str
    policy: Mapping[str, object] | None = None
    """Settings of the Policy; its window is the case's length."""
    says: Literal["agenda", "placebo"] = "agenda"
    """What a recitation restates."""

    @property
    def policy_hash(self) -> str:
        """Hash of the policy; empty where there is none."""
        if self.policy is None:
            return ""
        how = [asdict(Policy.of({"reserve": 0, **self.policy})), self.says, "errand"]
        return sha256(json.dumps(how, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def usual(self) -> bool:
        """True: worlds are the same whatever treats their record."""
        return True

    def begin(self, case: Case, count: Count) -> LastMessages | Kept:
        """The memory of one errand. Raises: PolicyError."""
        if self.policy is None:
            return LastMessages(case, count)
        policy = Policy.of({"reserve": 0, **self.policy, "window": case.length})
        return Kept(case, count, policy, case.agenda if self.says == "agenda" else case.placebo)

    def view(self, case: Case, count: Count) -> Prompt:
        """What is sent first."""
        sent = self.begin(case, count).view(case.messages, case.agenda.todos)
        return Prompt(sent, list(case.tools), None)


_TREATMENTS = (
    Treatment("last-n"),
    Treatment("compact", {"recite": "off"}),
    Treatment("placebo", {}, "placebo"),
    Treatment("litany", {}),
)
TREATMENTS: Mapping[str, Treatment] = {each.name: each for each in _TREATMENTS}
"""By name: the last messages that fit; litany's compaction without a recital; with a recital of something else; litany
as it is by default."""


def treatment_named(name: str) -> Treatment:
    """The treatment of that name, or litany with the Policy of a TOML file. Raises: EvalError."""
    if name in TREATMENTS:
        return TREATMENTS[name]
    if name.endswith(".toml"):
        return Treatment(name, arm.arm_named(name).policy)
    near = get_close_matches(name, TREATMENTS, 1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise EvalError(f"an errand has no arm {name!r}; {hint}there are {', '.join(TREATMENTS)}, or a Policy file (.toml)")
