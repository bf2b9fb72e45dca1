"""The command ``fangpin``."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command with the words of the command line and leave with its exit code."""
    from fangpin.cli import run_command

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # a terminal that knows no Chinese shows question marks; it must not stop the command
            stream.reconfigure(errors="replace")
    try:
        code = run_command(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader of a pipe has left; nothing more can be said, and Python must not try again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


if __name__ == "__main__":
    main()
