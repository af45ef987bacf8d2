"""Which files a list of paths means."""

from pathlib import Path

from litany.errors import TrajectoryError
from litany.replay.find import find


def test_a_folder_gives_its_trajectory_files_sorted_and_at_any_depth(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a/z.json.gz", "a/c.json", "LICENSE", "notes.txt", "d.jsonl.gz", "e.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")

    found = [str(path.relative_to(tmp_path)) for path in find([tmp_path]) if isinstance(path, Path)]

    assert found == ["a/c.json", "a/z.json.gz", "b.jsonl", "d.jsonl.gz"]


def test_a_file_that_is_named_is_taken_whatever_its_ending(tmp_path: Path) -> None:
    (tmp_path / "run.traj").write_text("{}")

    assert list(find([tmp_path / "run.traj"])) == [tmp_path / "run.traj"]


def test_what_is_not_there_is_an_error_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text("{}")

    missing, there = find([tmp_path / "a.json", tmp_path / "b.json"])

    assert isinstance(missing, TrajectoryError)
    assert "no such file" in str(missing)
    assert there == tmp_path / "b.json"


def test_a_folder_without_trajectory_files_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("MIT")

    (error,) = find([tmp_path])

    assert isinstance(error, TrajectoryError)
    assert str(tmp_path) in str(error)
