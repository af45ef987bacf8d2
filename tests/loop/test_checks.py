"""Checks: what a task names as its end."""

import asyncio
from pathlib import Path

from litany.loop.checks import unmet
from litany.loop.task import Check


def checked(at: Path, *checks: Check, seconds: float = 30.0) -> list[str]:
    return asyncio.run(unmet(checks, at, seconds))


def test_what_holds_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("x")
    (tmp_path / "ends.py").write_text("def all_is_well():\n    return True\nasync def later():\n    return True\n")
    held = [Check(shell="test -f there"), Check(python="ends:all_is_well"), Check(python="ends:later")]

    assert checked(tmp_path, *held, Check(file="there")) == []


def test_what_does_not_hold_says_why(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "bad.py").write_text("def one():\n    return 1\ndef breaks():\n    raise KeyError('x')\n")

    assert checked(tmp_path, Check(file="empty"), Check(file="none")) == [
        "file = empty: it is empty",
        "file = none: there is none",
    ]
    assert checked(tmp_path, Check(python="bad:one"), Check(python="bad:breaks"), Check(python="bad:none")) == [
        "python = bad:one: it gave 1",
        "python = bad:breaks: KeyError: 'x'",
        "python = bad:none: bad has no 'none'",
    ]


def test_a_command_that_never_ends_is_ended_with_all_that_it_began(tmp_path: Path) -> None:
    (told,) = checked(tmp_path, Check(shell="sleep 3600 & echo $! > pid; wait"), seconds=0.5)

    assert "not done within 0.5 seconds" in told
    pid = (tmp_path / "pid").read_text().strip()
    state = Path(f"/proc/{pid}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"
