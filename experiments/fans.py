"""Forecasts: series by year over repetitions, the bands that hold half to nine tenths of them, and what was observed.

A forecast is plain data: charts, tables and scores are made of it, and it can be frozen (`experiments.frozen`). Stored runs are
read, none is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.asof import known
from experiments.facts import SIMULATED, indicator_factor
from experiments.goal import GoalRow, Rates, goal_rows, place_and_counties
from experiments.labels import UNIT_LABELS, Label
from experiments.quantities import PER_CENT, QUANTITIES, Quantity
from experiments.results import Numbers, Results, ratio, read_results
from scenarios.scored import ScoredSeries, read_scored
from sim.rules import month_index, year_of

if TYPE_CHECKING:
    from experiments.store import Store
    from experiments.study import Plan
    from scenarios import Observation

BANDS = (0.5, 0.7, 0.9)
"""Shares of repetitions that bands hold, the narrowest first."""
LEVELS = (0.05, 0.15, 0.25, 0.5, 0.75, 0.85, 0.95)
"""Quantiles that a forecast is told by: the ends of the bands and the median."""
GOALS = ("relapse_net", "relapse_registry", "at_risk", "poor_stock")
"""Outcomes that are forecast by default, besides what has an observed counterpart."""
OBSERVED_FROM = 2020
"""An indicator that was last observed before this year is not forecast unless it is named."""
AFTER_TRANSITION = 24
"""Months after the transition that a forecast should reach before it says what the end of support does."""


class Series(NamedTuple):
    """What is forecast.

    Attributes:
        id: a quantity of the tables, or an indicator of ``scenarios/facts.yaml``.
        label: what it is.
        unit: unit of its values.
        digits: decimals shown.
        managed: whether what is observed of it are administrative targets: managed figures, scored apart.
    """

    id: str
    label: Label
    unit: Label
    digits: int
    managed: bool = False


class Point(NamedTuple):
    """An observed figure beside a forecast.

    Attributes:
        fact: id in facts.yaml.
        series: id of the series.
        year, month: when.
        value: in the unit of the series.
        place, tag, bound, source: as facts.yaml says.
    """

    fact: str
    series: str
    year: int
    month: int
    value: float
    place: str
    tag: str
    bound: str
    source: str

    @property
    def time(self) -> float:
        """The year on the axis, where a year stands for its December."""
        return self.year - (12 - self.month) / 12


@dataclass(frozen=True)
class Forecast:
    """A forecast of a place under some policies.

    Attributes:
        place: what the place is called.
        policies: their names, and what each is called.
        base: the policy that the others are compared with, in pairs.
        factual: the policy that is compared with what was observed.
        years: calendar years.
        values: by series: policy, repetition, year; NaN where the model says nothing.
        series: what is forecast.
        repeats: name of the parameter draw and number of the replication of each repetition.
        points: observed figures that were known.
        goal: probability of the goal by definition, threshold and year.
        asof: last month of which something is known; None where nothing is hidden.
        last_horizon: last year of the horizon; later ones are shown beyond it.
        transition_end: last month of the transition; None where the place gives none.
    """

    place: Label
    policies: Mapping[str, Label]
    base: str
    factual: str
    years: tuple[int, ...]
    values: Mapping[str, Numbers]
    series: tuple[Series, ...]
    repeats: tuple[tuple[str, int], ...]
    points: tuple[Point, ...]
    goal: tuple[GoalRow, ...]
    asof: int | None
    last_horizon: int
    transition_end: int | None

    def one(self, name: str) -> Series:
        """Return a series by its id."""
        return next(series for series in self.series if series.id == name)

    def of(self, series: str, policy: str) -> Numbers:
        """Return the values of a series under a policy: repetition, year."""
        values: Numbers = self.values[series][list(self.policies).index(policy)]
        return values

    def difference(self, series: str, policy: str) -> Numbers:
        """Return what a policy makes more of a series than the base, in pairs: repetition, year."""
        return self.of(series, policy) - self.of(series, self.base)

    def points_of(self, series: str) -> list[Point]:
        """Return what was observed of a series, in order of time."""
        return sorted((point for point in self.points if point.series == series), key=lambda point: (point.time, point.fact))

    def last_observed(self, series: str) -> float | None:
        """Return when a series was last observed; None where it never was."""
        return max((point.time for point in self.points_of(series)), default=None)

    @property
    def contains(self) -> Label:
        """What the bands hold and what they do not."""
        count, draws = len(self.repeats), len({draw for draw, _ in self.repeats})
        if draws > 1:
            return Label(
                f"色带为{count}次重复的中间50%、70%、90%，含随机波动（天气、疾病、就业等）与{draws}组参数的不确定性；"
                "不含模型结构、政策变动和观测误差",
                f"bands: the middle 50, 70 and 90% of {count} repetitions: luck (weather, illness, jobs) and {draws} parameter "
                "draws; not the model's structure, changes of policy or errors of measurement",
            )
        return Label(
            f"色带为{count}次重复的中间50%、70%、90%，只含随机波动（天气、疾病、就业等）；不含参数、模型结构、政策变动和观测误差",
            f"bands: the middle 50, 70 and 90% of {count} repetitions: luck only (weather, illness, jobs); not parameters, "
            "the model's structure, changes of policy or errors of measurement",
        )


def quantiles(values: Numbers, levels: Sequence[float] = LEVELS) -> Numbers:
    """Return quantiles over repetitions: level, year; NaN where a year has no values."""
    found = np.full((len(levels), values.shape[1]), np.nan)
    for year in range(values.shape[1]):
        there = values[:, year][~np.isnan(values[:, year])]
        if len(there):
            found[:, year] = np.quantile(there, levels)
    return found


def bands(values: Numbers) -> list[tuple[float, Numbers, Numbers]]:
    """Return the bands, the widest first: share of the repetitions, lower and upper end by year."""
    ends = [(share, quantiles(values, ((1 - share) / 2, (1 + share) / 2))) for share in reversed(BANDS)]
    return [(share, low, high) for share, (low, high) in ends]


def forecast_of(
    plan: Plan,
    store: Store,
    names: Sequence[str],
    horizon: tuple[int, int],
    asof: int | None = None,
    transition_end: int | None = None,
) -> Forecast:
    """Return the forecast that stored runs make.

    Args:
        plan: the study; its facts are the observed figures.
        store: its folder.
        names: ids of series; none for those of `default_series`.
        horizon: first and last year asked for; years after it that were simulated are shown too.
        asof: last month of which something is known.
        transition_end: last month of the transition.
    """
    results = read_results(plan, store)
    years = tuple(year for year in results.years if year >= horizon[0] and results.months_in(year) == 12)
    facts = speaking_of(plan.facts, results.place.en, results.weighted)
    told_by_then = known(facts, asof)
    series = tuple(_series(name, facts) for name in names or default_series(facts) if name in series_ids(facts))
    working = {one.id: _value(one.id, facts, told_by_then) for one in series}
    values = {name: np.stack([value(results, year) for year in years], axis=-1) for name, value in working.items()}
    # what the model cannot say of this place is not forecast
    told = tuple(one for one in series if np.isfinite(values[one.id]).any())
    return Forecast(
        place=results.place,
        policies={policy: results.name(policy) for policy in results.study.policies},
        base=results.study.base,
        factual=results.study.factual,
        years=years,
        values={one.id: values[one.id] for one in told},
        series=told,
        repeats=results.replications,
        points=tuple(_points(told, told_by_then)),
        goal=tuple(goal_rows([_within(one, years) for one in place_and_counties(plan, store)])),
        asof=asof,
        last_horizon=horizon[1],
        transition_end=transition_end,
    )


def _within(rates: Rates, years: Sequence[int]) -> Rates:
    """Return the rates of some of their years."""
    chosen = [place for place, year in enumerate(rates.years) if year in years]
    values = {name: flags[..., chosen] for name, flags in rates.values.items()}
    return rates._replace(years=tuple(rates.years[place] for place in chosen), values=values)


def speaking_of(facts: Iterable[Observation], place: str, whole: bool) -> list[Observation]:
    """Return the figures that a run can stand beside: totals, and figures that compare by growth, of its own place alone.

    Args:
        facts: the observed figures.
        place: English name of the place that was run.
        whole: whether the run stands for the whole of it.
    """
    growing = {fact.id for one in read_scored().series if one.kind == "growth" for fact in _listed(one, facts)}
    return [fact for fact in facts if not (fact.is_total or fact.id in growing) or (whole and fact.place == place)]


def series_ids(facts: Iterable[Observation]) -> tuple[str, ...]:
    """Return the ids that can be forecast: quantities of the tables, and indicators that have been observed."""
    return tuple(dict.fromkeys((*(quantity.id for quantity in QUANTITIES), *_comparable(facts))))


def default_series(facts: Iterable[Observation]) -> tuple[str, ...]:
    """Return what is forecast where nothing is named: the rates of the goal, and all that has an observed counterpart."""
    recent = [fact for fact in facts if fact.year >= OBSERVED_FROM]
    return (*GOALS, *(name for name in _comparable(recent) if name not in GOALS))


def _comparable(facts: Iterable[Observation]) -> tuple[str, ...]:
    """Return the indicators with a figure that a simulated one can be compared with, and the series that compare by growth."""
    facts = list(facts)
    level = (fact.indicator for fact in facts if fact.tag != "not_comparable" and fact.indicator in SIMULATED)
    growth = (one.id for one in read_scored().series if one.kind == "growth" and _listed(one, facts))
    return tuple(dict.fromkeys((*level, *growth)))


def facts_of(name: str, facts: Iterable[Observation]) -> list[Observation]:
    """Return the figures of a series in the unit of the first of them: an indicator's, or those that `scored.yaml` names."""
    listed = read_scored().one(name)
    if listed is not None and listed.figures:
        found = _listed(listed, facts)
    else:
        found = [fact for fact in facts if fact.indicator == name and fact.tag != "not_comparable"]
    return [fact for fact in found if fact.unit == found[0].unit]


