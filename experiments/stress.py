"""Reverse stress test: the mildest shock under which a goal no longer holds.

The size of a shock scales how far it moves values off their course: 0 leaves them, 1 is the shock as named, 2 is twice as far.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.targets import Chance

Path = NDArray[np.float64]
HOLDS, BREAKS, UNSURE = "holds", "breaks", "cannot tell"
FIRST_SIZES = 5
"""Sizes tried at first, from none to the largest; they share their lived past."""
WITHIN = 3
"""Sizes tried in each later round, within the bracket of the round before."""
DIGITS = 6
"""Significant digits of sizes and values: equal commands ask for equal runs."""

UNBROKEN, BROKEN, FOUND = "does not break within the range", "broken without a shock", "breaks"


class Shock(NamedTuple):
    """A value that a shock moves.

    Attributes:
        key: ``values.<name>``.
        unit: of its figures.
        course: its figure in each month of the horizon without the shock.
        moved: the same under the shock as named.
        low, high: allowed range.
    """

    key: str
    unit: str
    course: Path
    moved: Path
    low: float
    high: float

    def path(self, size: float) -> Path:
        """Return the figures under the shock at a size."""
        return self.course + size * (self.moved - self.course)

    def largest(self) -> float:
        """Return the largest size at which all figures lie in the allowed range; infinite where none leaves it."""
        step = self.moved - self.course
        with np.errstate(divide="ignore", invalid="ignore"):
            room = np.where(
                step > 0, (self.high - self.course) / step, np.where(step < 0, (self.low - self.course) / step, np.inf)
            )
        return float(room.min())

    def changes(self, size: float, month_name: Callable[[int], str]) -> tuple[str, ...]:
        """Return the shock as changes by hand, one for each month in which the figure turns.

        Args:
            size: how far to move.
            month_name: the name of the month at a place of the path, such as ``2023-01``.
        """
        path = self.path(size)
        turns = [k for k in range(len(path)) if k == 0 or path[k] != path[k - 1]]
        first = next((k for k in turns if path[k] != self.course[k]), None)
        if first is None:
            return ()
        return tuple(f"{self.key}@{month_name(k)}={rounded(path[k])!r}" for k in turns if k >= first)


class Trial(NamedTuple):
    """One size and how often the goal held: its probability, and the rate of the worst year, mean over repetitions."""

    size: float
    chance: Chance
    worst: float

    def verdict(self, wanted: float) -> str:
        """Return whether the goal holds with the wanted probability, by the whole interval."""
        return HOLDS if self.chance.low >= wanted else BREAKS if self.chance.high < wanted else UNSURE


class Answer(NamedTuple):
    """What the search found.

    Attributes:
        outcome: one of `FOUND`, `BROKEN`, `UNBROKEN`.
        below: largest size tried below the first that breaks; NaN where none breaks or all do.
        above: smallest size that breaks, by the share of repetitions; NaN where none does.
        surely_holds: largest size up to which every interval lies above the wanted probability; NaN for none.
        surely_breaks: smallest size whose interval lies below it; NaN for none.
        returns: whether the goal holds again under a larger size than one that breaks it.
        trials: everything tried, by size.
    """

    outcome: str
    below: float
    above: float
    surely_holds: float
    surely_breaks: float
    returns: bool
    trials: tuple[Trial, ...]


def rounded(value: float) -> float:
    """Return a number with few enough digits to be written and read back."""
    return float(f"{value:.{DIGITS}g}")


def first_sizes(upto: float) -> list[float]:
    """Return the sizes tried at first."""
    return [rounded(upto * k / (FIRST_SIZES - 1)) for k in range(FIRST_SIZES)]


def sizes_between(below: float, above: float) -> list[float]:
    """Return the sizes tried within a bracket."""
    return [rounded(below + (above - below) * k / (WITHIN + 1)) for k in range(1, WITHIN + 1)]


def answer_of(trials: Sequence[Trial], wanted: float) -> Answer:
    """Return what some trials say, by size."""
    ordered = tuple(sorted(trials, key=lambda trial: trial.size))
    breaking = [trial.size for trial in ordered if trial.chance.share < wanted]
    sure = [trial.size for trial in ordered if trial.verdict(wanted) == BREAKS]
    held = np.nan
    for trial in ordered:
        if trial.verdict(wanted) != HOLDS:
            break
        held = trial.size
    above = breaking[0] if breaking else np.nan
    lower = [trial.size for trial in ordered if breaking and trial.size < above]
    outcome = UNBROKEN if not breaking else FOUND if lower else BROKEN
    returns = any(trial.size > above and trial.chance.share >= wanted for trial in ordered) if breaking else False
    return Answer(outcome, lower[-1] if lower else np.nan, above, held, sure[0] if sure else np.nan, returns, ordered)


def reverse(
    evaluate: Callable[[int, Sequence[float]], Sequence[Trial]], upto: float, wanted: float, tolerance: float, rounds: int = 8
) -> Answer:
    """Return the mildest size under which the goal does not hold with the wanted probability.

    Args:
        evaluate: makes the trials of a round, number and sizes given; all have the same luck.
        upto: largest size.
        wanted: probability that counts as holding.
        tolerance: how narrow the bracket has to be, as a share of the largest size.
        rounds: most rounds.
    """
    trials = list(evaluate(1, first_sizes(upto)))
    for number in range(2, rounds + 1):
        answer = answer_of(trials, wanted)
        if answer.outcome != FOUND or answer.above - answer.below <= tolerance * upto * (1 + 1e-9):
            break
        trials += evaluate(number, sizes_between(answer.below, answer.above))
    return answer_of(trials, wanted)


HEADER = ("size", "probability", "low95", "high95", "repetitions", "worst_year_rate", "verdict")


def trial_cells(trial: Trial, wanted: float) -> tuple[object, ...]:
    """Return a trial as the cells of the CSV file."""
    from experiments.tables import plain

    numbers = (plain(part) for part in trial.chance[:3])
    return (plain(trial.size), *numbers, trial.chance.runs, plain(trial.worst), trial.verdict(wanted))
