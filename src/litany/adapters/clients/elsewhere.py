"""Elsewhere: conversations whose messages the provider holds, by `previous_response_id` or `conversation`.

Nothing that stands there can be taken out or changed. Goal and constraints that were given in code are said once, with
the first request that goes on from what litany has not seen. After that a recitation that is due is appended to what is
new, rarely: for it stays there, and is paid for on every call. Of a `conversation`, and under a name, only what came
through here is known, and the agenda that the store kept under that name.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from litany.adapters.clients.body import Body
from litany.adapters.clients.heard import Said, whole
from litany.core.policy import Cadence, Policy
from litany.errors import LitanyError
from litany.middleware import Conversations, Exchange
from litany.middleware.shared.named import named

MOST = 256
"""Answers after which a conversation may go on that are remembered: the newest."""
ENDLESS = 1_000_000_000
"""A window in which nothing is cut."""


class Elsewhere:
    """What providers hold, as far as it went through this client."""

    def __init__(self, conversations: Conversations) -> None:
        self._door = conversations.under(rare(conversations.policy))
        self._held: OrderedDict[str, Sequence[Any]] = OrderedDict()
        self._said = Said(conversations.lasting)
        self._lock = Lock()

    def opened(self, body: Body, key: str | None, goal: str | None = None) -> Exchange | None:
        """The conversation of a request that goes on there; None when nothing can be said to it.

        `key`, `goal`: its name and what it is for, where the host says so.
        """
        record, name = self.record(body, key), named()
        if record is None:
            return None
        rules = None if name is None else name.constraints
        goal = goal if name is None else name.goal
        own = self.rooted(body)
        key = key if name is None else name.key
        exact = own is not None if key is None else not self._seen(body)
        try:
            dialect = body.route.dialect
            return self._door.open(record, body.system, body.tools, key or own, goal, rules, dialect, exact)
        except LitanyError:
            return None  # what the provider holds may differ from what was seen: the request goes on as it came

    def carrying(self, body: Body, exchange: Exchange | None) -> dict[str, Any]:
        """The fields, with what is to be said behind, or before, what is new."""
        return body.carrying(self.view(body, exchange))

    def view(self, body: Body, exchange: Exchange | None) -> Sequence[Any]:
        """What is new: goal and constraints before it where nobody said them there, else a recitation that is due."""
        new = body.messages
        if exchange is None or self._door.policy.shadow:
            return new
        said = self._said.of(body.elsewhere) is not None or not _follows(body)
        head = "" if said else exchange.head
        if head:
            place = next((place for place, item in enumerate(new) if not _answers(item)), len(new))
            return [*new[:place], _user(head), *new[place:]]
        recital = "" if said and exchange.anew else exchange.recital
        return [*new, _user(recital)] if recital else new

    def record(self, body: Body, key: str | None) -> Sequence[Any] | None:
        """All that was said, as far as it is known; None when nothing is, and nothing tells the conversation.

        The results of calls that are not known are left out: nothing can be planned on them.
        """
        name = body.elsewhere
        if name is None:
            return body.messages
        with self._lock:
            before = self._held.get(name)
        if before is not None:
            return [*before, *body.messages]
        if key is None and named() is None and self.rooted(body) is None:
            return None
        calls = {_id(item) for item in body.messages if not _answers(item)}
        return [item for item in body.messages if not _answers(item) or _id(item) in calls]

    def keep(self, body: Body, record: Sequence[Any] | None, answer: object, read: bool) -> None:
        """Remembers what an answer, or the last event of one, adds; its `id` names all that was said so far.

        `read`: whether litany read the request, so that goal and constraints stand there.
        """
        response = whole(answer)
        conversation = conversation_of(body)
        if response is None or (body.fields.get("store") is False and conversation is None):
            return
        names = [name for name in (response.id, conversation) if name is not None]
        if read or self._said.of(body.elsewhere) is not None:
            begins = body.elsewhere is not None or not any(map(_answered, body.messages))
            self._said.note(names, self.rooted(body) or "", begins and not self._door.policy.shadow)
        if record is None:
            return
        with self._lock:
            for name in names:
                self._held[name] = [*record, *response.output]
                self._held.move_to_end(name)
            while len(self._held) > MOST:
                self._held.popitem(last=False)

    def rooted(self, body: Body) -> str | None:
        """The name of a conversation that litany did not see begin: the provider's own, or the answer it went on from.

        None where it is told by its messages.
        """
        conversation, before = conversation_of(body), body.elsewhere
        if conversation is not None or before is None or not _follows(body):
            return conversation
        root = self._said.of(before)
        return before if root is None else root or None

    def _seen(self, body: Body) -> bool:
        """Whether what the request goes on from came through here."""
        with self._lock:
            return body.elsewhere is None or body.elsewhere in self._held


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


def _follows(body: Body) -> bool:
    """Whether the ids of answers tell later what was said there: those of Responses do."""
    return body.route.dialect == "responses"


def _user(text: str) -> Mapping[str, Any]:
    return {"role": "user", "content": text}


def _answers(item: object) -> bool:
    return str(_field(item, "type")).endswith("_output")


def _answered(item: object) -> bool:
    """Whether the model, or a tool, said it."""
    return _field(item, "role") not in ("user", "system", "developer")


def _id(item: object) -> object:
    return _field(item, "call_id")


def _field(item: object, name: str) -> object:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


def conversation_of(body: Body) -> str | None:
    """The name of the provider's conversation that the request goes on; None where there is none."""
    given = body.fields.get("conversation")
    value = given.get("id") if isinstance(given, Mapping) else given
    return str(value) if value else None
