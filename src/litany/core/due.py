"""Due: whether this call recites, and how the state looks when it has."""

from dataclasses import replace

from litany.core.inserted import asked
from litany.core.kept import pinned
from litany.core.recite import Since, far, recital
from litany.core.record import Record
from litany.core.setting import Setting
from litany.core.state import Placed, State

AGAIN = "the same call again"


def recited(record: Record, state: State, setting: Setting, cut: bool, limit: int) -> tuple[State, bool, str]:
    """The state with the recitation of this call, whether one is due, and why (or why a due one is missing)."""
    reason = _reason(state, setting, cut)
    bare = replace(state, recital="") if state.recital else state
    if not reason:
        return bare, False, ""
    if _placed(state):
        return bare, True, reason
    if reason == AGAIN and state.recital and state.size + setting.fixed + setting.count(state.recital) + 4 <= limit:
        return replace(state, carrier=_carrier(record, state, setting)), True, reason
    most = min(setting.recital(state), limit - state.size - setting.fixed - 8)
    text = recital(state.agenda, _latest(record, state), state.mark, most, setting.count)
    if not text:
        return bare, True, f"{reason}, but no room for a recitation"
    now = Since(state.length, state.scan.answered, state.scan.entered)
    carrier = _carrier(record, state, setting)
    state = replace(bare, recited=now, touched=False, carrier=carrier)
    if not _keeps(record, setting):
        return replace(state, recital=text), True, reason
    tokens = setting.dialect.read(setting.dialect.user(text), setting.count, False).tokens
    placed = Placed(state.length, record.at(state.length), text, carrier, tokens)
    return replace(state, placed=(*state.placed, placed), size=state.size + tokens), True, reason


def _reason(state: State, setting: Setting, cut: bool) -> str:
    """Why a recitation is due; "" when none is."""
    agenda = state.agenda
    if agenda.empty or setting.policy.recite == "off" or (agenda.finished and state.scan.user < state.finished):
        return ""
    if state.touched:
        return "the agenda changed"
    if cut:
        return "an earlier part of the view was cut"
    if state.recited is not None and state.recited.length == state.length and state.length:
        return AGAIN
    if state.shrunk == state.length and state.length:
        return ""
    now = Since(state.length, state.scan.answered, state.scan.entered)
    last = state.told if state.recited is None or state.told.length > state.recited.length else state.recited
    return "the goal was last read far back" if far(now, last, setting.policy) else ""


def _placed(state: State) -> bool:
    """Whether the recitation of this very call stands in the view already: a retry."""
    if not state.placed or state.placed[-1].index != state.length or state.touched:
        return False
    return state.recited is not None and state.recited.length == state.length


def _latest(record: Record, state: State) -> str:
    if not 0 <= state.scan.user < record.length:
        return ""
    return asked(record[state.scan.user])


def _carrier(record: Record, state: State, setting: Setting) -> str:
    """The carrier by the policy, or by rule: a user message, which every provider takes at the end.

    What is pinned stands as it came, so that a pinned result carries none.
    """
    carrier = setting.policy.carrier
    if carrier == "auto" or (carrier == "result" and _pinned_last(record, state)):
        return "user"
    return carrier


def _pinned_last(record: Record, state: State) -> bool:
    """Whether the message that the view ends with may be a pinned one."""
    return bool(state.pins) and state.length - 1 in pinned(record, state)


def _keeps(record: Record, setting: Setting) -> bool:
    keeps = setting.policy.keep_recitations
    if keeps != "auto":
        return bool(keeps)
    return record.bound()
