"""What keeps runs from going on: what is finished stays stored, and the same command continues."""

from __future__ import annotations

from scenarios.problems import Problem


class Stopped(Exception):
    """Runs cannot go on.

    Attributes:
        problem: what was found, what is allowed and what to do.
    """

    def __init__(self, key: str, given: str, allowed: str, hint: str) -> None:
        """Keep the parts as a problem with a key of the command line."""
        self.problem = Problem("command line", key, given, allowed, hint)
        super().__init__(str(self.problem))


class OtherVersion(ValueError):
    """A run whose counts are those of another version."""
