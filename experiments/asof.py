"""What was known in a month: observed figures, inputs of the scenario that are later, and the changes by hand that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from scenarios.cited import NOT_USED, Origin, Series, show_month
from scenarios.override import HELD, TREND
from sim.rules import month_index

if TYPE_CHECKING:
    from scenarios import Observation, Scenario

OF_PLACES = ("nation", "province", "place")
"""Levels of files that say what a place is like. What a policy or a hand sets is the condition of a forecast, no knowledge."""
INPUTS = (TREND, HELD)
"""What becomes of inputs after the month of a hindcast: amounts of money go on as they went, all else is held; or all is held."""
_DAY = re.compile(r"(?<![0-9])(20[0-9]{2})-([0-9]{2})(?:-[0-9]{2})?(?![0-9])")
_YEAR = re.compile(r"(?<![0-9,.])(20[0-9]{2})(?![0-9])")


class LaterInput(NamedTuple):
    """A figure of the scenario that is dated after the month of a hindcast.

    Attributes:
        key: as in changes by hand: ``values.premium``, ``dibao.standard``.
        month: from when it holds.
        value, unit: the figure as the files give it.
        source: where it comes from.
        held: whether the forecast does without it, by a change by hand; else it stays, for the reason in `why`.
        why: ``policy`` where the policy sets it, ``not in every county`` where one change cannot reach it, else empty.
    """

    key: str
    month: int
    value: float
    unit: str
    source: str
    held: bool
    why: str = ""


def published(source: str, years: bool = True) -> int | None:
    """Return the month of a source: the last date that it names, December where it names only a year; None without any.

    Args:
        source: publisher, title and date.
        years: whether a year without a month counts; those of an assumption tell what is assumed, not when.
    """
    days = [month_index(int(year), int(month)) for year, month in _DAY.findall(source) if 1 <= int(month) <= 12]
    if days:
        return max(days)
    return max((month_index(int(year), 12) for year in _YEAR.findall(source) if years), default=None)


def dated(fact: Observation) -> int:
    """Return the month from which an observed figure is known: when it was told, never before the month of the figure itself."""
    return max(month_index(fact.year, fact.month), fact.told or published(fact.source) or 0)


def known(facts: Iterable[Observation], asof: int | None) -> tuple[Observation, ...]:
    """Return the observed figures that were known in a month; all of them where no month is given."""
    return tuple(fact for fact in facts if asof is None or dated(fact) <= asof)


def used_later(facts: Iterable[Observation], asof: int) -> tuple[Observation, ...]:
    """Return the figures known only later that default values were chosen with: these no change by hand can take back."""
    return tuple(fact for fact in facts if fact.used_for and dated(fact) > asof)


def later_inputs(scenarios: Sequence[Scenario], asof: int) -> tuple[LaterInput, ...]:
    """Return the figures of scenarios that are dated after a month, by key.

    Args:
        scenarios: those of every county and policy of a study.
        asof: the last month that is known.
    """
    found: dict[tuple[str, int], LaterInput] = {}
    for scenario in scenarios:
        for key, series in scenario.series.items():
            if key.startswith("county."):
                continue
            why = _why_kept(key, scenarios, asof)
            for entry in series.entries:
                if entry.month is not None and entry.month > asof and entry.origin.source != NOT_USED:
                    row = LaterInput(by_hand(key), entry.month, entry.value, series.unit, entry.origin.source, not why, why)
                    found.setdefault((key, entry.month), row)
    return tuple(found[key] for key in sorted(found))


def by_hand(key: str) -> str:
    """Return the key of a series as changes by hand write it."""
    return key.removeprefix("levers.")


def _why_kept(key: str, scenarios: Sequence[Scenario], asof: int) -> str:
    """Return why later figures of a key are not held; empty where they are."""
    series = [scenario.series.get(key) for scenario in scenarios]
    if any(one is None for one in series):
        return "not in every county"
    return "policy" if any(_set_by_hand(one, asof) for one in series if one is not None) else ""


def _set_by_hand(series: Series, asof: int) -> bool:
    """Return whether a policy or a hand says what a series is after a month."""
    return any(entry.origin.level not in OF_PLACES for entry in series.entries if entry.month is not None and entry.month > asof)


def holding(later: Iterable[LaterInput], asof: int, inputs: str = TREND) -> tuple[str, ...]:
    """Return the changes by hand that put what was known in a month in the place of later figures.

    Args:
        later: the later figures.
        asof: the last month that is known.
        inputs: one of `INPUTS`.
    """
    words = {one.key: in_place_of(one, inputs) for one in later if one.held}
    return tuple(f"{key}@{show_month(asof + 1)}={word}" for key, word in words.items())


def in_place_of(one: LaterInput, inputs: str) -> str:
    """Return what stands in the place of a later figure, for `inputs` of `INPUTS`; why it stays where nothing does."""
    if not one.held:
        return one.why
    return inputs if one.unit.startswith("yuan") else HELD


def later_sources(scenarios: Sequence[Scenario], asof: int) -> Mapping[str, str]:
    """Return figures that hold before a month and whose source is dated after it: by key the source. They stay."""
    return {
        by_hand(key): entry.origin.source
        for scenario in scenarios
        for key, series in scenario.series.items()
        for entry in series.entries
        if (entry.month is None or entry.month <= asof) and _is_later(entry.origin, asof)
    }


def _is_later(origin: Origin, asof: int) -> bool:
    """Return whether the source of a figure is dated after a month."""
    return (published(origin.source, origin.grade != "assumption") or 0) > asof
