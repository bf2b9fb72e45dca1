"""The goal of no large-scale return to poverty: how likely rates stay below a range of thresholds, and no place falls as a whole.

No official number says what large-scale means. So every rate is held against several thresholds, by definition of relapse, in
every year and in all years of a run, in every county and in all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import comb
from typing import NamedTuple

import numpy as np

from experiments.chances import Flags, below, chance_of, independent_repeats, jointly, light_of
from experiments.clusters import run_spreads, tested_years
from experiments.intervals import Estimate, estimate
from experiments.quantities import QUANTITIES, Quantity
from experiments.results import Results, read_results
from experiments.runfiles import read_columns
from experiments.store import Store
from experiments.study import CountyCase, Plan
from experiments.tables import plain
from experiments.targets import Chance

THRESHOLDS = (0.005, 0.01, 0.02, 0.03, 0.05)
"""Shares that a rate is held against. Counties left poverty with a stock of poor below 2%, in the west below 3%, of the rural
population; the others are choices."""
DEFINITIONS = ("relapse_registry", "relapse_net", "relapse_guarantees", "relapse_core", "falling_net", "poor_stock")
"""Quantities that the goal is asked of: yearly flows but for the last, the stock that exit limits are about."""
WHOLE, EVERY = "", "*"
"""Names of a place added up, and of all its counties at once."""
ALL_YEARS = 0


class GoalRow(NamedTuple):
    """How often a rate stayed below a threshold.

    Attributes:
        policy: the policy.
        county: name of a county; empty for the place added up, ``*`` for every county at once.
        definition: id of a quantity, or of a kind of cluster.
        threshold: the share that the rate has to stay below; NaN for clusters.
        year: 0 for all years at once.
        value: the rate (or the number of clusters) of the year over repetitions; None for all years, or for every county.
        chance: how often it held; None where nobody was counted.
        light: traffic light.
    """

    policy: str
    county: str
    definition: str
    threshold: float
    year: int
    value: Estimate | None
    chance: Chance | None
    light: str


class CountyStep(NamedTuple):
    """How the joint probability falls with the number of counties.

    Attributes:
        policy, definition, threshold: what is asked, in all years.
        counties: how many of the simulated counties, taken at random.
        together: probability that all of them hold, with the luck that they share.
        alone: the same if each had luck of its own.
    """

    policy: str
    definition: str
    threshold: float
    counties: int
    together: float
    alone: float


class Rates(NamedTuple):
    """Rates of a county or a place: by definition an array of policy, repetition and year."""

    county: str
    years: tuple[int, ...]
    values: dict[str, Flags]
    independent: int
    policies: tuple[str, ...]


def quantity(name: str) -> Quantity:
    """Return a quantity by its id."""
    return next(one for one in QUANTITIES if one.id == name)


def read_rates(results: Results, county: str, definitions: Sequence[str] = DEFINITIONS) -> Rates:
    """Return the rates of stored results in the years that have a September test."""
    years = tuple(tested_years(results))
    shape = (len(results.study.policies), len(results.replications), 0)
    values = {
        name: np.stack([quantity(name).value(results, year) for year in years], axis=-1) if years else np.empty(shape)
        for name in definitions
    }
    return Rates(county, years, values, independent_repeats(results), results.study.policies)


def place_and_counties(plan: Plan, store: Store, definitions: Sequence[str] = DEFINITIONS) -> list[Rates]:
    """Return the rates of the place added up, and of each county where it lists several; one county is read at a time."""
    whole = read_rates(read_results(plan, store), WHOLE, definitions)
    if not plan.weighted:
        return [whole]
    return [whole, *(read_rates(read_results(plan, store, case), case.name, definitions) for case in plan.cases)]


def goal_rows(rates: Sequence[Rates], thresholds: Sequence[float] = THRESHOLDS) -> list[GoalRow]:
    """Return every probability: by policy, county, definition, threshold and year; of several counties all at once at the end.

    Args:
        rates: of the place added up first, then of each of its counties (`place_and_counties`).
        thresholds: shares.
    """
    rows = [row for one in rates for row in _rows_of(one, thresholds)]
    return [*rows, *_every_county(rates[1:], thresholds)]


def _rows_of(rates: Rates, thresholds: Sequence[float]) -> Iterator[GoalRow]:
    """Yield the probabilities of one county, or of the place added up."""
    for place, policy in enumerate(rates.policies):
        for name, values in rates.values.items():
            for bar in thresholds:
                held = [below(values[place, :, number], bar) for number in range(len(rates.years))]
                for number, year in enumerate(rates.years):
                    chance = chance_of(held[number], rates.independent)
                    value = estimate(values[place, :, number])
                    yield GoalRow(policy, rates.county, name, bar, year, value, chance, light_of(chance))
                yield _all_years(policy, rates.county, name, bar, held, rates.independent)


def _all_years(policy: str, county: str, name: str, bar: float, held: Sequence[Flags], independent: int) -> GoalRow:
    """Return the probability that a statement holds in all years."""
    chance = chance_of(jointly(held), independent) if held else None
    return GoalRow(policy, county, name, bar, ALL_YEARS, None, chance, light_of(chance))


def _every_county(rates: Sequence[Rates], thresholds: Sequence[float]) -> Iterator[GoalRow]:
    """Yield the probabilities that every county stays below, year by year and in all years."""
    if not rates:
        return
    first = rates[0]
    for place, policy in enumerate(first.policies):
        for name in first.values:
            for bar in thresholds:
                held = [
                    jointly([below(one.values[name][place, :, number], bar) for one in rates])
                    for number in range(len(first.years))
                ]
                for number, year in enumerate(first.years):
                    chance = chance_of(held[number], first.independent)
                    yield GoalRow(policy, EVERY, name, bar, year, None, chance, light_of(chance))
                yield _all_years(policy, EVERY, name, bar, held, first.independent)


def county_steps(rates: Sequence[Rates], thresholds: Sequence[float] = THRESHOLDS) -> list[CountyStep]:
    """Return how the probability that all of so many counties hold falls with their number, in all years.

    The counties are taken at random from those simulated: the mean over all choices of so many.
    """
    counties, steps = rates[1:], []
    for place, policy in enumerate(rates[0].policies):
        for name in rates[0].values:
            for bar in thresholds:
                held = np.stack([_in_all_years(one, name, place, bar) for one in counties]) if counties else np.empty((0, 0))
                held = held[:, ~np.isnan(held).any(axis=0)]
                if held.size:
                    steps += [CountyStep(policy, name, bar, *step) for step in _steps(held)]
    return steps


def _in_all_years(rates: Rates, name: str, place: int, bar: float) -> Flags:
    """Return 1 for the repetitions in which a county stays below in all years."""
    return jointly([below(rates.values[name][place, :, number], bar) for number in range(len(rates.years))])


def _steps(held: Flags) -> Iterator[tuple[int, float, float]]:
    """Yield number of counties, and the two probabilities, from flags by county and repetition."""
    count = len(held)
    holding = held.sum(axis=0).astype(int)
    # sums of products over all choices of so many counties (elementary symmetric polynomials)
    products = np.zeros(count + 1)
    products[0] = 1.0
    for share in held.mean(axis=1):
        products[1:] += share * products[:-1]
    for number in range(1, count + 1):
        together = float(np.mean([comb(int(some), number) for some in holding])) / comb(count, number)
        yield number, together, float(products[number]) / comb(count, number)


def cluster_chances(plan: Plan, store: Store) -> list[GoalRow]:
    """Return the probability that no village and no township falls as a whole, by group and definition, in every year and all.

    The definition of a row reads ``net village ex_poor``. Where a place lists counties, every county by itself and all at once.
    """
    results = [(case, read_results(plan, store, case)) for case in plan.cases[:1]]
    years, independent = tested_years(results[0][1]), independent_repeats(results[0][1])
    counted = {case.name: _clusters(plan, store, case, years) for case in plan.cases}
    rows: list[GoalRow] = []
    for (policy, kind), names in _kinds(counted).items():
        for name in names:
            rows += _cluster_rows(policy, name if plan.weighted else WHOLE, kind, years, counted[name][policy, kind], independent)
        if plan.weighted:
            together = np.sum([counted[name][policy, kind] for name in names], axis=0)
            rows += _cluster_rows(policy, EVERY, kind, years, together, independent)
    return rows


def _clusters(plan: Plan, store: Store, case: CountyCase, years: list[int]) -> dict[tuple[str, str], Flags]:
    """Return the clusters of a county by policy and kind: repetition, year."""
    found: dict[tuple[str, str], list[list[int]]] = {}
    for task in plan.tasks_in(case):
        spreads = run_spreads(read_columns(store.folder(task), "households.parquet"), years)
        kinds = dict.fromkeys(f"{definition} {level} {group}" for group, definition, level, _ in spreads)
        for kind in kinds:
            definition, level, group = kind.split(" ")
            row = [spreads[group, definition, level, year].clusters for year in years]
            found.setdefault((task.policy, kind), []).append(row)
    return {key: np.array(rows, dtype=np.float64) for key, rows in found.items()}


def _kinds(counted: dict[str, dict[tuple[str, str], Flags]]) -> dict[tuple[str, str], list[str]]:
    """Return the counties of each policy and kind of cluster."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for county, found in counted.items():
        for key in found:
            kinds.setdefault(key, []).append(county)
    return kinds


