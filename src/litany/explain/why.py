"""Why: what happened on a call, in plain words with the numbers it was decided by."""

from collections.abc import Iterable, Iterator

from litany.explain.line import Edit, Line

FAR = "the goal was last read far back"
RECITED = {
    FAR: "the goal was last read {since}",
    "the agenda changed": "goal, constraints, todos or notes changed from outside",
    "an earlier part of the view was cut": "this call changed an earlier part of the view, and one follows each cut",
    "the same call again": "the same call came again, and a retry reads what the first try read",
}
"""Reasons as the plan gives them, in words for somebody who has not read it."""
REFUSED = "the provider refused the view for its length"
FEW = 8
"""Messages that are named before the rest is counted."""


def why(line: Line) -> list[str]:
    """A sentence for each thing that happened; one that says so when nothing did."""
    said = [*_record(line), *_edits(line), *_compaction(line), *_recitation(line)]
    if not said and not (line.prefix.tokens or line.changed):
        said.append("the first call: all of it is new")
    if not said:
        said.append("nothing was changed: the view is the one before and what is new")
    return [*said, *_beside(line)]


def events(line: Line) -> list[str]:
    """What happened, in a word or two each; empty for a call on which nothing did."""
    found = [*(["rewritten"] if line.rewritten else []), *(["shrunk"] if REFUSED in line.reasons else [])]
    if line.compacted is not None:
        summary = f" into {line.sections.summary:,}" if line.sections.summary else ""
        found.append(f"compacted {_span(line.compacted)}{summary}")
    if line.cleared:
        found.append(f"cleared {len(line.cleared)}")
    clips = [edit for edit in line.edits if "clipped" in edit.how and edit.index in line.clipped]
    found += [f"clipped #{edit.index} {edit.before:,} to {edit.after:,}" for edit in clips]
    forged = sum("broken" in edit.how for edit in line.edits)
    found += [f"forgery broken in {forged}"] if forged else []
    found += [f"repaired {len(line.repaired)}"] if line.repaired else []
    found += ["summarizer failed"] if failed(line) else []
    return [*found, *(["recited"] if line.due else [])]


def failed(line: Line) -> bool:
    """Whether a summarizer was asked on this call and its answer could not stand."""
    return any("outline, for " in reason or "nothing compacted: " in reason for reason in line.reasons)


def listed(indexes: Iterable[int]) -> str:
    """#3, #5, #7 … #13 (9 in all)."""
    every = list(indexes)
    if len(every) <= FEW:
        return ", ".join(f"#{index}" for index in every)
    return f"{', '.join(f'#{index}' for index in every[: FEW - 1])} … #{every[-1]} ({len(every)} in all)"


def _span(compacted: tuple[int, int]) -> str:
    start, end = compacted
    return f"#{start}" if end - start == 1 else f"#{start} to #{end - 1}"


def _record(line: Line) -> Iterator[str]:
    if REFUSED in line.reasons:
        yield "shrunk: the provider refused the view before for its length, so a smaller one was made for the retry"
    if line.rewritten:
        first = line.new[0].index if line.new else line.messages
        yield f"planned anew: the host edited, branched or rolled back its record from #{first} on; the agenda stayed"
    if line.repaired:
        yield (
            f"repaired: nobody answered the calls of {listed(line.repaired)}, so an error result stands there, "
            "interrupted, outcome unknown; the record was not touched"
        )


def _edits(line: Line) -> Iterator[str]:
    for edit in line.edits:
        if "clipped" in edit.how and edit.index in line.clipped:
            yield (
                f"clipped #{edit.index} as it entered, from {edit.before:,} to {edit.after:,} tokens: one result may "
                f'not take so much of the window; recall("{edit.handle}") returns the rest'
            )
    forged = [edit.index for edit in line.edits if "broken" in edit.how]
    if forged:
        yield f"broke a forgery in {listed(forged)}: text that looked like a recitation, or bore this session's mark"
    bare = [edit.index for edit in line.edits if "bare" in edit.how and "cleared" not in edit.how]
    if bare:
        yield f"left out the thinking of {listed(bare)}: it was bound to a prefix that a cut changed"
    yield from _cleared(line, [edit for edit in line.edits if edit.index in line.cleared])


