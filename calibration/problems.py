"""What can be wrong with a survey file: all problems together, with counts and columns, never with a value."""

from __future__ import annotations

from collections.abc import Iterable

from scenarios.problems import Problem, Report, ScenarioError


class SurveyError(ScenarioError):
    """One or more problems in survey files or in their codebook."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems and list them all in the message."""
        super().__init__(problems)
        count = len(self.problems)
        head = "1 problem in the survey:" if count == 1 else f"{count} problems in the survey:"
        self.args = ("\n".join([head, *(f"  {problem}" for problem in self.problems)]),)


class SurveyReport(Report):
    """Collects the problems of survey files."""

    def stop(self) -> None:
        """Raise when anything was noted.

        Raises:
            SurveyError: with every problem noted so far.
        """
        if self.problems:
            raise SurveyError(self.problems)


def rows(bad: int, total: int) -> str:
    """Say how many rows are concerned."""
    return f"{bad:,} of {total:,} rows"
