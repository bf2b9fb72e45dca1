"""Default values as they would have been set with the figures known by a month (`knownby.yaml`): hindcasts put them in place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from os import PathLike
from pathlib import Path

from scenarios.problems import Report
from scenarios.schema import Reader
from scenarios.shipped import FOLDER
from scenarios.yamlfile import Node, read_yaml

FITTED, BEFORE, HELD = "fitted", "before", "held"
HOW = (FITTED, BEFORE, HELD)
"""Fitted to the figures known; what stood before any fit; or the later course held, the level as it is."""


@dataclass(frozen=True)
class SetAnew:
    """One default value as known by a month.

    Attributes:
        change: the change by hand that sets it: ``values.name*=0.97``, ``values.name@2022-01=held``.
        how: one of `HOW`.
        why: what it rests on.
    """

    change: str
    how: str
    why: str

    @property
    def key(self) -> str:
        """The value changed, as ``used_for`` of an observed figure names it."""
        return self.change.partition("=")[0].partition("@")[0].rstrip("*").strip()


@dataclass(frozen=True)
class KnownBy:
    """What was known from a month on.

    Attributes:
        month: from when.
        figures: ids in facts.yaml of the figures that the values are fitted to.
        values: the default values that these ask for.
    """

    month: int
    figures: tuple[str, ...]
    values: tuple[SetAnew, ...]

    @property
    def without_hindsight(self) -> frozenset[str]:
        """Keys of values that no later figure speaks in any more; of those that are held the level still leans on some."""
        return frozenset(one.key for one in self.values if one.how != HELD)


def known_by(month: int, path: str | PathLike[str] | None = None) -> KnownBy | None:
    """Return the default values as known by a month; None before the first month listed.

    Raises:
        ScenarioError: with every problem of the file.
    """
    return next((row for row in reversed(read_known_by(path)) if row.month <= month), None)


def read_known_by(path: str | PathLike[str] | None = None) -> tuple[KnownBy, ...]:
    """Return the months at which something became known, in order: the shipped ones, or those of a file of the same form.

    Raises:
        ScenarioError: with every problem of the file.
    """
    return _shipped() if path is None else _read(read_yaml(Path(path)))


@cache
def _shipped() -> tuple[KnownBy, ...]:
    """Read the shipped file once."""
    return _read(read_yaml(FOLDER / "knownby.yaml", "knownby.yaml"))


def _read(node: Node) -> tuple[KnownBy, ...]:
    """Read the file."""
    report = Report()
    rows: list[KnownBy] = []
    for number, item in enumerate(Reader(node, "", ("known",), report).items("known")):
        reader = Reader(item, f"known[{number}]", ("from", "figures", "values"), report)
        month = reader.month("from")
        if month is None:
            if "from" not in reader.content:
                report.add(item.where, reader.name("from"), "missing", "this key is required")
            continue
        if rows and month <= rows[-1].month:
            reader.wrong(reader.content["from"], "from", "months that increase")
        figures = tuple(str(one.value) for one in reader.items("figures"))
        values = tuple(_value(one, f"{reader.path}.values[{place}]", report) for place, one in enumerate(reader.items("values")))
        rows.append(KnownBy(month, figures, values))
    report.stop()
    return tuple(rows)


def _value(node: Node, path: str, report: Report) -> SetAnew:
    """Read one value."""
    reader = Reader(node, path, ("change", "how", "why"), report)
    change = reader.text("change")
    if change and ("=" not in change or "." not in change.partition("=")[0]):
        reader.wrong(reader.content["change"], "change", "a change by hand, such as values.seen_ratio*=0.9")
    return SetAnew(change, reader.text("how", choices=HOW), reader.text("why"))