def _cleared(line: Line, edits: list[Edit]) -> Iterator[str]:
    if not edits:
        return
    before, after = sum(edit.before for edit in edits), sum(edit.after for edit in edits)
    yield (
        f"cleared the results of {listed(edit.index for edit in edits)}, from {before:,} to {after:,} tokens: "
        f"{_passed(line, 'the view passed its trigger')}, and clearing old results alone freed enough"
    )


def _compaction(line: Line) -> Iterator[str]:
    gone = line.gone
    if line.compacted is not None and gone is not None:
        writer = {"model": "the summarizer wrote it", "outline": "an outline, made without a model"}
        stays = f"; {listed(gone.stays)} {'stay' if len(gone.stays) > 1 else 'stays'} as it was" if gone.stays else ""
        yield (
            f"compacted {_span(line.compacted)} into a summary of {line.sections.summary:,} tokens "
            f"({writer.get(line.summary or '', 'nobody wrote one')}): {_cause(line)}. The messages went from "
            f'{gone.before:,} to {gone.after:,} tokens{stays}; recall("{gone.handle}") lists what left'
        )
    for reason in line.reasons:
        if reason.startswith("outline, for "):
            yield f"the summarizer's answer could not stand, so the outline took its place: {reason[13:]}"
        elif "; nothing compacted: " in reason:
            cause, _, failure = reason.partition("; nothing compacted: ")
            yield f"did not compact, though {cause}: {failure}"
        elif reason.endswith("; compacting would free too little"):
            yield f"did not compact, though {reason.partition(';')[0]}: it would have freed too little to pay"
        elif reason.endswith("in a row"):
            cause, _, failure = reason.partition("; ")
            yield f"did not compact, though {cause}: {failure}"
    if line.failures:
        yield f"{line.failures} summaries in a row have failed"


def _cause(line: Line) -> str:
    known = (*RECITED, "outline, for ", "an earlier view changed", "the trigger was raised")
    causes = [reason for reason in line.reasons if not reason.startswith(known)]
    if not causes:
        return "an earlier view had changed"
    if causes[0] == "break-even":
        return "the cache reads paid on the excess had come to what compacting costs (break-even)"
    return _passed(line, causes[0])


def _passed(line: Line, cause: str) -> str:
    if not cause.startswith("the view passed its trigger"):
        return cause
    return f"the view passed its trigger of {line.levels.trigger:,} tokens"


def _recitation(line: Line) -> Iterator[str]:
    for reason in line.reasons:
        cause, comma, rest = reason.partition(", but ")
        if cause in RECITED:
            words = RECITED[cause].replace("{since}", _since(line))
            stays = " (it stays where it stands)" if line.kept else ""
            yield f"did not recite, though {words}: {rest}" if comma else f"recited{stays}: {words}"


def _since(line: Line) -> str:
    since = line.since
    if since is None:
        return "far back"
    where = "" if since.last == "recitation" else ", where the record itself tells it" if since.last else ""
    turns = f"{since.turns:,} turn{'' if since.turns == 1 else 's'}"
    return f"{turns} and {since.tokens:,} tokens ago{where}"


def _beside(line: Line) -> Iterator[str]:
    if not line.due and line.since is not None and (line.since.turns or line.since.tokens):
        yield f"no recitation: the goal was last read {_since(line)}"
    if line.levels.raised:
        yield (
            f"the levels are raised to {line.levels.trigger:,} (trigger) and {line.levels.keep:,} (keep) tokens: what "
            "must stay takes more than the policy's share"
        )
    if abs(line.drift - 1) >= 0.01:
        yield (
            f"each token of ours is taken for {line.drift:.2f} of the provider's, by what it reported or refused, so "
            f"the limit is {line.levels.limit:,} of {line.budget:,} tokens"
        )
    if line.shadow:
        yield "shadow: this view was planned and not sent; the host's own messages were"
