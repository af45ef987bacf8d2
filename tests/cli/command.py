"""`litany` as a stranger types it, in a process forked from this one: what takes long to import is there already."""

import logging
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryFile
from typing import IO, NoReturn

from litany.cli import main

SECONDS = 240
"""After which a command is ended."""


def ran(
    words: Sequence[str], variables: Mapping[str, str] | None = None, at: Path | None = None
) -> CompletedProcess[str]:
    """What came of it. `variables`: all that the environment has; `at`: where it is typed."""
    with TemporaryFile() as out, TemporaryFile() as err:
        child = os.fork()
        if not child:
            _became(words, os.environ if variables is None else variables, at, out.fileno(), err.fileno())
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said, told = (_read(file) for file in (out, err))
    return CompletedProcess(words, status, said, told)


def _became(words: Sequence[str], variables: Mapping[str, str], at: Path | None, out: int, err: int) -> NoReturn:
    """The forked process: its own arguments, variables and streams, and none of pytest's ways with warnings."""
    status = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
        sys.argv = ["litany", *words]
        given = dict(variables)
        os.environ.clear()
        os.environ.update(given)
        warnings.resetwarnings()
        warnings.simplefilter("ignore")
        logging.getLogger().handlers.clear()
        if "litellm" in sys.modules:  # imported by a test, not by litany, which has it print nothing
            setattr(sys.modules["litellm"], "suppress_debug_info", True)  # noqa: B010 -- no type checker knows it
        signal.alarm(SECONDS)
        os.chdir(at or Path())
        main()
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:  # noqa: BLE001 -- whatever it is, it must not go on as a second pytest
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
