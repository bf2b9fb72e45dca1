"""The series that forecasts are scored on, named beforehand (`scored.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from os import PathLike
from pathlib import Path

from scenarios.cited import GRADES
from scenarios.observed import INDICATORS
from scenarios.problems import Report
from scenarios.schema import Reader
from scenarios.shipped import FOLDER
from scenarios.yamlfile import Node, read_yaml

KINDS = ("level", "growth")
BETWEEN = ("stock", "sum")


@dataclass(frozen=True)
class ScoredSeries:
    """One series to be scored.

    Attributes:
        id: its name; that of its indicator where nothing else is said.
        indicator: its indicator in facts.yaml.
        figures: what the ids of its figures there begin with; empty for all of the indicator that compare with the model.
        kind: ``level``, or ``growth``: the model's growth on the last figure known.
        between: how a month within a year is read: ``stock`` between two Decembers, ``sum`` as part of the year's sum.
        why: what it is, and where it differs from what the model counts.
        since: first year of a running sum; None for any other series.
    """

    id: str
    indicator: str
    figures: str
    kind: str
    between: str
    why: str
    since: int | None = None

    def years(self, time: float) -> float:
        """Return the years over which a running sum has run at a time, where a year stands for its December; 1 for others."""
        return 1.0 if self.since is None else time - (self.since - 1)


@dataclass(frozen=True)
class Spread:
    """What a naive rival takes for its spread before any figure.

    Attributes:
        share: of the last figure known, standard deviation for a year ahead.
        weight: as many observed changes it counts for.
    """

    share: float
    weight: float


@dataclass(frozen=True)
class ScoredList:
    """All of the file: the series in its order, and the rivals' spread."""

    series: tuple[ScoredSeries, ...]
    spread: Spread

    def one(self, name: str) -> ScoredSeries | None:
        """Return a series by its name; None where it is not in the list."""
        return next((one for one in self.series if one.id == name), None)


def read_scored(path: str | PathLike[str] | None = None) -> ScoredList:
    """Return the series to be scored, the shipped ones or those of a file of the same form.

    Raises:
        ScenarioError: with every problem of the file.
    """
    return _shipped() if path is None else _read(read_yaml(Path(path)))


@cache
def _shipped() -> ScoredList:
    """Read the shipped file once."""
    return _read(read_yaml(FOLDER / "scored.yaml", "scored.yaml"))


def _read(node: Node) -> ScoredList:
    """Read the file."""
    report = Report()
    reader = Reader(node, "", ("spread", "series"), report)
    series: list[ScoredSeries] = []
    for item in reader.items("series"):
        one = _series(item, report)
        if one.id in {earlier.id for earlier in series}:
            report.add(item.where, f"{one.id}.id", "given twice", "each series once")
        series.append(one)
    spread = _spread(reader, report)
    report.stop()
    return ScoredList(tuple(series), spread)


def _series(node: Node, report: Report) -> ScoredSeries:
    """Read one series."""
    outer = Reader(node, "series", ("id", "indicator", "figures", "as", "between", "why", "since"), report)
    key = outer.text("id")
    reader = outer.renamed(key or "series")
    since = reader.number("since", required=False)
    if since is not None and (since != int(since) or not 1990 <= since <= 2060):
        reader.wrong(reader.content["since"], "since", "a year from 1990 to 2060")
    indicator = reader.text("indicator", required=key not in INDICATORS, choices=INDICATORS)
    return ScoredSeries(
        key,
        indicator or key,
        reader.text("figures", required=False),
        reader.text("as", choices=KINDS),
        reader.text("between", choices=BETWEEN),
        reader.text("why"),
        None if since is None else int(since),
    )


def _spread(outer: Reader, report: Report) -> Spread:
    """Read the rivals' spread."""
    node = outer.get("spread")
    if node is None:
        return Spread(0.0, 0.0)
    reader = Reader(node, "spread", ("share", "weight", "source", "grade"), report)
    reader.text("source")
    reader.text("grade", choices=GRADES)
    found = {key: reader.number(key) for key in ("share", "weight")}
    for key, low in (("share", 0.0), ("weight", 1.0)):
        value = found[key]
        # with the weight of one change or less the mean of the rival's error has no bound
        if value is not None and value <= low:
            reader.wrong(reader.content[key], key, f"a figure above {low:g}")
    return Spread(found["share"] or 0.0, found["weight"] or 0.0)
