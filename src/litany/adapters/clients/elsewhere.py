"""Elsewhere: conversations whose messages the provider holds, by `previous_response_id` or `conversation`.

Nothing that stands there can be taken out or changed. A recitation that is due is appended to what is new, rarely: for
it stays there, and is paid for on every call. Of a `conversation`, and under a name, only what came through here is
known, and the agenda that the store kept under that name. What has no name and goes on from an answer that this process
did not see goes on untouched.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from litany.adapters.clients.body import Body
from litany.core.policy import Cadence, Policy
from litany.errors import LitanyError
from litany.middleware import Conversations, Exchange
from litany.middleware.shared.named import named

MOST = 256
"""Answers after which a conversation may go on that are remembered: the newest."""
ENDLESS = 1_000_000_000
"""A window in which nothing is cut."""
ENDS = ("response.completed", "response.incomplete")
"""Kinds of events that hold the whole answer."""


class Elsewhere:
    """What providers hold, as far as it went through this client."""

    def __init__(self, conversations: Conversations) -> None:
        self._door = conversations.under(rare(conversations.policy))
        self._held: OrderedDict[str, Sequence[Any]] = OrderedDict()
        self._lock = Lock()

    def opened(self, body: Body, key: str | None) -> Exchange | None:
        """The conversation of a request that goes on there; None when it is not known what was said before."""
        record, own, name = self.record(body, key), conversation_of(body), named()
        if record is None:
            return None
        key = key if name is None else name.key
        exact = own is not None if key is None else not self._seen(body)
        goal, rules = (None, None) if name is None else (name.goal, name.constraints)
        key, dialect = own if key is None and exact else key, body.route.dialect
        try:
            return self._door.open(record, body.system, body.tools, key, goal, rules, dialect, exact)
        except LitanyError:
            return None  # what the provider holds may differ from what was seen: the request goes on as it came

    def carrying(self, body: Body, exchange: Exchange | None) -> dict[str, Any]:
        """The fields, with the recitation that is due behind what is new."""
        recital = "" if exchange is None or self._door.policy.shadow else exchange.recital
        return body.carrying([*body.messages, *([{"role": "user", "content": recital}] if recital else [])])

    def record(self, body: Body, key: str | None) -> Sequence[Any] | None:
        """All that was said, as far as it is known; None when what was said before is not, and nothing has a name.

        The results of calls that are not known are left out: nothing can be planned on them.
        """
        name = body.elsewhere
        if name is None:
            return body.messages
        with self._lock:
            before = self._held.get(name)
        if before is not None:
            return [*before, *body.messages]
        if key is None and named() is None and conversation_of(body) is None:
            return None
        calls = {_id(item) for item in body.messages if not _answers(item)}
        return [item for item in body.messages if not _answers(item) or _id(item) in calls]

    def _seen(self, body: Body) -> bool:
        """Whether what the request goes on from came through here."""
        with self._lock:
            return body.elsewhere is None or body.elsewhere in self._held

    def keep(self, body: Body, record: Sequence[Any] | None, answer: object) -> None:
        """Remembers what an answer, or the last event of one, adds; its `id` names all that was said so far."""
        response = getattr(answer, "response", None) if getattr(answer, "type", None) in ENDS else answer
        name, output = getattr(response, "id", None), getattr(response, "output", None)
        if record is None or not isinstance(name, str) or not isinstance(output, Sequence):
            return
        conversation = conversation_of(body)
        with self._lock:
            for key in (name, conversation):
                if key is not None:
                    self._held[key] = [*record, *output]
                    self._held.move_to_end(key)
            while len(self._held) > MOST:
                self._held.popitem(last=False)


def rare(policy: Policy) -> Policy:
    """The policy where nothing can be cut, and each recitation stays."""
    return Policy(
        window=ENDLESS,
        clip_tokens=ENDLESS,
        recite=_cadence(policy),
        recite_tokens=policy.recite_tokens,
        carrier="user",
        keep_recitations=True,
        observations=policy.observations,
        shadow=policy.shadow,
        encoding=policy.encoding,
    )


def _cadence(policy: Policy) -> Cadence:
    """After a tenth of the window at the soonest; never where the policy recites but on compactions, or not at all."""
    if policy.recite in ("off", "compaction"):
        return "off"
    given = policy.recite[1] if isinstance(policy.recite, tuple) and policy.recite[0] == "tokens" else 0
    return ("tokens", max(given, policy.window // 10))


def _answers(item: object) -> bool:
    return str(_field(item, "type")).endswith("_output")


def _id(item: object) -> object:
    return _field(item, "call_id")


def _field(item: object, name: str) -> object:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


def conversation_of(body: Body) -> str | None:
    """The name of the provider's conversation that the request goes on; None where there is none."""
    given = body.fields.get("conversation")
    value = given.get("id") if isinstance(given, Mapping) else given
    return str(value) if value else None
