"""The cache of answers."""

import sqlite3
import sys
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from threading import Barrier, Thread

import pytest

from litany.core.completion import Completion, Usage
from litany.errors import EvalError
from litany.evals.sweep.cache import Answer, Cache, opened, request_key

MESSAGES = [{"role": "user", "content": "é?"}]
ANSWER = Answer(
    Completion({"role": "assistant", "content": "é 7"}, Usage(100, 10, 50), "stop"), 0.5, 0.25, "stub-1", "cell"
)


def test_an_answer_comes_back_as_it_was_and_says_so(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache.sqlite")
    assert cache.get(b"1") is None
    cache.put(b"1", ANSWER)
    cache.put(b"2", ANSWER)
    cache.close()

    cache = Cache(tmp_path / "cache.sqlite")
    found = cache.get(b"1")
    assert found is not None
    assert found == replace(ANSWER, reused=True)
    assert cache.spent == 0.5
    cache.close()


def test_folders_that_share_a_file_take_each_others_answers_and_pay_for_their_own(tmp_path: Path) -> None:
    one, other = (opened_in(tmp_path / name, tmp_path / "all.sqlite") for name in ("one", "other"))
    one.put(b"1", ANSWER)

    found = other.get(b"1")

    assert found == replace(ANSWER, payer="", reused=True)
    assert (found.cost, found.owed("cell"), ANSWER.owed("cell"), ANSWER.owed("twin")) == (0.25, 0.0, 0.25, 0.0)
    assert (one.spent, other.spent, other.get(b"2")) == (0.25, 0.0, None)
    for cache in (one, other):
        cache.close()
    alone = opened_in(tmp_path / "other", None)
    assert alone.get(b"1") == found, "what was taken is kept in the folder"
    alone.close()


def opened_in(folder: Path, shared: Path | None) -> Cache:
    folder.mkdir(exist_ok=True)
    return opened(folder, shared)


def test_a_file_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EvalError, match="name a file that may be written, in a folder that is there"):
        opened_in(tmp_path / "one", tmp_path / "none" / "all.sqlite")


def test_many_processes_may_make_one_file_at_once(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from litany.evals.sweep.cache import Cache; Cache(Path(sys.argv[1]))"
    started = [Popen([sys.executable, "-W", "ignore", "-c", code, str(tmp_path / "all.sqlite")]) for _ in range(6)]

    assert [each.wait(60) for each in started] == [0] * 6


def test_what_one_model_said_may_be_forgotten(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache.sqlite")
    for number in range(3):
        cache.put(b"%d" % number, ANSWER)
    cache.put(b"judge", replace(ANSWER, model="judge-1"))

    cache.forget("stub-1")

    assert [cache.get(key) is not None for key in (b"0", b"1", b"2", b"judge")] == [False, False, False, True]
    cache.close()


def test_a_request_has_one_key_whatever_the_order_of_its_keys() -> None:
    key = request_key("m", {"a": 1, "b": 2}, MESSAGES, [], 0)

    assert key == request_key("m", {"b": 2, "a": 1}, [{"content": "é?", "role": "user"}], [], 0)
    others = {
        request_key("n", {"a": 1, "b": 2}, MESSAGES, [], 0),
        request_key("m", {"a": 1}, MESSAGES, [], 0),
        request_key("m", {"a": 1, "b": 2}, MESSAGES * 2, [], 0),
        request_key("m", {"a": 1, "b": 2}, MESSAGES, [{}], 0),
        request_key("m", {"a": 1, "b": 2}, MESSAGES, [], 1),
    }
    assert len(others - {key}) == 5


def test_the_same_request_is_asked_by_one_thread_at_a_time(tmp_path: Path) -> None:
    cache, asked, ready = Cache(tmp_path / "cache.sqlite"), list[bytes](), Barrier(8)

    def ask(key: bytes) -> None:
        ready.wait()
        with cache.asking(key):
            if cache.get(key) is None:
                asked.append(key)
                cache.put(key, ANSWER)

    threads = [Thread(target=ask, args=(b"%d" % (n % 2),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cache.close()

    assert sorted(asked) == [b"0", b"1"]


def test_another_programs_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine (x)")
    other.commit()
    other.close()
    before = path.read_bytes()

    with pytest.raises(EvalError, match="another program"):
        Cache(path)
    assert path.read_bytes() == before


def test_a_damaged_file_is_told_of_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "cache.sqlite").write_bytes(b"not a database at all" * 100)

    with pytest.raises(EvalError, match="it is no database, or a broken one: move it away"):
        Cache(tmp_path / "cache.sqlite")
