"""Samples to read: what a model was asked last, what it answered, what was right; failures first."""

from collections.abc import Iterable, Iterator, Sequence

from litany.core.money import money
from litany.evals import truth
from litany.evals.outcome import Outcome
from litany.evals.report.markup import Markup, tag
from litany.evals.report.pick import ORDER, ending, kind, picked
from litany.evals.report.read import Results, arm_labels
from litany.evals.report.words import clipped, line, size, tail


def samples(results: Results, most: int, characters: int) -> Markup:
    """At most so many, with what filters them; that is shown only where scripts run."""
    chosen = picked(results.outcomes, most)
    labels = arm_labels(results.outcomes)
    several = len({(each.task, each.model) for each in results.outcomes}) > 1
    names = list(dict.fromkeys(labels[each.arm, each.policy] for each in chosen))
    told = (_sample(each, names, labels[each.arm, each.policy], several, characters) for each in chosen)
    note = f"{len(chosen):,} of {len(results.outcomes):,}, failures first, from every arm and cell in turn."
    return tag(
        "section",
        tag("h2", f"{len(chosen)} samples to read"),
        tag("p", note, class_="note"),
        _tools(names, chosen),
        tag("div", told),
        id="samples",
    )


def _tools(arms: Sequence[str], chosen: Sequence[Outcome]) -> Markup:
    kinds = [name for name in ORDER if any(kind(each) == name for each in chosen)]
    return tag(
        "div",
        tag("select", _options("every arm", enumerate(arms)), id="arm", aria_label="Arm"),
        tag(
            "select",
            _options("right and wrong", zip(kinds, kinds, strict=True)),
            id="kind",
            aria_label="What came of it",
        ),
        tag("input", id="text", type="search", placeholder="a word", aria_label="A word that it holds"),
        tag("button", "open all", id="all", type="button"),
        tag("span", id="count", class_="dim", role="status"),
        class_="tools",
        hidden="",
    )


def _options(every: str, names: Iterable[tuple[object, str]]) -> Iterator[Markup]:
    yield tag("option", every, value="")
    yield from (tag("option", line(name, 40), value=value) for value, name in names)


def _sample(each: Outcome, arms: Sequence[str], arm: str, several: bool, characters: int) -> Markup:
    came = kind(each)
    where = f"{size(each.length)}, depth {each.depth:.3g}, seed {each.seed}"
    task = f"{line(each.task, 40)} on {line(each.model, 40)}, " if several else ""
    heading = tag(
        "summary",
        tag("span", came, class_="kind"),
        " ",
        tag("b", line(arm, 40)),
        f" · {task}{where} · ",
        tag("span", line(_gist(each), 70), class_="what"),
    )
    place = arms.index(arm)
    body = tag("dl", _parts(each, characters))
    return tag("details", heading, body, class_=f"sample {came}", data_arm=place, data_kind=came)


def _gist(each: Outcome) -> str:
    return f"{each.error.kind}: {each.error.text}" if each.error else each.answer or "no text"


def _parts(each: Outcome, characters: int) -> Iterator[Markup]:
    asked = ending(each)
    parts = [
        ("the prompt ends with", tail(asked, characters) if asked is not None else None),
        ("answer", None if each.answer is None else clipped(each.answer, characters)),
        ("error", clipped(f"{each.error.kind}: {each.error.text}", characters) if each.error else None),
        ("truth", clipped(truth.shown(each.truth), characters)),
    ]
    for name, text in parts:
        if text is not None:
            yield tag("dt", name)
            yield tag("dd", tag("pre", text))
    yield tag("dt", _figures(each))


def _figures(each: Outcome) -> str:
    score = "no score" if each.score is None else f"score {each.score:g}"
    cost = "" if each.cost is None else f", {money(each.cost)}"
    trial = f", trial {each.trial}" if each.trial else ""
    tokens = f"{each.tokens:,} tokens sent, {each.completion:,} written"
    return f"{score}; question {line(each.question, 60)}{trial}; {tokens}, {each.latency:.3g} s{cost}"
