"""The command line: the one place that reads the environment and prints."""


def main() -> None:
    """Run `litany` with the arguments of this process, and exit with its status; 130 at Ctrl-C, while it starts too."""
    try:
        import sys  # here, as the next one: importing litany.cli takes no time, and Ctrl-C is heard while they load

        from litany.cli.app import run

        status = run(sys.argv[1:])
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    raise SystemExit(status)
