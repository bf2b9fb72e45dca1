"""Changes given by hand: ``lever.share=0.5``, ``values.job_finding@2022-01=0.1``, ``values.bill_mean*=1.2``, starts and ends.

``lever.share@2023-01=held`` keeps what was in force the month before, ``values.premium@2023-01=trend`` lets it go on as it went.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Iterable
from dataclasses import replace

from scenarios.cited import FIRST_MONTH, LAST_MONTH, Cited, Origin, Series, parse_month, show_month
from scenarios.lever import LeverEntry
from scenarios.policy import Setting
from scenarios.problems import Report, listing, nearest
from sim.policies.mechanisms import MECHANISMS

_WHERE = "override"
_BY_HAND = Origin(_WHERE, 0, "override", "given by hand", "assumption")
FACTOR = "*"
"""Behind a key: the figure given is a factor on the whole path, the years before the plan included."""
HELD, TREND = "held", "trend"
"""Instead of a figure, behind a key with a month: from then on the path stays at what it was the month before; or goes on as it
went, by the median of its yearly changes in the `TREND_YEARS` before, no more than `TREND_MOST` a year: neither one year's
redefinition of a line nor the building up of a programme is a trend. Both bounds are assumptions."""
WITHOUT_FIGURE = (HELD, TREND)
TREND_YEARS, TREND_MOST = 3, 0.1


def is_value(override: str) -> bool:
    """Say whether an override changes a named value of the world, not a lever."""
    return override.strip().startswith("values.")


def names_no_figure(override: str) -> bool:
    """Say whether an override names no figure (`WITHOUT_FIGURE`), which is asked of the field, never of a knob."""
    return override.partition("=")[2].strip() in WITHOUT_FIGURE


def apply_overrides(setting: Setting, overrides: Iterable[str], report: Report) -> Setting:
    """Apply changes given by hand, in order.

    Args:
        setting: values and levers to change.
        overrides: texts ``key=value``, ``key@YYYY-MM=value`` or ``key*=factor``. Without a month the whole path becomes one
            figure, the years before the plan included; with a month the path stays as it is before that month; with a
            factor the path keeps its course; ``key@YYYY-MM=held`` keeps what was in force the month before, ``=trend`` goes on.
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
    if key.endswith(FACTOR) and month is not None:
        report.add(_WHERE, key, "a factor with a month", "key*=factor on the whole path, or key@YYYY-MM=value")
        return setting
    if owner == "values" and name.removesuffix(FACTOR) in setting.values:
        value = name.removesuffix(FACTOR)
        series = _series(setting.values[value], key, month, given, report)
        return replace(setting, values={**setting.values, value: series})
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
    key, field = f"{lever.id}.{name}", name.removesuffix(FACTOR)
    if field in lever.fields:
        return replace(lever, fields={**lever.fields, field: _series(lever.fields[field], key, month, given, report)})
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
    """Return the series with one figure from a month on, or always; held or going on from a month on; or times a factor."""
    if given in WITHOUT_FIGURE and month is not None:
        return series.changed((_held(series, month),) if given == HELD else _going_on(series, month))
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    factor = key.endswith(FACTOR)
    old = series.entries if factor else (Cited(FIRST_MONTH if month is None else month, 1.0, _BY_HAND),)
    new = tuple(replace(entry, value=entry.value * value, origin=_BY_HAND) for entry in old)
    wrong = next((entry.value for entry in new if not series.low <= entry.value <= series.high), None)
    if math.isnan(value) or wrong is not None:
        reached = f", which makes {wrong:g}" if factor and wrong is not None else ""
        report.add(_WHERE, key, f"'{given}'{reached}", f"{series.low:g} to {series.high:g} ({series.unit})")
        return series
    return replace(series, entries=new) if factor else series.changed(new)


def _going_on(series: Series, month: int) -> tuple[Cited, ...]:
    """Return figures that go on from what was in force before a month: each January, or on a line where the series is one."""
    last, past = series.at(month - 1), [series.at(month - 1 - 12 * back) for back in range(TREND_YEARS + 1)]
    known = [new / old for new, old in itertools.pairwise(past) if old > 0.0 and new > 0.0]
    source = f"goes on by hand from {show_month(month - 1)} by the median of its yearly changes in the {TREND_YEARS} years before"
    if len(known) < TREND_YEARS:
        return (_held(series, month),)
    growth = min(max(statistics.median(known), 1.0 - TREND_MOST), 1.0 + TREND_MOST)
    first = month if series.linear else month + -month % 12
    found = [_held(series, month)] if first > month else []
    for at in range(first, LAST_MONTH + 1, 12):
        years = (at - month + 1) / 12 if series.linear else 1 + (at - first) // 12
        value = min(max(last * growth**years, series.low), series.high)
        found.append(Cited(at, value, replace(_BY_HAND, source=source)))
    return tuple(found)


def _held(series: Series, month: int) -> Cited:
    """Return the figure in force before a month, as one that holds from that month on."""
    source = f"held by hand at what was in force in {show_month(month - 1)}"
    return Cited(month, series.at(month - 1), replace(_BY_HAND, source=source))