def _listed(series: ScoredSeries, facts: Iterable[Observation]) -> list[Observation]:
    """Return the figures that a series names by the beginning of their ids."""
    return [fact for fact in facts if fact.indicator == series.indicator and fact.id.startswith(series.figures)]


def _quantity(name: str) -> Quantity | None:
    """Return a quantity of the tables by its id; None where there is none."""
    return next((quantity for quantity in QUANTITIES if quantity.id == name), None)


def _series(name: str, facts: Sequence[Observation]) -> Series:
    """Return what a name means: an indicator where it was observed, else a quantity."""
    observed = facts_of(name, facts)
    if not observed:
        quantity = _quantity(name)
        assert quantity is not None
        return Series(name, quantity.label, quantity.unit, quantity.digits)
    first = observed[0]
    managed = all(fact.tag == "administrative_target" for fact in observed)
    label = Label(first.names["zh"], first.names["en"])
    if first.unit == "share":
        return Series(name, label, PER_CENT, 1, managed)
    unit = Label(UNIT_LABELS.get(first.unit, first.unit), first.unit)
    return Series(name, label, unit, 0 if first.value > 1000 else 2, managed)


def scale_of(unit: str) -> float:
    """Return the factor from the unit of facts.yaml to the one shown."""
    return 100.0 if unit == "share" else 1.0


