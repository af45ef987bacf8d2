"""Fresh processes whose start is timed."""

import shutil
import sys
from pathlib import Path

LITANY = shutil.which("litany", path=str(Path(sys.executable).parent)) or "litany"
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import litany": [sys.executable, "-c", "import litany"],
    "litany --help": [LITANY, "--help"],
}
