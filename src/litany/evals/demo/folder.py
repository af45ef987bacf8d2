"""The folder of a demo: what an earlier demo left there is asked anew; what anybody else left is not touched."""

from pathlib import Path

from litany.errors import EvalError
from litany.evals.sweep.lock import NAME as LOCK
from litany.evals.sweep.lock import WRITES, alone
from litany.evals.sweep.suite import Suite
from litany.evals.sweep.toml import written

MARK = ".demo"
"""The suite.toml of the demo that wrote the folder: while the two are the same, nobody else has used it since."""
SUITE = "suite.toml"
LEFT = (*WRITES, "report.html")
"""What a demo leaves."""


def taken(out: Path, suite: Suite) -> None:
    """Makes the folder ready, without the results of an earlier demo: every number is computed anew.

    Raises: EvalError when it holds anything else, cannot be written, or another demo is at work in it.
    """
    try:
        _checked(out)
        with alone(out):
            for name in LEFT:
                (out / name).unlink(missing_ok=True)
            (out / MARK).write_text(written(suite), encoding="utf-8")
    except OSError as error:
        raise EvalError(
            f"{out} cannot be written ({error.strerror or error}); give another folder: --out DIR"
        ) from None


def _checked(out: Path) -> None:
    if not out.is_dir():
        return  # there is nothing, or a file, which is no folder to write to
    mark, here = out / MARK, out / SUITE
    if not mark.exists():
        if any(path.name != LOCK for path in out.iterdir()):
            raise EvalError(f"{out} holds files that are not a demo's, and they stay; give another folder: --out DIR")
    elif here.exists() and here.read_bytes() != mark.read_bytes():
        raise EvalError(
            f"{out} holds the results of another eval by now, and they stay; give another folder: --out DIR"
        )
