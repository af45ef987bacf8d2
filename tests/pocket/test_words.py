"""Words: what is one word, which token it takes, and how a text is written again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litany.errors import PocketError
from litany.pocket.words import IDS, KNOWN, PARTS, SLOTS, VOCABULARY, Words

TEXTS = st.text() | st.lists(
    st.sampled_from(["Raven", "the", "4,821.50", "[x]", '"', "'s", "(", ".", "\n", " ", "--"])
).map("".join)


def read(text: str) -> list[str]:
    words = Words()
    return [words.word(token) for token in words.ids(text)]


def folded(text: str) -> str:
    """What a text says, but for its spaces, its case and how its quotes are bent."""
    return re.sub(r"\s", "", text).casefold().replace("’", "'")


def sharing(size: int) -> list[str]:
    """Words whose hashes point at one slot."""
    by: dict[int, list[str]] = {}
    for number in range(100_000):
        token = Words().ids(f"word{number}")[0]
        by.setdefault(token, []).append(f"word{number}")
        if len(by[token]) == size:
            return by[token]
    raise AssertionError


@pytest.mark.parametrize(
    "word",
    [
        "Raven",
        "naïve",
        "don't",
        "don’t",
        "4,821.50",
        "1,000,000",
        "3.14",
        "$100",
        "-5",
        "#42",
        "2026-11-23",
        "23/11/2026",
        "19:53",
        "2026-11-23T19:53:05Z",
        "/etc/hosts",
        "~/.ssh/config",
        "../up.txt",
        "src/litany/words.py:12",
        r"C:\Users\me",
        "https://example.org/a?b=1&c=2#d",
        "bob.smith+x@example.org",
        "snake_case",
        "__init__.py",
        "kebab-case",
        "module.Class",
        "v1.2.3",
        "--flag",
        "@mention",
        "名前は太郎です",
    ],
)
def test_this_is_one_word_in_a_sentence_too(word: str) -> None:
    assert read(word) == [word]
    assert read(f"see ({word}), or: {word}.")[2] == word
    assert read(f"see ({word}), or: {word}.")[-2:] == [word, "."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("user's", ["user", "'s"]),
        ("User’s", ["user", "'s"]),
        ("[x] a [ ] b [X] c", ["[x]", "a", "[ ]", "b", "[x]", "c"]),
        ("a\n\n   b\r\nc", ["a", "\n", "b", "\n", "c"]),
        ("f(x)=3%", ["f", "(", "x", ")", "=", "3", "%"]),
        ('"Raven", he said', ['"', "Raven", '"', ",", "he", "said"]),
        ("1,2,3", ["1", ",", "2", ",", "3"]),
        ("so -- no...", ["so", "--", "no", "..."]),
        ("a -> b => c == d", ["a", "->", "b", "=>", "c", "==", "d"]),
        ("[docs](https://a.org/b), so", ["[", "docs", "]", "(", "https://a.org/b", ")", ",", "so"]),
        ("👍🏽!", ["👍", "🏽", "!"]),
        ("", []),
        (" \t\u2028", []),
    ],
)
def test_these_are_several_words(text: str, words: list[str]) -> None:
    assert read(text) == words


def test_a_word_is_known_in_any_case_and_written_as_it_was_first() -> None:
    words = Words()

    first, second = words.ids("RAVEN raven")

    assert first == second
    assert words.text([second]) == "RAVEN"


def test_known_words_take_no_slot() -> None:
    words = Words()

    ids = words.ids("The goal of the user is: none.\n")

    assert list(words.slots) == []
    assert max(ids) < len(KNOWN)


def test_every_token_has_one_meaning() -> None:
    assert len(set(KNOWN)) == len(KNOWN) == len(IDS)
    assert len(KNOWN) + SLOTS == VOCABULARY
    assert [word for word in KNOWN[len(PARTS) :] if read(word) != [word]] == []


@pytest.mark.parametrize("part", PARTS)
def test_what_parts_a_chat_cannot_be_written_in_a_text(part: str) -> None:
    ids = Words().ids(f"Bye{part}{part} {part.upper()}")

    assert set(ids).isdisjoint(range(len(PARTS)))


def test_words_that_want_one_slot_are_told_apart() -> None:
    words, names = Words(), sharing(3)

    ids = words.ids(" ".join(names))

    assert len(set(ids)) == 3
    assert [words.word(token) for token in ids] == names
    assert words.ids(" ".join(names)) == ids


def test_every_slot_can_be_taken_and_no_more() -> None:
    words, all_there_are = Words(), " ".join(f"word{number}" for number in range(SLOTS))

    ids = words.ids(all_there_are)

    assert sorted(ids) == list(range(len(KNOWN), VOCABULARY))
    assert words.text(ids) == all_there_are
    assert words.ids("the WORD7") == [IDS["the"], ids[7]]
    with pytest.raises(PocketError, match=r"more than 1,024 different words, .* shorten it"):
        words.ids("one-more")


@pytest.mark.parametrize(
    "text",
    [
        'He asked "why?" and left (at 5 %), for $3.',
        "f(x) = g(y, z); h()",
        "look in /etc/ and ~/src/, or a\\b/",
        "it's James' key: {'a': [1, 2]}",
        "a-b, c - d, e -- f",
        "The user’s [X] new New York, THE END",
        "first\nsecond: 3%\n- third",
        "👍🏽 50€ cafe\u0301",
        "`code` and ```\nmore\n```",
    ],
)
def test_a_text_is_spaced_as_it_was(text: str) -> None:
    words = Words()

    assert words.text(words.ids(text)) == text


def test_a_known_word_has_the_letters_it_had_beside_its_neighbour() -> None:
    words = Words()
    ids = words.ids("He flew to New York on a new plane")

    assert words.text(ids[3:5]) == "New York"
    assert words.text(ids[7:9]) == "new plane"
    assert words.text([ids[3]]) == "new"


def test_what_never_stood_side_by_side_is_spaced_as_english_is() -> None:
    words = Words()
    known = {word: words.ids(word)[0] for word in ("Raven", "said", '"', ",", "(", ")", "5", "%", "'s", "key", "\n")}

    def written(*names: str) -> str:
        return words.text(known[name] for name in names)

    assert written("Raven", "'s", "key", "said", '"', "5", "%", '"', ",", "key") == 'Raven\'s key said "5%", key'
    assert written("said", "(", "Raven", ",", "key", ")", "\n", "key") == "said (Raven, key)\nkey"


@given(TEXTS)
def test_any_text_can_be_read_and_no_letter_of_it_is_lost(text: str) -> None:
    words = Words()

    ids = words.ids(text)

    assert all(len(PARTS) <= token < VOCABULARY for token in ids)
    assert folded(words.text(ids)) == folded(text)


@given(TEXTS, TEXTS)
def test_what_follows_changes_nothing_before_it(text: str, more: str) -> None:
    before = Words().ids(text)

    assert Words().ids(f"{text}\n{more}")[: len(before)] == before


@given(TEXTS)
def test_a_text_that_is_read_again_has_the_same_tokens(text: str) -> None:
    words = Words()

    assert words.ids(text) == words.ids(text)


@given(st.lists(st.from_regex(r"[a-z]{1,8}[0-9]?", fullmatch=True)))
def test_plain_words_come_back_as_they_were(names: list[str]) -> None:
    words = Words()

    assert words.text(words.ids(" ".join(names))) == " ".join(names)


@given(st.characters(codec="utf-8", exclude_categories=["Cs"]))
def test_any_letter_alone_is_a_word_or_a_space(letter: str) -> None:
    assert len(read(letter)) == (not letter.isspace() or letter == "\n")
