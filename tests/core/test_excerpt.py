"""Shortening text, with a token a character so that sizes can be seen."""

from litany.core.excerpt import beginning, fitting, line

TEXT = "Open the valve. Read the gauge. Then write it down."


def test_a_text_that_fits_stays_whole() -> None:
    assert beginning(TEXT, len(TEXT), len) == TEXT


def test_a_beginning_ends_with_a_sentence() -> None:
    assert beginning(TEXT, 40, len) == "Open the valve. Read the gauge."


def test_where_no_sentence_ends_in_time_it_ends_with_a_word() -> None:
    assert beginning("Open the rusty green valve now", 18, len) == "Open the rusty"


def test_a_head_and_a_tail_fit_their_tokens() -> None:
    assert (fitting(TEXT, 8, len), fitting(TEXT, 8, len, end=True), fitting(TEXT, 0, len)) == (
        "Open the",
        "it down.",
        "",
    )


def test_a_line_is_flat_and_says_where_it_was_cut() -> None:
    assert (line("one\n  two", 20), line("one two three", 8)) == ("one two", "one two…")
