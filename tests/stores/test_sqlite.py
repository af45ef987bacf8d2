"""SqliteStore beside MemoryStore: the same answers, out of a file."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litany import Litany, MemoryStore, Policy, SqliteStore
from litany.archive import Kept
from litany.core.agenda import Agenda, Item
from litany.core.state import Cut, Edit, Pin, Placed, State
from litany.errors import RecallError

BEGUN = State(mark="0badcafe", agenda=Agenda(goal=Item("Find the leak.", "developer")))
CUT = Cut(3, "at3", (0,), 1, "[Summary]", 9, 5, {"done": ("all",)}, ("src/pool.py",), 1)
SMALL = Policy(window=6_000, reserve=500)


def plain(text: str) -> str:
    return f'{{"role":"user","content":"{text}"}}'


def talk(turns: int, canary: str) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = [{"role": "user", "content": f"Look for {canary}."}]
    for n in range(turns):
        call = {"id": f"c{n}", "type": "function", "function": {"name": "look", "arguments": f'{{"n":{n}}}'}}
        messages.append({"role": "assistant", "content": f"{canary} step {n}", "tool_calls": [call]})
        messages.append({"role": "tool", "tool_call_id": f"c{n}", "content": f"{canary} result {n} " * 60})
    return messages


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "agents.litany")


def test_a_state_comes_back_from_another_process_as_it_was(store: SqliteStore, tmp_path: Path) -> None:
    edits = tuple(Edit(n, f"at{n}", n, ((0, 5, 5),), neutral=n % 2 == 0) for n in range(50))
    placed = (Placed(4, "at4", "Recital \ud800", "user", 7),)
    state = replace(BEGUN, edits=edits, placed=placed, cut=CUT, pins=(Pin(1, "digest"),))
    store.save("talk", 0, state, (), "")

    assert (SqliteStore(tmp_path / "agents.litany").load("talk") or (0, None))[1] == state


def test_a_state_that_nobody_wrote_meanwhile_is_the_very_same_object(store: SqliteStore) -> None:
    store.save("talk", 0, BEGUN, (), "")

    assert (store.load("talk") or (0, None))[1] is BEGUN


def test_only_the_first_of_two_writes_over_one_version_is_done(store: SqliteStore) -> None:
    store.save("talk", 0, BEGUN, (), "")
    version, _ = store.load("talk") or (0, BEGUN)

    assert store.save("talk", version, replace(BEGUN, length=1), (), "")
    assert not store.save("talk", version, replace(BEGUN, length=2), [Kept("aa", 1, plain("lost"))], "")
    assert not store.save("talk", 0, replace(BEGUN, length=3), (), "")
    assert (store.load("talk") or (0, BEGUN))[1].length == 1
    assert store.find("talk", "aa") == []


def test_a_version_is_not_given_again_after_a_conversation_was_forgotten(store: SqliteStore) -> None:
    store.save("talk", 0, BEGUN, (), "")
    version, _ = store.load("talk") or (0, BEGUN)
    store.forget("talk")
    store.save("talk", 0, BEGUN, (), "")

    assert not store.save("talk", version, BEGUN, (), "")


GROWING = st.lists(st.integers(0, 60), max_size=6).map(lambda numbers: tuple(Edit(n, f"{n}", n) for n in numbers))


@given(rows=st.lists(st.tuples(st.integers(0, 6), GROWING), max_size=8))
def test_growing_fields_are_read_back_whatever_changed_in_them(
    rows: list[tuple[int, tuple[Edit, ...]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("store") / "s"
    store, state, version = SqliteStore(path), BEGUN, 0
    for stays, new in rows:
        state = replace(state, edits=(*state.edits[:stays], *new))
        assert store.save("talk", version, state, (), "")
        version = (store.load("talk") or (0, state))[0]
    store.close()

    assert (SqliteStore(path).load("talk") or (0, BEGUN))[1] == state


TEXT = st.one_of(
    st.sampled_from(["pool", "Pools", "leak", "re_lease", "数据库", "据库", "库", "naïve", "7f3a", "a" * 50, "\ud800"]),
    st.sampled_from(["/src/pool.py", "/src/pool.pyc", "src/pool", "re_leases", "leaks", "leak/pool"]),
)
MESSAGES = st.lists(st.tuples(st.integers(0, 3), st.lists(TEXT, min_size=1, max_size=4).map(" ".join)), max_size=10)
QUERIES = st.one_of(
    st.sampled_from(
        ["pool", "POOLS leak", "release lease", "数据", "库", "据", "naï", "a" * 45, "7f", "", "leak 库 re"]
    ),
    st.sampled_from(["/src/pool.py", "RC/POOL", "re_lease", "leak pool", "leak/", "pool leak leaks"]),
)


@given(kept=MESSAGES, query=QUERIES)
def test_memory_index_and_plain_reading_find_the_same_messages_in_the_same_order(
    kept: list[tuple[int, str]], query: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("store")
    messages = [Kept(f"{place}", place, plain(text)) for place, text in kept]
    stores = (MemoryStore(), SqliteStore(folder / "index"), SqliteStore(folder / "plain", index=False))
    for store in stores:
        store.save("other", 0, BEGUN, messages[::-1], "")
        store.save("talk", 0, BEGUN, messages, "")

    memory, index, reading = (list(store.search("talk", query)) for store in stores)
    assert memory == index
    assert memory == reading


def stocked(path: Path, make: str, texts: Sequence[str]) -> MemoryStore | SqliteStore:
    """A store in memory, in a file with a word index, or in one without."""
    store = MemoryStore() if make == "memory" else SqliteStore(path / "s", index=make == "index")
    store.save("talk", 0, BEGUN, [Kept(f"h{n}", n, plain(text)) for n, text in enumerate(texts)], "")
    return store


MAKES = pytest.mark.parametrize("make", ["memory", "index", "reading"])


@MAKES
@pytest.mark.parametrize(
    ("query", "exact", "crowd"),
    [
        ("/src/file17.py", "read /src/file17.py", "src py file17{n}.py /src/file17{n}.py"),
        ("ticket 1", "Ticket 1: plan B", "Ticket 1{n}: plan C because of reason 1"),
        ("zebra17", "a Zebra17 stands there", "zebra17{n}"),
        ("JOB-42_a", "job-42_a is done", "42 jobs a, then job {n} 42, a"),
        ("half of the index", "rebuilds half of the index", "the half index of {n}"),
        ("the tür", "die THE TÜR", "the tür2 tür the{n} the türen"),
        ("k" * 30 + "1", "k" * 30 + "1", "k" * 30 + "2{n}"),
    ],
)
def test_what_holds_the_query_verbatim_comes_before_newer_messages_that_hold_its_words(
    make: str, query: str, exact: str, crowd: str, tmp_path: Path
) -> None:
    store = stocked(tmp_path, make, [exact, *(crowd.format(n=n) for n in range(40))])

    assert [item.index for item in store.search("talk", query)][:1] == [0]


@MAKES
def test_words_that_are_held_exactly_come_before_words_that_begin_so_and_the_newest_among_equals(
    make: str, tmp_path: Path
) -> None:
    store = stocked(tmp_path, make, ["leak pool", "pool here, leak", "leaks poolside", "leak pools", "pools", "leaks"])

    assert [item.index for item in store.search("talk", "pool leak")] == [1, 0, 3, 2, 5, 4]


@MAKES
def test_an_identifier_that_stands_alone_comes_before_one_that_goes_on(make: str, tmp_path: Path) -> None:
    store = stocked(tmp_path, make, ["see src/a.py", "see src/a.py_old a.py src py", "see src/a.pyc src a py"])

    assert [item.index for item in store.search("talk", "src/a.py")] == [0, 2, 1]


@MAKES
def test_a_verbatim_query_is_found_in_the_json_of_arguments(make: str, tmp_path: Path) -> None:
    call = r'{"tool_calls":[{"function":{"arguments":"{\"path\": \"src\/caf\u00e9.py\"}"}}]}'
    store = stocked(tmp_path, make, [])
    version = (store.load("talk") or (0, None))[0]
    crowd = [Kept(f"h{n}", n, plain(f"src café py {n}")) for n in range(9)]
    store.save("talk", version, BEGUN, [*crowd[1:], Kept("call", 0, call)], "")

    assert store.search("talk", "src/café.py")[0].handle == "call"


def test_a_word_is_found_in_a_text_in_arguments_and_behind_a_line_break(store: SqliteStore) -> None:
    call = r'{"role":"assistant","tool_calls":[{"function":{"arguments":"{\"path\": \"src\/pool.py\"}"}}]}'
    store.save("talk", 0, BEGUN, [Kept("aa", 1, plain(r"first\nsecond")), Kept("bb", 2, call)], "")

    assert [item.handle for item in store.search("talk", "second")] == ["aa"]
    assert [item.handle for item in store.search("talk", "pool.py")] == ["bb"]


@pytest.mark.parametrize("text", ["half \ud83d", "nul \x00", "emoji 🙂", "\\ud83d", "x" * 3_000_000])
def test_a_kept_message_comes_back_byte_for_byte(store: SqliteStore, text: str) -> None:
    store.save("talk", 0, BEGUN, [Kept("aa", 1, text)], "")

    assert [item.plain for item in store.find("talk", "aa")] == [text]


@pytest.mark.parametrize("make", [MemoryStore, SqliteStore])
def test_one_message_at_two_places_is_in_both_spans_and_once_under_its_handle(make: type, tmp_path: Path) -> None:
    store = MemoryStore() if make is MemoryStore else SqliteStore(tmp_path / "s")
    again = [Kept("aa", 1, plain("go on")), Kept("aa", 5, plain("go on"))]
    store.save("talk", 0, replace(BEGUN, cut=CUT), again, "sfirst")

    assert [item.index for item in store.find("talk", "aa")] == [1]
    assert [item.index for item in store.find("talk", "sfirst")] == [1]


@pytest.mark.parametrize(
    "handle", ["../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "' OR 1=1 --", "%", "\ud800", ""]
)
def test_a_handle_names_nothing_but_what_is_kept(store: SqliteStore, handle: str) -> None:
    litany = Litany(goal="Find the leak.", store=store, key="talk", policy=SMALL)
    for length in range(1, 62, 6):
        litany(talk(40, "canary")[:length])

    assert store.find("talk", handle) == []
    if handle != "' OR 1=1 --":
        with pytest.raises(RecallError):
            litany.recall(handle)


def test_a_key_is_any_text(store: SqliteStore) -> None:
    names = ["../x", "a\x00b", "\ud800", "'; DROP TABLE kept --", "é", "e\u0301"]
    for name in names:
        store.save(name, 0, BEGUN, (), "")

    assert sorted(store.names(), key=names.index) == names


def test_a_conversation_in_a_file_is_sent_what_it_is_sent_in_memory(store: SqliteStore, tmp_path: Path) -> None:
    def sent(where: MemoryStore | SqliteStore) -> Sequence[object]:
        litany = Litany(goal="Find the leak.", store=where, key="talk", policy=SMALL, mark="0badcafe")
        views = [litany(talk(40, "canary")[: 1 + 2 * turn]) for turn in range(1, 41)]
        return [*views, litany.recall("result 7"), litany.recall(litany.state["cut"]["text"].split('"')[1])]

    assert sent(store) == sent(MemoryStore())


def test_a_forgotten_conversation_leaves_no_word_in_the_file_and_takes_nothing_of_another(tmp_path: Path) -> None:
    path = tmp_path / "s"
    store = SqliteStore(path)
    shared = Kept("aa", 1, plain("shared words"))
    store.save("gone", 0, replace(BEGUN, recital="xyzzyrecital"), [shared, Kept("bb", 2, plain("xyzzyplugh"))], "")
    store.save("stays", 0, BEGUN, [shared], "")

    assert store.forget("gone")
    assert not store.forget("gone")
    assert store.load("gone") is None
    assert store.search("stays", "shared") == [shared]
    assert b"xyzzy" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_vacuum_gives_the_room_of_a_forgotten_conversation_back(store: SqliteStore) -> None:
    store.save("talk", 0, BEGUN, [Kept(f"{n}", n, plain(f"{n * 2654435761:x} " * 300)) for n in range(400)], "")
    store.forget("talk")
    before, after = store.vacuum()

    assert after < before / 2


def test_a_file_written_without_an_index_gets_one_when_it_is_opened_with_one(tmp_path: Path) -> None:
    kept = [Kept(f"{n}", n, plain(f"canary{n}")) for n in range(1_100)]
    SqliteStore(tmp_path / "s", index=False).save("talk", 0, BEGUN, kept, "")

    assert SqliteStore(tmp_path / "s").search("talk", "canary1003") == [kept[1_003]]
    connection = sqlite3.connect(tmp_path / "s")
    assert connection.execute("SELECT count(*) FROM pending").fetchone() == (0,)
    connection.close()


def test_a_call_writes_what_is_new_and_not_what_the_record_has_brought(tmp_path: Path) -> None:
    def grown(length: int) -> int:
        store = SqliteStore(tmp_path / f"{length}")
        state = replace(BEGUN, edits=tuple(Edit(n, f"at{n}", n) for n in range(length)))
        store.save("talk", 0, state, (), "")
        version, state = store.load("talk") or (0, state)
        log = tmp_path / f"{length}-wal"
        before = log.stat().st_size
        store.save("talk", version, replace(state, edits=(*state.edits, Edit(length, "at", 1))), (), "")
        return log.stat().st_size - before

    assert grown(5_000) <= grown(50) + 3 * 4_120