def _cluster_rows(policy: str, county: str, kind: str, years: list[int], counts: Flags, independent: int) -> Iterator[GoalRow]:
    """Yield how likely there is no cluster, year by year and in all years."""
    held = [below(counts[:, number], 0.5) for number in range(len(years))]
    for number, year in enumerate(years):
        chance = chance_of(held[number], independent)
        yield GoalRow(policy, county, kind, np.nan, year, estimate(counts[:, number]), chance, light_of(chance))
    yield _all_years(policy, county, kind, np.nan, held, independent)


HEADER = (
    "policy", "county", "definition", "threshold", "year", "rate", "rate_mc_error", "probability", "low95", "high95",
    "repetitions", "light",
)  # fmt: skip
STEP_HEADER = ("policy", "definition", "threshold", "counties", "probability_all_hold", "probability_if_independent")


def goal_cells(row: GoalRow) -> tuple[object, ...]:
    """Return a row as the cells of the CSV file."""
    county = {WHOLE: "place", EVERY: "every county"}.get(row.county, row.county)
    bar = "" if np.isnan(row.threshold) else plain(row.threshold)
    rate = ("", "") if row.value is None else (plain(row.value.mean), plain(row.value.error))
    chance = ("", "", "", "") if row.chance is None else (*map(plain, row.chance[:3]), row.chance.runs)
    return (row.policy, county, row.definition, bar, row.year or "all", *rate, *chance, row.light)


def step_cells(step: CountyStep) -> tuple[object, ...]:
    """Return a step as the cells of the CSV file."""
    return (*step[:2], plain(step.threshold), step.counties, plain(step.together), plain(step.alone))
