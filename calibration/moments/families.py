"""The moments that a panel can give, in families: income, poverty, spells, mobility, chronic poverty."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from calibration.moments import chronic, income, rates, spells
from calibration.moments.moment import Family, Moment, Values
from calibration.moments.weighted import Numbers, fifth_shares, gini, quantile, sen_index, watts_index
from calibration.moments.wide import Sample
from experiments.measures import poverty_index

LAGS = 3
"""Largest lag of autocovariances, in waves."""

LONGEST = 3
"""Durations are told apart up to here; the last takes all longer ones."""

_INCOME = ("households.income_total", "households.size")
Index = Callable[[Numbers, Numbers], float]
"""An index of incomes and weights."""

_PAIRS = "household weight of the earlier wave; households seen in both waves"
_HEADS = "all persons of the wave (household weight times size)"


def measure_income(sample: Sample) -> Values:
    """Return level, growth and dispersion of income per head."""
    heads, first = sample.heads, sample.income[:, 0]
    here = np.isfinite(first) & (heads[:, 0] > 0)
    logs, low = income.log_income(sample.income, sample.households.weights)
    known = heads[:, 0][here].sum() > 0
    return {
        "income_mean_first": rates.mean(sample.income[:, :1], heads[:, :1]),
        "income_median_first": (float(quantile(first[here], 0.5, heads[here, 0])) if known else np.nan, int(here.sum())),
        "log_income_first": rates.mean(logs[:, :1], sample.households.weights[:, :1]),
        "low_income_share": rates.mean(low, sample.households.weights),
        "log_income_sd": rates.spread(income.demeaned(logs, sample.households.weights), sample.households.weights),
        "gini": _over_waves(sample, gini),
        "lowest_fifth_share": _over_waves(sample, lambda values, weights: float(fifth_shares(values, weights)[0])),
    }


def measure_dynamics(sample: Sample) -> Values:
    """Return growth, and covariances of what is left of log income after the wave's mean."""
    weights = sample.households.weights
    logs, _ = income.log_income(sample.income, weights)
    left = income.demeaned(logs, weights)
    lags = [income.autocovariance(left, weights, lag) for lag in range(LAGS + 1)]
    steps = {f"autocovariance_{lag}_{lag + 1}": (lags[lag][0] - lags[lag + 1][0], lags[lag + 1][1]) for lag in range(LAGS)}
    return {
        "income_growth": income.mean_change(logs, weights, sample.households.years),
        **steps,
        **{f"autocovariance_{lag}": lags[lag] for lag in range(1, LAGS + 1)},
        "change_variance": income.change_covariance(left, weights, 0),
        "change_covariance_1": income.change_covariance(left, weights, 1),
        "shared_change": income.shared_covariance(left[:, 1:] - left[:, :-1], weights[:, :-1], sample.households.clusters),
    }


def measure_poverty(sample: Sample) -> Values:
    """Return poverty indices of persons, averaged over waves."""
    return {
        "poor_share": _over_waves(sample, lambda values, weights: poverty_index(values, 1.0, 0, weights), relative=True),
        "poverty_gap": _over_waves(sample, lambda values, weights: poverty_index(values, 1.0, 1, weights), relative=True),
        "poverty_gap_squared": _over_waves(sample, lambda values, weights: poverty_index(values, 1.0, 2, weights), relative=True),
        "sen": _over_waves(sample, lambda values, weights: sen_index(values, 1.0, weights), relative=True),
        "watts": _over_waves(sample, lambda values, weights: watts_index(values, 1.0, weights), relative=True),
        "near_poor_share": _over_waves(sample, lambda values, weights: poverty_index(values, 1.5, 0, weights), relative=True),
    }


