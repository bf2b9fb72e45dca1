"""What can be wrong with a scenario: every problem is collected first, then all are told together."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 1000
"""Letters of what was given that are told again."""


def one_line(given: object) -> str:
    """Return what was given as it is told: in one line, without signs that command a terminal, and not at any length."""
    plain = "".join(sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in str(given))
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, with its remedy.

    Attributes:
        where: file and line, ``nanyang.yaml:12``, or ``override`` for a change given by hand.
        key: the key that is concerned, as a path (``values.premium``).
        given: what stands there.
        allowed: what may stand there.
        hint: nearest match or what to do; empty when there is none.
    """

    where: str
    key: str
    given: str
    allowed: str
    hint: str = ""

    def __str__(self) -> str:
        """Say it in one line, whatever stands in names and values."""
        text = f"{one_line(self.where)}: {one_line(self.key)}: {one_line(self.given)}; allowed: {self.allowed}"
        return f"{text}. {one_line(self.hint)}" if self.hint else text


class ScenarioError(ValueError):
    """One or more problems in scenario files or overrides."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems and list them all in the message."""
        self.problems = tuple(problems)
        count = len(self.problems)
        head = "1 problem in the scenario:" if count == 1 else f"{count} problems in the scenario:"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[tuple[Problem, ...]]]:
        """Travel whole between processes."""
        return type(self), (self.problems,)


class Report:
    """Collects problems while files are read."""

    def __init__(self) -> None:
        """Start with none."""
        self.problems: list[Problem] = []

    def add(self, where: str, key: str, given: str, allowed: str, hint: str = "") -> None:
        """Note one problem; the same one is noted once."""
        problem = Problem(where, key, given, allowed, hint)
        if problem not in self.problems:
            self.problems.append(problem)

    def stop(self) -> None:
        """Raise when anything was noted.

        Raises:
            ScenarioError: with every problem noted so far.
        """
        if self.problems:
            raise ScenarioError(self.problems)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` for the closest known name, or nothing."""
    match = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"did you mean '{match[0]}'?" if match else ""


def listing(names: Iterable[str], most: int = 12) -> str:
    """Return names as ``a, b, c``, cut after ``most``."""
    ordered = list(names)
    more = f" and {len(ordered) - most} more" if len(ordered) > most else ""
    return ", ".join(ordered[:most]) + more if ordered else "none"
