"""News: what a trace line tells of one call beyond its sums: what is new, and the sizes that things happened at."""

import re
from collections.abc import Mapping, Sequence

from litany.core.compact import Levels, span_handle
from litany.core.indexed import at, fresh
from litany.core.message import Message
from litany.core.plan import Plan
from litany.core.prefix import prefix
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import Edit, State

EXCERPT = 120
"""Characters of a message that a line shows."""
TOKEN_END = re.compile(r"[\w+/=.~:@%-]*\Z")
"""The word that a cut may have parted: half a secret would not be known as one, so it is left out."""


def news(record: Record, before: State, plan: Plan, setting: Setting, common: int) -> dict[str, object]:
    """What this call brought. `common`: how many messages the record has in common with the one read before."""
    state = plan.state
    edits = fresh(before.edits, state.edits)
    kept = prefix(record, before, state, setting, common, plan.changed)
    return {
        "new": [_new(record, state, index) for index in range(common, record.length)],
        "edits": [_edited(record, before, edit) for edit in edits if edit.index < record.length],
        "prefix": {"tokens": kept.tokens, "to": kept.to},
        "levels": _levels(plan.levels),
        "since": _since(before, state) if common == before.length else None,
        "gone": _gone(record, before, state),
        "drift": round(state.drift, 4),
        "failures": state.failures,
        "shadow": setting.policy.shadow,
    }


def excerpt(text: str) -> str:
    """The beginning of a text on one line. It never ends within a word."""
    part = text[: EXCERPT * 4]
    flat = " ".join(part.split())
    if len(flat) <= EXCERPT and len(part) == len(text):
        return flat
    shown = flat[:EXCERPT]
    whole = TOKEN_END.sub("", shown[: max(shown.rfind(" "), 0)] if " " in shown[EXCERPT // 2 :] else shown).rstrip()
    return f"{whole} …" if whole else f"(a word of {len(text):,} characters or more)"


def _new(record: Record, state: State, index: int) -> Mapping[str, object]:
    message = record[index]
    said: dict[str, object] = {
        "index": index,
        "role": str(message.role),
        "tokens": message.tokens,
        "handle": message.digest,
    }
    edit = at(state.edits, index)
    if edit is not None:
        said["reads"] = edit.tokens
    if message.calls:
        said["calls"] = [call.name for call in message.calls]
    said["text"] = excerpt(_text(message))
    return said


def _text(message: Message) -> str:
    if message.text.strip():
        return message.text
    if message.slots:
        return message.slots[0]
    return message.calls[0].arguments if message.calls else ""


def _edited(record: Record, before: State, edit: Edit) -> Mapping[str, object]:
    """A message that reads otherwise from this call on."""
    earlier = at(before.edits, edit.index)
    message = record[edit.index]
    return {
        "index": edit.index,
        "how": _how(edit),
        "before": message.tokens if earlier is None else earlier.tokens,
        "after": edit.tokens,
        "handle": message.digest,
    }


def _how(edit: Edit) -> Sequence[str]:
    ways = {"cleared": edit.cleared, "clipped": bool(edit.clips), "broken": edit.neutral, "bare": edit.bare}
    return [name for name, so in ways.items() if so]


def _levels(levels: Levels) -> Mapping[str, object]:
    return {"trigger": levels.high, "keep": levels.low, "limit": levels.limit, "raised": levels.raised}


def _since(before: State, state: State) -> Mapping[str, object]:
    """How far back the goal was last read when this call began: in turns and in tokens."""
    recited, told = before.recited, state.told
    again = recited is not None and recited.length >= told.length
    last = recited if recited is not None and again else told
    return {
        "turns": state.scan.answered - last.turns,
        "tokens": state.scan.entered - last.tokens,
        "last": "recitation" if again else "record" if told.length else None,
    }


def _gone(record: Record, before: State, state: State) -> Mapping[str, object] | None:
    """What a compaction of this call took: the span, what stays of it, how it is recalled."""
    cut = state.cut
    if cut is None or cut == before.cut:
        return None
    stays = [index for index in cut.kept if index < cut.end]
    return {
        "handle": span_handle(record.at(cut.end)),
        "stays": stays,
        "messages": cut.end - len(stays),
        "number": cut.number,
        "before": before.size,
        "after": state.size,
    }
