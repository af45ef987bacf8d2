"""The demo in plain text of 80 columns. Every sentence about the results follows from their figures."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from textwrap import wrap

from litany.core.policy import Policy
from litany.evals.demo.scene import Scene
from litany.evals.demo.suite import ARMS, PLACES
from litany.evals.outcome import Outcome
from litany.evals.report.figures import Board, Contrast, Figures, Standing
from litany.evals.report.grid import Cell, grid
from litany.evals.report.pick import kind
from litany.evals.report.words import apart, around, chance, failures, line, many, share
from litany.evals.stats import Interval, Verdict
from litany.evals.sweep.suite import Suite

WIDE = 78
"""Columns of a text."""
BAR = 36
"""Columns from nothing right to all right."""
SURE = 0.05
"""The p, by Holm, below which a difference is said to be shown."""
SHAPES: Mapping[Verdict | None, str] = {
    Verdict.U: "the middle is lost, as both ends do better",
    Verdict.PRIMACY: "what is told at the start is kept best",
    Verdict.RECENCY: "what is told last is kept best",
    Verdict.FLAT: "neither end is shown to do better than the middle",
    None: "too few answers to say where it does better",
}


def question(asked: Suite, scene: Scene, model: str) -> Iterator[str]:
    """What is asked, of whom, in which arms; known before anything is answered."""
    yield from prose(
        "An agent is told what to do, works on for a while, and then has to act on it. Does it still know? Here "
        f"{model} answers: a language model of under a million weights, which comes with litany and runs here, "
        "without a key or a network. It reads the same histories in three ways:"
    )
    yield ""
    yield "  bare     the history as it is"
    yield "  placebo  and behind it, a block like litany's about something else"
    yield "  litany   and behind it, the block in which litany restates what was asked;"
    yield "           it says nothing that the history does not say"
    yield ""
    yield f"THE FIRST OF {asked.n} QUESTIONS"
    yield ""
    yield from _scene(scene)
    yield ""
    yield "  What litany adds behind that, as the last thing the model reads:"
    yield from quoted(scene.added)


def results(
    asked: Suite, scene: Scene, found: Figures, out: Path, seconds: float, errand: Iterable[str] = ()
) -> Iterator[str]:
    """What came of it. `errand`: what is told of the errand."""
    (board,) = found.boards
    yield from _answers(scene, board)
    yield ""
    yield f"ALL {asked.n} QUESTIONS, each told at {len(PLACES)} places of its history"
    yield ""
    yield from _curves(board)
    yield ""
    yield from _compared(board)
    yield ""
    yield "TOKENS"
    yield ""
    yield from _tokens(board)
    yield ""
    yield from errand
    yield ""
    yield "FILES"
    yield ""
    yield from _files(out, len(found.results.outcomes))
    yield f"  All of it was computed in this run, in {seconds:.0f} seconds."


def ended(seed: int) -> Iterator[str]:
    """What to do next."""
    yield "IN YOUR AGENT, one line changes"
    yield ""
    yield "    litany = Litany(goal=goal, constraints=constraints)   # once an agent"
    yield ""
    yield "    - reply = completion(model=model, messages=messages)"
    yield "    + reply = completion(model=model, messages=litany(messages))"
    yield ""
    yield from prose(
        "A model this small loses in a thousand tokens what a large one may lose in a hundred thousand, or not at "
        "all. Measure yours, and ask this one other questions:"
    )
    yield ""
    yield "    litany eval goal --model openai/gpt-5-mini --lengths 4k,32k -n 50 --out DIR"
    yield f"    litany demo --seed {seed + 1}"


def _scene(scene: Scene) -> Iterator[str]:
    if scene.place == scene.messages:
        yield f"  A text of {scene.tokens:,} tokens. At its start it says:"
        yield from quoted(scene.told)
        yield "  At its end it asks:"
    else:
        yield f"  A history of {scene.messages} messages, {scene.tokens:,} tokens. Message {scene.place}, by the user:"
        yield from quoted(scene.told)
        yield f"  ... {many(scene.calls, 'tool call')} with results, {scene.between:,} tokens about other things ..."
        yield f"  Message {scene.messages}, by the user:"
    yield from quoted(scene.ask)


def _answers(scene: Scene, board: Board) -> Iterator[str]:
    yield f"  Right is  {line(scene.right, 60)}"
    for arm, name in ARMS.items():
        outcome = next((each for each in board.arms.get(arm, ()) if _is_of(each, scene)), None)
        if outcome is not None:
            said = line(outcome.error.text if outcome.error else outcome.answer or "(nothing)", 54)
            yield f"  {name:<8}  {said:<54}  {kind(outcome).upper()}"


def _is_of(outcome: Outcome, scene: Scene) -> bool:
    return (outcome.seed, outcome.depth) == (scene.site.seed, scene.site.depth)


def _curves(board: Board) -> Iterator[str]:
    cells = grid(board)
    yield f"           told at  0{'share right':^{BAR - 2}}1   share, 95 % interval"
    for standing in board.standings:
        name = ARMS[standing.arm]
        for depth in cells.depths:
            cell = cells.cells[standing.arm, cells.lengths[0], depth]
            yield f"  {name:<8} {PLACES[depth.low]:<7}  {_bar(cell.score)}   {_share(cell)}"
            name = ""
        yield f"  {'':<8} all      {_bar(standing.score)}   {around(standing.score)}"
        if standing.failed:
            yield f"  {'':<8} without an answer: {failures(standing.errors)}"
        yield ""
    yield f"  o is the share of right answers (n {_least(board)} at each place), --- its interval"


def _bar(interval: Interval | None) -> str:
    if interval is None:
        return f"|{'':{BAR - 2}}|"
    low, middle, high = (round(value * (BAR - 1)) for value in (interval.low, interval.middle, interval.high))
    marks = ("o" if at == middle else "-" if low <= at <= high else _edge(at) for at in range(BAR))
    return "".join(marks)


def _edge(at: int) -> str:
    return "|" if at in (0, BAR - 1) else " "


def _share(cell: Cell) -> str:
    return " ".join([around(cell.score), *([many(cell.errors, "error")] if cell.errors else [])])


def _least(board: Board) -> int:
    return min((cell.answered for cell in grid(board).cells.values()), default=0)


def _compared(board: Board) -> Iterator[str]:
    bare = next(each for each in board.standings if each.arm == "bare")
    against = {each.second: each for each in board.contrasts if each.first == "recite" and each.length is None}
    for name, each in against.items():
        yield f"  litany less {name:<8} {_apart(each)}"
    yield ""
    yield from prose(_shape(board, bare), "  ")
    yield from prose(verdict(against.get("bare"), against.get("placebo")), "  ")


def _shape(board: Board, bare: Standing) -> str:
    """How bare does at both ends, and what its curve is."""
    cells = grid(board)
    first, last = (
        cells.cells[bare.arm, cells.lengths[0], depth].score for depth in (cells.depths[0], cells.depths[-1])
    )
    if first is None or last is None:
        return "Bare, too little was answered to say anything."
    ends = f"{share(first.middle)} is right when told at the start, {share(last.middle)} when told at the end"
    return f"Bare, {ends}: {SHAPES[bare.shape.verdict if bare.shape else None]}."


def verdict(bare: Contrast | None, placebo: Contrast | None) -> str:
    """What the two differences say together."""
    over, beyond = _sign(bare), _sign(placebo)
    if over is None or beyond is None:
        return "Too little was answered to say whether reciting helps."
    if over < 0:
        return "Reciting did harm in this run: with litany fewer answers are right than bare."
    if over == 0:
        return "Reciting is not shown to help in this run: its difference to bare may be chance."
    if beyond <= 0:
        return "Reciting helped, but is not shown to help more than as many tokens about something else."
    return "Reciting helped, and more than as many tokens about something else."


def _sign(contrast: Contrast | None) -> int | None:
    """1 where the first is shown to do better, -1 to do worse, 0 where neither is; None where nothing is known."""
    found = contrast.paired.interval if contrast else None
    if contrast is None or found is None or contrast.adjusted is None:
        return None
    return int(found.above()) - int(found.below()) if contrast.adjusted < SURE else 0


def _apart(contrast: Contrast) -> str:
    if contrast.paired.interval is None:
        return "one question shows no difference"
    p = chance(contrast.adjusted)
    return f"{apart(contrast.paired.interval)}, n {contrast.paired.n}, p {p if p.startswith('<') else f'= {p}'}"


def _tokens(board: Board) -> Iterator[str]:
    bare = next((each for each in board.standings if each.arm == "bare"), None)
    yield "             calls   sent in all   sent a call         written a call"
    for each in board.standings:
        if each.tokens and each.completion:
            more = _more(each, bare)
            sent = sum(outcome.tokens for outcome in board.arms[each.arm])
            yield (
                f"  {ARMS[each.arm]:<8} {each.answered:>6,} {sent:>13,} {each.tokens.middle:>13,.0f} {more:<8}"
                f"{each.completion.middle:>14,.1f}"
            )
    yield ""
    yield from prose(
        f"A block takes at most {Policy().recite_tokens} tokens unless told otherwise, however long the history.", "  "
    )


def _more(each: Standing, bare: Standing | None) -> str:
    if bare is None or not bare.tokens or not each.tokens or each.arm == "bare":
        return ""
    return f"({each.tokens.middle / bare.tokens.middle - 1:+.0%})".replace("-", "−")


def _files(out: Path, answers: int) -> Iterator[str]:
    told = {
        "report.html": "open it: curves, differences, answers to read",
        "outcomes.jsonl": f"all {answers:,} answers, one a line",
        "suite.toml": "what was asked, for `litany eval`",
        "errand": "the same of the errand",
    }
    files = {str(out / name): what for name, what in told.items()}
    wide = max(map(len, files))
    for name, what in files.items():
        yield f"  {name:<{wide}}  {what}"


def prose(text: str, indent: str = "") -> list[str]:
    """A text in lines."""
    return wrap(text, WIDE, initial_indent=indent, subsequent_indent=indent)


def quoted(text: str) -> Iterator[str]:
    """What somebody says, under a bar."""
    for each in text.split("\n"):
        parts = wrap(line(each, 400), WIDE - 6, break_on_hyphens=False) or [""]
        yield from (f"    | {part}".rstrip() for part in parts)