def _value(name: str, facts: Sequence[Observation], known_facts: Sequence[Observation]) -> Callable[[Results, int], Numbers]:
    """Return what works a series out for a year, in the unit shown: policy, repetition."""
    observed, listed = facts_of(name, facts), read_scored().one(name)
    if listed is not None and listed.kind == "growth":
        return partial(_grown, listed.indicator, facts_of(name, known_facts))
    if observed:
        return partial(_indicated, name, indicator_factor(observed[0].unit) * scale_of(observed[0].unit))
    quantity = _quantity(name)
    assert quantity is not None
    return partial(_counted, quantity)


def _grown(name: str, facts: Sequence[Observation], results: Results, year: int) -> Numbers:
    """Return the last figure known of a December times the model's growth since; NaN where there is none."""
    work_out, groups = SIMULATED[name]
    last = max((fact for fact in facts if fact.month == 12), key=lambda fact: fact.year, default=None)
    if last is None:
        return np.full(results.counts.shape[:2], np.nan)
    growth = ratio(work_out(results, groups, year), work_out(results, groups, last.year))
    return growth * last.value * scale_of(last.unit)


def _indicated(name: str, factor: float, results: Results, year: int) -> Numbers:
    """Return an indicator of facts.yaml, NaN in years that it asks more of than is simulated."""
    work_out, groups = SIMULATED[name]
    values: Numbers = work_out(results, groups, year) * factor
    return values


def _counted(quantity: Quantity, results: Results, year: int) -> Numbers:
    """Return a quantity of the tables in the unit that they show."""
    values: Numbers = quantity.value(results, year) * quantity.scale
    return values


def _points(series: Sequence[Series], facts: Sequence[Observation]) -> Iterable[Point]:
    """Yield the figures that stand beside the series."""
    for one in series:
        for fact in facts_of(one.id, facts):
            value = fact.value * scale_of(fact.unit)
            yield Point(fact.id, one.id, fact.year, fact.month, value, fact.place, fact.tag, fact.bound, fact.source)


def ends_too_soon(forecast: Forecast) -> bool:
    """Return whether the years shown end less than 24 months after the transition, though they reach its end."""
    end, last = forecast.transition_end, month_index(forecast.years[-1], 12)
    return end is not None and end <= last < end + AFTER_TRANSITION


def year_to_extend(transition_end: int) -> int:
    """Return the year by whose end 24 months after the transition are simulated."""
    return year_of(transition_end + AFTER_TRANSITION)


def summary_rows(forecast: Forecast) -> list[tuple[Any, ...]]:
    """Return the quantiles of every series, policy and year, and of the paired differences from the base."""
    rows: list[tuple[Any, ...]] = []
    for one in forecast.series:
        for policy in forecast.policies:
            rows += _rows(one, policy, "", forecast.of(one.id, policy), forecast)
            if policy != forecast.base:
                rows += _rows(one, policy, forecast.base, forecast.difference(one.id, policy), forecast)
    return rows


HEADER = ("series", "policy", "minus", "year", "unit", *(f"q{100 * level:02.0f}" for level in LEVELS), "repetitions", "observed")


def _rows(series: Series, policy: str, minus: str, values: Numbers, forecast: Forecast) -> Iterable[tuple[Any, ...]]:
    """Yield a row a year."""
    observed = {point.year: point.value for point in forecast.points_of(series.id) if point.month == 12}
    for place, (year, levels) in enumerate(zip(forecast.years, quantiles(values).T, strict=True)):
        count = int(np.isfinite(values[:, place]).sum())
        if count:
            seen = observed.get(year, "") if policy == forecast.factual and not minus else ""
            yield (series.id, policy, minus, year, series.unit.en, *(float(level) for level in levels), count, seen)
