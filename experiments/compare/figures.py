"""One figure of the bureau's page, and the counts that most of them come from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from experiments.intervals import Estimate, estimate
from experiments.labels import Label
from experiments.results import Numbers, Results
from sim.indicators import GROUPS

HOUSEHOLDS, PERSONS, PER_CENT = Label("户", "households"), Label("人", "persons"), Label("%", "%")
MILLION_YUAN = Label("百万元", "million yuan")


class Line(NamedTuple):
    """One figure of one policy.

    Attributes:
        section: what the bureau asks.
        item: what the figure is, in both languages.
        detail: township, account, lever or reason that it is of; empty for all.
        year, month: when; month 0 for a whole year or its December.
        policy: the policy.
        value: mean and error over repetitions.
        unit, digits: how it is shown.
    """

    section: str
    item: Label
    detail: str
    year: int
    month: int
    policy: str
    value: Estimate
    unit: Label
    digits: int = 0


class Counts:
    """Counts of one policy."""

    def __init__(self, results: Results, policy: str) -> None:
        """Choose the policy."""
        self.results, self.policy, self.place = results, policy, results.place_of(policy)
        self.years = results.years

    def total(self, name: str, year: int, groups: tuple[str, ...] = GROUPS) -> Numbers:
        """Return the sum of an indicator over a year, by repetition."""
        return self.results.total(name, groups, year)[self.place]

    def december(self, name: str, year: int, groups: tuple[str, ...] = GROUPS) -> Numbers:
        """Return an indicator in the December of a year, by repetition."""
        return self.results.at_end(name, groups, year)[self.place]

    def line(self, section: str, item: Label, year: int, value: Any, unit: Label = HOUSEHOLDS, detail: str = "", month: int = 0,
             digits: int = 0) -> Line:  # fmt: skip
        """Return a line of this policy."""
        return Line(section, item, detail, year, month, self.policy, estimate(value), unit, digits)

    def flows(self, section: str, items: Iterable[tuple[str, Label]], groups: tuple[str, ...] = GROUPS) -> Iterable[Line]:
        """Yield yearly sums of indicators."""
        for name, item in items:
            for year in self.years:
                yield self.line(section, item, year, self.total(name, year, groups), digits=1)


HEADER = ("policy", "section", "item", "detail", "year", "month", "unit", "value", "mc_error", "low95", "high95", "replications")


def line_cells(line: Line) -> tuple[object, ...]:
    """Return a line as the cells of the CSV file."""
    from experiments.tables import plain

    one = line.value
    words = (line.policy, line.section, line.item.en, line.detail, line.year, line.month or "", line.unit.en)
    return (*words, *map(plain, (one.mean, one.error, one.low, one.high)), one.runs)
