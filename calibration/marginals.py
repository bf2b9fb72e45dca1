"""A place's known totals, to which a survey's weights are moved: read from a YAML file, or what the place's own files say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from calibration.panel import Panel
from calibration.reweight import Marginal
from scenarios.problems import Report, listing, nearest
from scenarios.schema import Reader, read_origin
from scenarios.yamlfile import Node, read_yaml

if TYPE_CHECKING:
    from scenarios import Scenario

_KEYS = ("name", "column", "total", "share", "low", "high", "persons", "source", "grade")
COUNTED: Mapping[str, str] = {
    "households": "1 for every household",
    "aged_60": "members of 60 and over",
    "aged_80": "members of 80 and over",
    "children": "members under 16",
    "women": "women and girls",
    "workers": "members with work off the own farm",
    "chronic_members": "members with a chronic condition",
    "disabled_members": "members who are disabled",
}
"""Columns that are counted from the members, beside the panel's own columns of households."""
OFF_FARM = ("local_wage", "migrant", "wage", "post")


def with_counts(panel: Panel, wave: int) -> Panel:
    """Return one wave with the columns of `COUNTED` that its persons allow; a household without rows of persons has NaN."""
    homes = panel.households[panel.households["wave"] == wave].assign(households=1.0)
    people = panel.persons[panel.persons["wave"] == wave]
    flags: dict[str, pd.Series] = {}
    if "age" in people:
        flags |= {
            "aged_60": _flag(people["age"] >= 60, people["age"]),
            "aged_80": _flag(people["age"] >= 80, people["age"]),
            "children": _flag(people["age"] < 16, people["age"]),
        }
    if "female" in people:
        flags["women"] = people["female"].astype(float)
    if "job" in people:
        flags["workers"] = people["job"].isin(OFF_FARM).astype(float).where(people["job"].notna())
    for name, source in (("chronic_members", "chronic"), ("disabled_members", "disabled")):
        if source in people:
            flags[name] = _flag(people[source] > 0, people[source])
    if flags:
        # an unknown member makes the household's count unknown
        grouped = pd.DataFrame(flags).groupby(people["household"])
        homes = homes.join(grouped.sum().where(~grouped.agg(_any_unknown)), on="household")
    return Panel(homes.reset_index(drop=True), people.reset_index(drop=True), panel.meta, panel.notes)


def _flag(is_so: pd.Series, known: pd.Series) -> pd.Series:
    """Return 1 or 0, NaN where it is not known."""
    return is_so.astype(float).where(known.notna())


def _any_unknown(values: pd.Series) -> bool:
    """Return whether a value is not known."""
    return bool(values.isna().any())


def place_marginals(scenario: Scenario, panel: Panel, simulated: bool = False) -> tuple[Marginal, ...]:
    """Return the totals that a place's own files say: rural households, and the registered ones where the panel knows them.

    Args:
        scenario: the place.
        panel: one wave, from `with_counts`.
        simulated: whether the panel holds those households only that the place simulates.
    """
    homes = float(scenario.county.households)
    source = scenario.origin["county.households"][0].source
    found = [Marginal("rural households", "households", homes, source=source)]
    if simulated:
        share, source = scenario.rules.values["simulated_share"].values[0], scenario.origin["values.simulated_share"][0].source
        found = [Marginal("simulated rural households", "households", homes * share, source=source)]
    if panel.has("ex_poor") and float(panel.households["ex_poor"].fillna(0.0).sum()) > 0.0:
        share = scenario.rules.values["registered_share"].values[0]
        source = scenario.origin["values.registered_share"][0].source
        found.append(Marginal("formerly registered households", "ex_poor", homes * share, source=source))
    return tuple(found)


def read_marginals(path: str, scenario: Scenario, panel: Panel, simulated: bool = False) -> tuple[Marginal, ...]:
    """Read totals from a file; the rural households of the place come first unless the file has them.

    Args:
        path: the file.
        scenario: the place; a ``share`` is of its rural households.
        panel: one wave, from `with_counts`: what columns there are.
        simulated: as for `place_marginals`.

    Raises:
        ScenarioError: with everything that is wrong.
    """
    report = Report()
    reader = Reader(read_yaml(Path(path), path), "", ("marginals",), report)
    columns = [str(name) for name in panel.households.columns]
    found = [
        _marginal(node, f"marginals[{place}]", scenario, columns, report) for place, node in enumerate(reader.items("marginals"))
    ]
    if not found and not report.problems:
        report.add(path, "marginals", "none", "at least one total")
    names = [one.name for one in found if one]
    for name in sorted({name for name in names if names.count(name) > 1}):
        report.add(path, name, "twice", "each marginal once")
    report.stop()
    own = tuple(one for one in found if one)
    whole = place_marginals(scenario, panel, simulated)[:1]
    return own if any(one.column == "households" and one.low is None and one.high is None for one in own) else (*whole, *own)


def _marginal(node: Node, path: str, scenario: Scenario, columns: list[str], report: Report) -> Marginal | None:
    """Return one total; None, with what is wrong noted, where it is not usable."""
    before = len(report.problems)
    reader = Reader(node, path, _KEYS, report)
    name, column = reader.text("name"), reader.text("column")
    if column and column not in columns:
        known = sorted({*columns, *COUNTED})
        given = f"'{column}'" if column not in COUNTED else f"'{column}', which this wave does not tell"
        report.add(node.where, reader.name("column"), given, listing(known, 60), nearest(column, known))
    total, share = reader.number("total", required=False), reader.number("share", required=False)
    if (total is None) == (share is None):
        given = "neither total nor share" if total is None else "total and share"
        report.add(node.where, path, given, "one of them: a total, or a share of the place's rural households")
    elif (total if total is not None else share or 0.0) <= 0.0:
        report.add(node.where, path, "not above zero", "a number above zero")
    low, high = reader.number("low", required=False), reader.number("high", required=False)
    if low is not None and high is not None and low >= high:
        report.add(node.where, reader.name("low"), f"{low:g}, not below high ({high:g})", "low below high")
    persons = reader.get("persons", required=False)
    if persons is not None and not isinstance(persons.value, bool):
        reader.wrong(persons, "persons", "true or false")
    origin = read_origin(reader, "")
    if len(report.problems) > before:
        return None
    amount = float(total) if total is not None else float(share or 0.0) * scenario.county.households
    return Marginal(name, column, amount, low, high, bool(persons and persons.value), origin.source)


def traits_of(homes: pd.DataFrame) -> pd.DataFrame:
    """Return what households of a survey and of the model are compared by, one column a trait; missing columns are left out.

    Amounts come as the inverse hyperbolic sine of thousands of yuan a head: like a logarithm, and defined for losses.
    """
    size = homes["size"].astype(float).where(homes["size"] > 0)
    found: dict[str, pd.Series] = {"size": size}
    for name in ("income_total", "income_wage", "income_farm", "income_transfer", "medical_spending"):
        if name in homes:
            found[name] = pd.Series(np.arcsinh(homes[name].astype(float) / size / 1000.0))
    for name in ("workers", "aged_60", "children", "chronic_members", "disabled_members", "ex_poor", "dibao", "post", "pension"):
        if name in homes:
            found[name] = homes[name].astype(float)
    return pd.DataFrame(found)