def measure_spells(sample: Sample) -> Values:
    """Return entry, exit and return hazards."""
    poor, weights = sample.poor, sample.households.weights
    exits, returns = spells.exit_hazards(poor, weights, LONGEST), spells.return_hazards(poor, weights, LONGEST)
    return {
        "entry": spells.entry_rate(poor, weights),
        "exit": spells.exit_rate(poor, weights),
        **{f"exit_after_{duration}": exits[duration - 1] for duration in range(1, LONGEST + 1)},
        **{f"return_after_{duration}": returns[duration - 1] for duration in range(1, LONGEST + 1)},
    }


def measure_mobility(sample: Sample) -> Values:
    """Return moves between fifths of income per head."""
    table, seen = income.mobility(sample.income, sample.households.weights)
    return {f"fifth_{row + 1}_to_{column + 1}": (float(table[row, column]), seen // 5) for row in range(5) for column in range(5)}


def measure_chronic(sample: Sample) -> Values:
    """Return chronic and transient poverty by components, by gaps and by spells."""
    weights = np.where(np.isfinite(sample.income).all(axis=1), sample.households.weights[:, 0], 0.0)
    parts = chronic.poverty_components(sample.income, sample.lines, weights)
    gaps = chronic.gap_components(sample.income, sample.lines, weights)
    shares = chronic.spell_shares(sample.poor, weights)
    return {
        "chronic_components": (parts.chronic, parts.households),
        "transient_components": (parts.transient, parts.households),
        "transient_share_components": (parts.transient_share, parts.households),
        "chronic_gaps": (gaps.chronic, gaps.households),
        "transient_gaps": (gaps.transient, gaps.households),
        "transient_share_gaps": (gaps.transient_share, gaps.households),
        "sometimes_poor": (shares.sometimes, shares.households),
        "always_poor": (shares.always, shares.households),
        "transient_share_spells": (shares.transient_share, shares.households),
    }


def _over_waves(sample: Sample, index: Index, relative: bool = False) -> tuple[float, int]:
    """Return the mean over waves of an index of persons' income per head (relative to the line), NaN where it is not defined."""
    incomes = sample.income / sample.lines if relative else sample.income
    values, seen = [], 0
    for wave in range(incomes.shape[1]):
        weights = sample.heads[:, wave]
        here = np.isfinite(incomes[:, wave]) & (weights > 0)
        seen += int(here.sum())
        values.append(_index(index, incomes[here, wave], weights[here]))
    return float(np.mean(values)), seen


def _index(index: Index, values: Numbers, weights: Numbers) -> float:
    """Return an index, NaN where it is not defined for these incomes."""
    if not len(values):
        return np.nan
    try:
        return float(index(values, weights))
    except ValueError:
        return np.nan


def _steps() -> tuple[Moment, ...]:
    """Return the moments of the autocovariances."""
    text = "log income per head less the wave's mean: covariance {} waves apart; " + _PAIRS
    differences = [
        Moment(f"autocovariance_{lag}_{lag + 1}", "log income^2", text.format(lag) + f"; less the same {lag + 1} waves apart")
        for lag in range(LAGS)
    ]
    return (*differences, *(Moment(f"autocovariance_{lag}", "log income^2", text.format(lag)) for lag in range(1, LAGS + 1)))


def _by_duration(name: str, what: str) -> tuple[Moment, ...]:
    """Return the moments of a hazard by duration."""
    ends = ["" if duration < LONGEST else " or more" for duration in range(1, LONGEST + 1)]
    return tuple(
        Moment(f"{name}_after_{duration}", "share", f"{what.format(f'{duration}{end} waves')}, by the next wave; {_PAIRS}")
        for duration, end in enumerate(ends, start=1)
    )


INCOME = Family(
    "income",
    (
        Moment("income_mean_first", "yuan/person/year", f"mean income per head in the first wave; {_HEADS}"),
        Moment("income_median_first", "yuan/person/year", f"median income per head in the first wave; {_HEADS}"),
        Moment("log_income_first", "log yuan", "mean log income per head in the first wave; households"),
        Moment(
            "low_income_share", "share", f"income per head below {income.FLOOR:.0%} of the median, left out of logs; households"
        ),
        Moment("log_income_sd", "log income", "standard deviation of log income per head within waves; households"),
        Moment("gini", "index", f"Gini coefficient of income per head, mean over waves; {_HEADS}"),
        Moment("lowest_fifth_share", "share", f"share of income that the lowest fifth has, mean over waves; {_HEADS}"),
    ),
    _INCOME,
    measure_income,
)
DYNAMICS = Family(
    "dynamics",
    (
        Moment("income_growth", "1/year", f"mean yearly growth of log income per head; {_PAIRS}"),
        *_steps(),
        Moment("change_variance", "log income^2", f"variance of changes between neighbouring waves; {_PAIRS}"),
        Moment("change_covariance_1", "log income^2", f"covariance of a change with the next one; {_PAIRS}"),
        Moment("shared_change", "log income^2", f"covariance of changes between households of a sampling unit; {_PAIRS}"),
    ),
    _INCOME,
    measure_dynamics,
    waves=2,
)
POVERTY = Family(
    "poverty",
    (
        Moment("poor_share", "share", f"persons below the line, mean over waves (FGT 0); {_HEADS}"),
        Moment("poverty_gap", "index", f"mean gap as a share of the line (FGT 1); {_HEADS}"),
        Moment("poverty_gap_squared", "index", f"mean squared gap (FGT 2); {_HEADS}"),
        Moment("sen", "index", f"Sen index; {_HEADS}"),
        Moment("watts", "index", f"Watts index; not defined with incomes of zero or less; {_HEADS}"),
        Moment("near_poor_share", "share", f"persons below one and a half lines; {_HEADS}"),
    ),
    _INCOME,
    measure_poverty,
    line=True,
)
SPELLS = Family(
    "spells",
    (
        Moment("entry", "share", f"not poor, poor in the next wave; {_PAIRS}"),
        Moment("exit", "share", f"poor, not poor in the next wave; {_PAIRS}"),
        *_by_duration("exit", "leaves poverty after {} in it, its beginning seen"),
        *_by_duration("return", "falls back after {} out of poverty, its end seen"),
    ),
    _INCOME,
    measure_spells,
    waves=2,
    line=True,
)
MOBILITY = Family(
    "mobility",
    tuple(
        Moment(
            f"fifth_{row}_to_{column}",
            "share",
            f"of fifth {row} of income per head, in fifth {column} in the next wave; {_PAIRS}",
        )
        for row in range(1, 6)
        for column in range(1, 6)
    ),
    _INCOME,
    measure_mobility,
    waves=2,
)
CHRONIC = Family(
    "chronic",
    (
        Moment(
            "chronic_components",
            "index",
            "FGT 2 of mean income over waves (Jalan and Ravallion 1998); households seen in all waves",
        ),
        Moment("transient_components", "index", "mean FGT 2 less the chronic part (Jalan and Ravallion 1998); the same"),
        Moment("transient_share_components", "share", "transient over total FGT 2 (Jalan and Ravallion 1998); the same"),
        Moment(
            "chronic_gaps", "index", "equally distributed gap less its transient part (Duclos, Araar and Giles 2010); the same"
        ),
        Moment("transient_gaps", "index", "what a household's gap varies over time costs, order 2 (the same authors); the same"),
        Moment("transient_share_gaps", "share", "transient over total equally distributed gap (the same authors); the same"),
        Moment("sometimes_poor", "share", "poor in some waves, not in all (spells); the same"),
        Moment("always_poor", "share", "poor in every wave (spells); the same"),
        Moment("transient_share_spells", "share", "poor in some waves over poor in any (spells); the same"),
    ),
    _INCOME,
    measure_chronic,
    waves=3,
    line=True,
)
ECONOMIC = (INCOME, DYNAMICS, POVERTY, SPELLS, MOBILITY, CHRONIC)
