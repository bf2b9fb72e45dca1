"""How a command ends: its exit code, and the list of what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenarios.problems import Problem

DONE, SOME_FAILED, NOT_UNDERSTOOD, INTERRUPTED = 0, 1, 2, 130
HELP_WORDS = ("--help", "-h", "help")
"""Words that ask for a command's help."""


def refuse(problems: Sequence[Problem], command: str = "run", so: str = " and nothing was written") -> int:
    """List the problems on the error stream and return the exit code.

    Args:
        problems: what is wrong.
        command: the word after ``fangpin``.
        so: what that means, after the number of problems; nothing where a command writes nothing anyway.
    """
    from scenarios.problems import ScenarioError

    text = str(ScenarioError(problems)).replace(" in the scenario:", f"{so}:", 1)
    print(f"fangpin {command}: {text}", file=sys.stderr)
    return NOT_UNDERSTOOD
