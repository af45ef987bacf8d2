"""Docstrings as people write them, and what is read from them."""

from hypothesis import given
from hypothesis import strategies as st

from litany.loop.tools.docstring import Docstring, read


def test_google() -> None:
    doc = """Fetch a page.

    It is cached.

    Args:
        url: the address: http or https
        *headers (list[str], optional): sent with it
          and more

          and yet more
        other: not an argument

    Raises:
        OSError: no network
    """

    assert read(doc, ["url", "headers"]) == Docstring(
        "Fetch a page.\n\nIt is cached.\n\nRaises:\n    OSError: no network",
        {"url": "the address: http or https", "headers": "sent with it and more and yet more other: not an argument"},
    )


def test_numpy() -> None:
    doc = """Fetch a page.

    Parameters
    ----------
    url : str
        The address.
    first, last : int, optional
        Which lines:
        both counted.

    Returns
    -------
    str
    """

    assert read(doc, ["url", "first", "last"]) == Docstring(
        "Fetch a page.\n\nReturns\n-------\nstr",
        {"url": "The address.", "first": "Which lines: both counted.", "last": "Which lines: both counted."},
    )


def test_sphinx() -> None:
    doc = """Fetch a page.

    :param url: the address
        of the page
    :param int first: which line
    :type url: str
    :returns: the page
    """

    assert read(doc, ["url", "first"]) == Docstring(
        "Fetch a page.\n\n:type url: str\n:returns: the page",
        {"url": "the address of the page", "first": "which line"},
    )


def test_a_section_that_describes_no_argument_stays_in_the_text() -> None:
    doc = "Do it.\n\nArgs:\n    other: who knows\n"

    assert read(doc, ["url"]) == Docstring("Do it.\n\nArgs:\n    other: who knows", {})


def test_no_docstring_is_empty() -> None:
    assert read(None, ["a"]) == Docstring("", {})


@given(
    st.lists(
        st.sampled_from(
            ["Args:", "    a: x", "  a", "Parameters", "----", "a : int", ":param a: y", "", "words", "\tb: z"]
        )
    )
)
def test_any_docstring_is_read(lines: list[str]) -> None:
    found = read("\n".join(lines), ["a", "b"])

    assert set(found.arguments) <= {"a", "b"}
    assert all("\n" not in text for text in found.arguments.values())
