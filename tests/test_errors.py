"""The tree of errors: what it draws is what there is."""

import ast
import re
from pathlib import Path

from litany import errors

SRC = Path(errors.__file__).parent
DRAWN = re.compile(r"^([│ ]*)[├└]── (\w+)", re.MULTILINE)


def found() -> dict[str, str]:
    """Every error in the sources that is a LitanyError, with its parent, wherever it stands."""
    bases = {
        node.name: [base.id for base in node.bases if isinstance(base, ast.Name)]
        for path in SRC.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    tree, before = {"LitanyError": ""}, 0
    while len(tree) > before:
        before = len(tree)
        tree |= {name: parent for name, above in bases.items() for parent in above if parent in tree}
    return tree


def drawn() -> dict[str, str]:
    """Every error in the docstring, with its parent."""
    tree, path = {"LitanyError": ""}, ["LitanyError"]
    for indent, name in DRAWN.findall(errors.__doc__ or ""):
        path = [*path[: len(indent) // 4 + 1], name]
        tree[name] = path[-2]
    return tree


def test_the_tree_draws_every_error_under_its_parent() -> None:
    assert drawn() == found()
