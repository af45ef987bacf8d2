"""Markup: HTML made of tags in which every text is escaped, so that none can be forgotten."""

from collections.abc import Iterable
from html import escape

from litany.evals.report.words import shown

LEAVES = frozenset({"rect", "line", "circle", "path", "polyline", "input"})
"""Elements that hold nothing."""


class Markup(str):
    """A text that is HTML already."""

    __slots__ = ()


Child = str | Markup | None | Iterable["Child"]


def tag(name: str, /, *children: Child, **attributes: object) -> Markup:
    """An element. `class_` is class, and an underline within a name is a hyphen; what is None is left out."""
    said = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items() if value is not None)
    if name in LEAVES and not children:
        return Markup(f"<{name}{said}/>")
    return Markup(f"<{name}{said}>{joined(children)}</{name}>")


def joined(children: Iterable[Child]) -> Markup:
    """One after another, texts escaped."""
    return Markup("".join(map(_child, children)))


def table(head: Iterable[Child], rows: Iterable[Iterable[Child]], kind: str | None = None) -> Markup:
    """A table that scrolls where it is too wide."""
    body = (tag("tr", tag("th", first, scope="row"), (tag("td", each) for each in rest)) for first, *rest in rows)
    made = tag("table", tag("thead", tag("tr", (tag("th", each, scope="col") for each in head))), tag("tbody", body))
    return tag("div", made, class_=f"wide {kind}" if kind else "wide")


def _child(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, str):
        return escape(shown(child), quote=False)
    return joined(child)


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return escape(shown(str(value)))
