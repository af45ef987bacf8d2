"""`python -m litany.cli` is the command `litany`."""

from litany.cli import main

if __name__ == "__main__":
    main()
