"""Changes given by hand: ``a_lever.share=0.5``, ``values.job_finding@2022-01=0.1``, ``a_lever.end=2023-01``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from scenarios.cited import FIRST_MONTH, Cited, Origin, Series, parse_month
from scenarios.lever import LeverEntry
from scenarios.policy import Setting
from scenarios.problems import Report, listing, nearest
from sim.policies.mechanisms import MECHANISMS

_WHERE = "override"


def is_value(override: str) -> bool:
    """Say whether an override changes a named value of the world, not a lever."""
    return override.strip().startswith("values.")


def apply_overrides(setting: Setting, overrides: Iterable[str], report: Report) -> Setting:
    """Apply changes given by hand, in order.

    Args:
        setting: values and levers to change.
        overrides: texts ``key=value`` or ``key@YYYY-MM=value``. Without a month the whole path becomes one figure, the
            years before the plan included; with a month the path stays as it is before that month.
        report: collects problems.
    """
    for text in overrides:
        key, equals, given = (part.strip() for part in text.partition("="))
        key, _, month = (part.strip() for part in key.partition("@"))
        if not equals or not key or not given:
            report.add(_WHERE, text, "not key=value", "lever.field=0.5, values.name=0.5, lever.field@2022-01=0.5")
        elif month and parse_month(month) is None:
            report.add(_WHERE, key, f"'{month}' after @", "a month such as 2022-01, from 2000-01 to 2060-12")
        else:
            setting = _apply(setting, key, parse_month(month), given, report)
    return setting


def _apply(setting: Setting, key: str, month: int | None, given: str, report: Report) -> Setting:
    """Apply one change to a value or a lever."""
    owner, _, name = key.rpartition(".")
    if owner == "values" and name in setting.values:
        series = _series(setting.values[name], key, month, given, report)
        return replace(setting, values={**setting.values, name: series})
    if owner in setting.levers:
        lever = _lever(setting.levers[owner], name, month, given, report)
        return replace(setting, levers={**setting.levers, owner: lever})
    known = [*(f"values.{value}" for value in setting.values)]
    known += [f"{part.id}.{name}" for part in setting.levers.values() for name in _parts(part)]
    allowed = "values.<name>, <lever>.<field>, <lever>.start, <lever>.end"
    report.add(_WHERE, key, "an unknown key", allowed, nearest(key, known))
    return setting


def _lever(lever: LeverEntry, name: str, month: int | None, given: str, report: Report) -> LeverEntry:
    """Change a field, a word, or the start or end of a lever."""
    key = f"{lever.id}.{name}"
    if name in lever.fields:
        return replace(lever, fields={**lever.fields, name: _series(lever.fields[name], key, month, given, report)})
    if name in lever.words:
        allowed = MECHANISMS[lever.mechanism].words[name]
        if given not in allowed:
            report.add(_WHERE, key, f"'{given}'", listing(allowed), nearest(given, allowed))
            return lever
        return replace(lever, words={**lever.words, name: given})
    if name in ("start", "end"):
        number = parse_month(given)
        if number is None:
            report.add(_WHERE, key, f"'{given}'", "a month such as 2022-01, from 2000-01 to 2060-12")
            return lever
        return replace(lever, start=number) if name == "start" else replace(lever, end=number)
    report.add(_WHERE, key, f"'{name}' is not part of {lever.id}", listing(_parts(lever)), nearest(name, _parts(lever)))
    return lever


def _parts(lever: LeverEntry) -> tuple[str, ...]:
    """Return what can be changed in a lever."""
    return (*lever.fields, *lever.words, "start", "end")


def _series(series: Series, key: str, month: int | None, given: str, report: Report) -> Series:
    """Return the series with one figure from a month on, or always."""
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or not series.low <= value <= series.high:
        report.add(_WHERE, key, f"'{given}'", f"{series.low:g} to {series.high:g} ({series.unit})")
        return series
    origin = Origin(_WHERE, 0, "override", "given by hand", "assumption")
    return series.changed((Cited(FIRST_MONTH if month is None else month, value, origin),))
