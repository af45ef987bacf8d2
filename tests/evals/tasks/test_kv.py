"""Key-value: any number of pairs, and the published files."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from litany.errors import EvalError
from litany.evals.case import Case, Message
from litany.evals.sweep import Suite
from litany.evals.sweep.parts import parts_of
from litany.evals.tasks import case, fitted, load, task_named
from litany.tokens import counter

PUBLISHED = Path(__file__).parents[4] / "shared" / "data" / "lost_in_the_middle" / "kv_retrieval_data"
ITEM = {"ordered_kv_records": [["a", "1"], ["b", "2"], ["c", "3"]], "key": "b", "value": "2"}


def tokens(messages: Sequence[Message], tools: Sequence[Message]) -> int:
    return sum(counter()(message["content"]) for message in messages)


def pairs(case: Case) -> dict[str, str]:
    text: str = case.messages[0]["content"]
    return dict(json.loads(text[text.index("{") : text.rindex("}") + 1]))


def test_pairs_of_a_given_number_are_refused_at_several_lengths() -> None:
    suite = Suite(("kv", "kv:20"), "pocket", ("bare",), (1_000, 2_000), (0.5,), n=1)

    with pytest.raises(EvalError, match="kv:20 is the same prompt at every length; give one length"):
        parts_of(suite)
    assert set(parts_of(replace(suite, lengths=(2_000,))).tasks) == {"kv", "kv:20"}


@pytest.mark.parametrize("size", [75, 140, 300])
def test_there_are_as_many_pairs_as_the_name_says(size: int) -> None:
    drawn = case(task_named(f"kv:{size}"), 3, 30_000, 0.5, tokens)

    assert len(pairs(drawn)) == size
    assert pairs(drawn)[drawn.messages[0]["content"].split('Key: "')[1].split('"')[0]] == drawn.truth.texts[0]


@pytest.mark.parametrize(("depth", "place"), [(0.0, 0), (0.25, 19), (0.5, 37), (1.0, 74)])
def test_the_pair_is_inserted_at_its_depth(depth: float, place: int) -> None:
    drawn = case(task_named("kv:75"), 3, 10_000, depth, tokens)

    found = list(pairs(drawn).values()).index(drawn.truth.texts[0])

    assert abs(found - place) <= 1


def test_more_pairs_than_the_length_holds_are_refused() -> None:
    with pytest.raises(EvalError, match=r"kv:300: kv:300/3 takes [0-9,]+ tokens at the least, and of the length 1,000"):
        case(task_named("kv:300"), 3, 1_000, 0.5, tokens)


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published files are not here")
@pytest.mark.parametrize("size", [75, 140])
def test_the_published_files_load_whole(size: int) -> None:
    task = task_named(f"kv:{PUBLISHED / f'kv-retrieval-{size}_keys.jsonl.gz'}")
    with gzip.open(PUBLISHED / f"kv-retrieval-{size}_keys.jsonl.gz", "rt") as rows:
        items = [json.loads(row) for row in rows]

    assert len(items) == 500
    for seed in (0, 17, 499):
        drawn = fitted(task, seed, 20_000, tokens).at(0.5)
        assert pairs(drawn) == dict(items[seed]["ordered_kv_records"])
        assert drawn.truth.texts == (items[seed]["value"],)
        assert drawn.messages[0]["content"].endswith(f'Key: "{items[seed]["key"]}"\nCorresponding value:')


def test_a_file_of_ones_own_loads_packed_or_plain(tmp_path: Path) -> None:
    row = json.dumps(ITEM)
    plain, packed = tmp_path / "own.jsonl", tmp_path / "own.jsonl.gz"
    plain.write_text(row + "\n\n")
    packed.write_bytes(gzip.compress(row.encode()))

    assert load(plain).items == load(packed).items
    assert load(plain).name == f"kv:{plain}"
    assert load(plain).draft(5).truth.texts == ("2",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no item"),
        ("{}", "line 1: ordered_kv_records: Field required"),
        ("nonsense", "line 1: the line: Invalid JSON"),
        (json.dumps(ITEM | {"value": "3"}), "line 1: its key does not have its value"),
        (json.dumps(ITEM | {"more": 1}), "line 1: more: Extra inputs"),
        (json.dumps(ITEM) + "\n" + json.dumps(ITEM | {"key": "z"}), "line 2: its key"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(text)

    with pytest.raises(EvalError, match=says):
        load(path)


def test_a_file_that_is_not_packed_says_so(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl.gz"
    path.write_text("{}")

    with pytest.raises(EvalError, match="cannot be read"):
        load(path)
