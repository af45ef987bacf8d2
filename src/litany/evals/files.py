"""Files that are written and read whole: replaced in one step, or TOML."""

import os
import tomllib
from pathlib import Path
from typing import Any

from litany.errors import EvalError


def replaced(path: Path, body: bytes) -> None:
    """Replaces a file in one step: whoever reads it, after whatever happens, reads the old or the new.

    Raises: OSError when it cannot be written; nothing is left beside it then.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def table(path: Path, what: str, hint: str = "") -> dict[str, Any]:
    """The plain values of a TOML file. `what`: how errors call it. Raises: EvalError when there is none, or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvalError(f"{what} cannot be read ({error.strerror or error}){hint}") from None
    except UnicodeDecodeError as error:
        raise EvalError(f"{what} is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise EvalError(f"{what} is not TOML ({error}); mend that") from None
