"""The command line: the one place that reads the environment and prints."""

import sys


def main() -> None:
    """Run `litany` with the arguments of this process, and exit with its status."""
    from litany.cli.app import run  # here, not above: importing litany.cli takes no time

    sys.exit(run(sys.argv[1:]))
