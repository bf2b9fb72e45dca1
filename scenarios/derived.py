"""Derived series: figures given as ratios of another series (``of``) become figures, once everything is applied."""

from __future__ import annotations

from dataclasses import replace

from scenarios.cited import FIRST_MONTH, GRADES, LAST_MONTH, Cited, Origin, Series
from scenarios.lever import LeverEntry
from scenarios.policy import Setting
from scenarios.problems import Report, nearest
from sim.policies.mechanisms import MECHANISMS


def resolve(setting: Setting, report: Report) -> Setting:
    """Return the setting with every derived field of its levers multiplied out.

    A change of a field that is derived changes its ratio; a change of the series that it is a ratio of moves both.

    Args:
        setting: values and levers after all changes.
        report: collects ratios of a series that does not exist, of another kind of unit, or in a circle.
    """
    levers = {key: _resolve_lever(entry, setting, report) for key, entry in setting.levers.items()}
    return replace(setting, levers=levers)


def _resolve_lever(entry: LeverEntry, setting: Setting, report: Report) -> LeverEntry:
    """Return a lever without derived fields; most have none."""
    if not any(series.of for series in entry.fields.values()):
        return entry
    units = MECHANISMS[entry.mechanism].fields
    fields = {
        name: resolved(f"{entry.id}.{name}", units[name].unit, series, setting, report) for name, series in entry.fields.items()
    }
    return replace(entry, fields=fields)


def resolved(key: str, unit: str, series: Series, setting: Setting, report: Report, above: tuple[str, ...] = ()) -> Series:
    """Return a series multiplied out, through series that are derived themselves."""
    if not series.of:
        return series
    origin = series.entries[0].origin
    where = f"{origin.file}:{origin.line}" if origin.line else origin.file
    base, base_unit = find(series.of, setting)
    if base is None or series.of in (key, *above):
        given = f"'{series.of}', which leads back to itself" if base else f"'{series.of}', which nobody gives"
        report.add(where, f"{key}.of", given, "lever.field or values.name", nearest(series.of, _known(setting)))
        return replace(series, of="", unit=unit)
    base = resolved(series.of, base_unit, base, setting, report, (*above, key))
    if base_unit.startswith("yuan") != unit.startswith("yuan"):
        report.add(where, f"{key}.of", f"'{series.of}' in {base_unit}", f"a series in a unit like {unit}")
    return product(series, base, unit)


def find(key: str, setting: Setting) -> tuple[Series | None, str]:
    """Return a series by its key, and the engine's unit of it; None where nobody gives it."""
    owner, _, name = key.rpartition(".")
    if owner == "values" and name in setting.values:
        return setting.values[name], setting.values[name].unit
    lever = setting.levers.get(owner)
    if lever is None or name not in lever.fields:
        return None, ""
    return lever.fields[name], MECHANISMS[lever.mechanism].fields[name].unit


def _known(setting: Setting) -> list[str]:
    """Return the keys of all series."""
    fields = [f"{entry.id}.{name}" for entry in setting.levers.values() for name in entry.fields]
    return [*(f"values.{name}" for name in setting.values), *fields]


def product(ratio: Series, base: Series, unit: str) -> Series:
    """Return ratio times base: a figure for every month in which either changes, every month where one is a straight line."""
    months = sorted({FIRST_MONTH if entry.month is None else entry.month for entry in (*ratio.entries, *base.entries)})
    if ratio.linear or base.linear:
        months = list(range(months[0], min(months[-1], LAST_MONTH) + 1))
    entries = tuple(Cited(month, ratio.at(month) * base.at(month), _origin(ratio, base, month)) for month in months)
    low, high = sorted((ratio.low * base.low, ratio.high * base.high))
    return Series(entries, unit, low, high)


def _origin(ratio: Series, base: Series, month: int) -> Origin:
    """Return where a product comes from: the ratio's place, both sources, the weaker grade."""
    share, figure = in_force(ratio, month), in_force(base, month)
    source = f"{share.value:g} x {ratio.of}: {share.origin.source}; {figure.origin.source}"
    grade = max(share.origin.grade, figure.origin.grade, key=GRADES.index)
    return replace(share.origin, source=source, grade=grade, fact=share.origin.fact or figure.origin.fact)


def in_force(series: Series, month: int) -> Cited:
    """Return the figure of a series in force in a month."""
    before = [entry for entry in series.entries if entry.month is None or entry.month <= month]
    return before[-1] if before else series.entries[0]
