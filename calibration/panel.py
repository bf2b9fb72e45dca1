"""A survey panel in our own terms: households and persons by wave, and what is known of how they were measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from calibration.columns import JOBS, KEYS, KINDS, NEEDED, TABLES, PanelColumn
from calibration.problems import SurveyReport, rows
from experiments.labels import Label
from scenarios.problems import listing, nearest

OPERATORS = ("registry", "survey", "latent")
"""What an income counts. ``registry``: registered members, absent earners in full. ``survey``: residents and what the absent
send, premiums off and reimbursements on. ``latent``: what happens, known of a simulation alone."""


@dataclass(frozen=True)
class Meta:
    """How a panel was measured.

    Attributes:
        source: what the panel is, for reports: the codebook's title, or ``made`` with what it was made from.
        operator: the income operator, one of `OPERATORS`.
        recall_months: months that a question about a flow looks back over.
        interval: years from a wave to the next one, as planned.
        currency_year: year of the prices of all amounts; None where each wave is in its own prices (nominal).
        weighted: whether the weights are the file's; False where every row counts once.
        person_level: whether there are rows of persons.
        made: whether the panel was made by the model; then it holds nobody's data.
    """

    source: str
    operator: str = "survey"
    recall_months: int = 12
    interval: int = 2
    currency_year: int | None = None
    weighted: bool = True
    person_level: bool = True
    made: bool = False


@dataclass(frozen=True, repr=False)
class Panel:
    """Households and persons by wave.

    A column that the file lacks is absent; a value that was not observed is NaN. Amounts are yuan a year of the whole household,
    in the prices of the wave unless `Meta.currency_year` says otherwise. `calibration.columns` lists all names.

    Attributes:
        households: one row for a household and wave, in the order of wave and household.
        persons: one row for a person and wave; no rows and no columns but the keys in a panel without persons.
        meta: how it was measured.
        notes: what the reader did that the user should know, with counts.
    """

    households: pd.DataFrame
    persons: pd.DataFrame
    meta: Meta
    notes: tuple[Label, ...] = field(default=())

    def __repr__(self) -> str:
        """Say what there is: counts and columns, never a value."""
        waves = ", ".join(map(str, self.waves))
        counts = f"{len(self.households):,} household rows, {len(self.persons):,} person rows"
        return f"Panel({self.meta.source}: {counts}; waves {waves})"

    @property
    def waves(self) -> tuple[int, ...]:
        """Years of the waves, in order."""
        return tuple(int(year) for year in np.unique(self.households["wave"].to_numpy()))

    def has(self, name: str, table: str = "households") -> bool:
        """Return whether a column was measured."""
        return name in self.table(table).columns

    def table(self, name: str) -> pd.DataFrame:
        """Return ``households`` or ``persons``."""
        return {"households": self.households, "persons": self.persons}[name]

    def per_head(self, name: str) -> pd.Series:
        """Return an amount of households divided by their size (yuan a year and head); NaN where either is unknown."""
        return self.households[name] / self.households["size"]


def make_panel(
    households: pd.DataFrame, persons: pd.DataFrame | None, meta: Meta, notes: tuple[Label, ...] = (), least_waves: int = 1
) -> Panel:
    """Return a panel with types and order as promised, checked.

    Args:
        households: columns of `calibration.columns.HOUSEHOLD_COLUMNS`, in any order.
        persons: columns of `PERSON_COLUMNS`, or None.
        meta: how it was measured.
        notes: what the user should know.
        least_waves: waves that are needed.

    Raises:
        SurveyError: with all that is wrong, in counts and columns.
    """
    tables = {"households": households, "persons": persons if persons is not None else _nobody()}
    report = SurveyReport()
    for name, frame in tables.items():
        _check_names(name, frame, report)
    report.stop()
    typed = {name: _typed(name, frame, report) for name, frame in tables.items()}
    report.stop()
    panel = Panel(typed["households"], typed["persons"], meta, notes)
    check_panel(panel, least_waves)
    return panel


def _nobody() -> pd.DataFrame:
    """Return a table of persons without rows."""
    return pd.DataFrame({name: [] for name in NEEDED["persons"]})


def _check_names(table: str, frame: pd.DataFrame, report: SurveyReport) -> None:
    """Note unknown, doubled and missing columns."""
    known = [one.name for one in TABLES[table]]
    for name in frame.columns:
        if name not in known:
            report.add(table, str(name), "an unknown column", listing(known), nearest(str(name), known))
    for name in frame.columns[frame.columns.duplicated()]:
        report.add(table, str(name), "given twice", "each column once")
    for name in NEEDED[table]:
        if name not in frame.columns:
            report.add(table, name, "missing", "this column is required")


def _typed(table: str, frame: pd.DataFrame, report: SurveyReport) -> pd.DataFrame:
    """Return the columns in their order and types, rows by wave and key."""
    order = _order(table, frame)
    columns = {}
    for one in TABLES[table]:
        if one.name in frame.columns:
            values = _cast(table, one, frame[one.name], report)
            # a column at a time: a panel of ten million rows is never there three times
            columns[one.name] = values if order is None else values[order]
    return pd.DataFrame(columns, copy=order is None)


def _order(table: str, frame: pd.DataFrame) -> np.ndarray | None:
    """Return the order of rows by wave and key; None where they stand so already, or cannot be ordered."""
    keys = [pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=np.float64) for name in (KEYS[table][0], "wave")]
    order = np.lexsort(keys)
    return None if (np.diff(order) == 1).all() else order


def _in_order(table: str, frame: pd.DataFrame) -> bool:
    """Return whether rows stand by wave and key already."""
    waves, keys = (np.diff(frame[name].to_numpy(dtype=np.int64)) for name in ("wave", KEYS[table][0]))
    return bool(((waves > 0) | ((waves == 0) & (keys >= 0))).all())


def _cast(table: str, kind: PanelColumn, values: pd.Series, report: SurveyReport) -> Any:
    """Return a column in its type; note what does not fit."""
    if kind.kind == "job":
        return _cast_job(table, values, report)
    numbers = pd.to_numeric(values, errors="coerce")
    lost = int((numbers.isna() & values.notna()).sum())
    if lost:
        report.add(table, kind.name, f"not numbers: {rows(lost, len(values))}", "numbers")
        return numbers.to_numpy()
    if KINDS[kind.kind].startswith("int"):
        missing = int(numbers.isna().sum())
        if missing:
            report.add(table, kind.name, f"missing: {rows(missing, len(values))}", "a number in every row")
            return numbers.to_numpy()
    return numbers.to_numpy().astype(KINDS[kind.kind], copy=False)


def _cast_job(table: str, values: pd.Series, report: SurveyReport) -> Any:
    """Return jobs as categories."""
    unknown = int((~values.isin(JOBS) & values.notna()).sum())
    if unknown:
        report.add(table, "job", f"unknown jobs: {rows(unknown, len(values))}", listing(JOBS))
    return pd.Categorical(values, categories=list(JOBS))


def check_panel(panel: Panel, least_waves: int = 1) -> None:
    """Check what must hold of every panel.

    Raises:
        SurveyError: with all that is wrong, in counts and columns.
    """
    report = SurveyReport()
    _check_meta(panel, report)
    for name in TABLES:
        frame = panel.table(name)
        _check_keys(name, frame, report)
        for kind in TABLES[name]:
            if kind.name in frame.columns:
                _check_column(name, kind, frame[kind.name], report)
    if len(panel.waves) < least_waves:
        given = f"{len(panel.waves)} wave" if len(panel.waves) == 1 else f"{len(panel.waves)} waves"
        report.add(
            "households", "wave", given, f"{least_waves} waves or more", "a panel needs the same households in several waves"
        )
    report.stop()


def _check_meta(panel: Panel, report: SurveyReport) -> None:
    """Note an operator that there is none, and a panel without rows."""
    if panel.meta.operator not in OPERATORS:
        hint = nearest(panel.meta.operator, OPERATORS)
        report.add("panel", "operator", f"'{panel.meta.operator}'", listing(OPERATORS), hint)
    if not len(panel.households):
        report.add("households", "rows", "none", "at least one row")
    if panel.meta.person_level != bool(len(panel.persons)):
        report.add("persons", "rows", f"{len(panel.persons):,}", "rows where person_level is true, none where it is false")


def _check_keys(table: str, frame: pd.DataFrame, report: SurveyReport) -> None:
    """Note those who stand twice in a wave."""
    # rows stand in order, so the same one twice stands side by side: no table of ten million keys is needed
    ordered = frame if _in_order(table, frame) else frame.sort_values(["wave", KEYS[table][0]])
    alike = np.ones(max(0, len(ordered) - 1), np.bool_)
    for name in KEYS[table]:
        alike &= ordered[name].to_numpy()[1:] == ordered[name].to_numpy()[:-1]
    doubled = int((np.append(alike, False) | np.append(False, alike)).sum()) if len(ordered) else 0
    if doubled:
        what = f"the same {KEYS[table][0]} twice in a wave: {rows(doubled, len(frame))}"
        report.add(table, "+".join(KEYS[table]), what, f"one row for each {KEYS[table][0]} and wave", "keep one row of each")


def _check_column(table: str, kind: PanelColumn, values: pd.Series, report: SurveyReport) -> None:
    """Note impossible and all-missing values of a column, as counts."""
    if kind.kind in ("job", "id", "group"):
        return
    numbers = values.to_numpy(dtype=np.float64)
    total = len(numbers)
    for bad, said, allowed, hint in _faults(kind, numbers):
        if bad:
            report.add(table, kind.name, f"{said}: {rows(bad, total)}", allowed, hint)


def _faults(kind: PanelColumn, numbers: np.ndarray) -> list[tuple[int, str, str, str]]:
    """Return the kinds of faults of a column: count, what, what is allowed, what to do."""
    known = ~np.isnan(numbers)
    drop = "leave the column out of the codebook"
    empty = (len(numbers) if len(numbers) and not known.any() else 0, "all missing", "a column with values", drop)
    endless = (int(np.isinf(numbers).sum()), "not finite", "finite numbers", "")
    if kind.kind == "weight":
        return [(int((~known | (numbers <= 0.0)).sum()), "missing, zero or negative", "weights above zero", ""), endless]
    outside = int((known & ((numbers < kind.low) | (numbers > kind.high))).sum())
    limits = f"{kind.low:g} to {kind.high:g} {kind.unit}".strip()
    if kind.kind == "flag":
        outside = int((known & (numbers != 0.0) & (numbers != 1.0)).sum())
        limits = "0 or 1"
    return [(outside, "impossible", limits, "name missing codes in the codebook"), endless, empty]


def count_missing(panel: Panel, table: str = "households") -> Mapping[str, int]:
    """Return how many rows of each column were not observed."""
    return {str(name): int(values.isna().sum()) for name, values in panel.table(table).items()}
