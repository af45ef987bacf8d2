"""stdout, kept apart from what users' code writes there."""

import os
import subprocess
import sys

import pytest

from litany.cli.apart import apart, overheard


def test_what_is_written_to_stdout_meanwhile_goes_to_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    with apart() as out:
        sys.stdout.write("printed\n")
        os.write(1, b"past Python\n")
        subprocess.run([sys.executable, "-c", "print('by a program')"], check=True)
        out.write("litany's own\n")
    sys.stdout.write("after\n")

    told = capfd.readouterr()

    assert told.out == "litany's own\nafter\n"
    assert sorted(told.err.splitlines()) == ["by a program", "past Python", "printed"]


def test_stdout_comes_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="x"), apart():
        raise ValueError("x")
    sys.stdout.write("after\n")

    assert capfd.readouterr().out == "after\n"


def test_what_is_overheard_is_told_line_by_line(capfd: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    with apart(), overheard(told.append):
        os.write(1, b"one\ntwo \xff")

    assert told == ["one", "two \ufffd"]
    assert capfd.readouterr().out == ""
