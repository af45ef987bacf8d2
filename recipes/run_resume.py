"""A run that is killed in the middle of a tool, and goes on: litany resume NAME

The agent charges a card, which must never happen twice, and the process is killed with -9 right after the charge,
before it could note the result. After `litany resume` the model is told that the outcome of that call is unknown; it
looks, finds the charge, and is done. The card was charged once.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

TOOLS = '''
import os, signal
from pathlib import Path
BOOK = Path(__file__).with_name("charges.txt")

def charge(cents: int) -> str:
    """Charges the card."""
    BOOK.open("a").write(f"{cents}\\n")
    os.kill(os.getpid(), signal.SIGKILL)
    return "charged"

def charges() -> str:
    """Lists what was charged."""
    return BOOK.read_text()

charges.idempotent = True
'''


def call(name: str, **given: Any) -> dict[str, Any]:
    made = {"id": "c1", "type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
    return {"role": "assistant", "content": None, "tool_calls": [made]}


def main() -> None:
    answers = [call("charge", cents=900), call("charges"), {"role": "assistant", "content": "Charged once: 900."}]
    task = ["--goal", "Charge 900 cents.", "--model", "scripted:answers.jsonl", "--tools", "tools.py"]
    with TemporaryDirectory() as folder:
        at = Path(folder)
        (at / "tools.py").write_text(TOOLS)
        (at / "answers.jsonl").write_text("\n".join(map(json.dumps, answers)))
        print(f"killed by signal {-litany(at, 'run', *task, '--name', 'pay').returncode}")
        print(litany(at, "resume", "pay").stdout.strip())
        print(json.loads(litany(at, "export", "pay").stdout.splitlines()[3])["content"])
        print(f"charged: {(at / 'charges.txt').read_text().split()}")


def litany(at: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command."""
    command = [sys.executable, "-W", "ignore", "-m", "litany.cli", *words]
    return subprocess.run(command, cwd=at, check=False, capture_output=True, text=True)


if __name__ == "__main__":
    main()
