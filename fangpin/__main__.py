"""The command ``fangpin``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command with the words of the command line and leave with its exit code."""
    from fangpin.cli import run_command

    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
