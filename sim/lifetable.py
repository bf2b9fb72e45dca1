"""The life table: monthly chances of death by sex and age, before the factors of ill health and normalised for them.

The ill die first, so those who survive to an age are healthier than the prevalence from which onsets were derived. The
normaliser is therefore what survivors really have: each cohort's mix of health is carried forward from the founders of January
2013, month by month, under the onsets and deaths that the rules apply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.arithmetic import monthly_probability
from sim.processes.demography import OLDEST, age_band
from sim.rules import Rules, month_index

SEXES, LEVELS = 2, 3
"""Levels of chronic conditions (none, one, two or more) and of self-care (full, partial, none)."""
_BEFORE, _AFTER = 4, 8
"""Months lived of a year by those who have not had, and have had, their birthday: a third and two thirds on average."""

Mix = list[list[np.ndarray]]
"""Shares of the living by chronic level and self-care level; each an array of sex and age in January."""


def onset_step(mix: Mix, onsets: Mapping[str, np.ndarray]) -> Mix:
    """Let chronic conditions and loss of self-care begin in January, as `sim.processes.health.age_in_health` does."""
    first, second = onsets["chronic_onset"], onsets["chronic_second"]
    partial, none = onsets["care_onset"], onsets["care_second"]
    ill = [
        [mix[0][s] * (1.0 - first), mix[0][s] * first + mix[1][s] * (1.0 - second), mix[1][s] * second + mix[2][s]]
        for s in range(LEVELS)
    ]  # by self-care, then chronic
    return [
        [
            ill[0][c] * (1.0 - partial),
            ill[0][c] * partial + ill[1][c] * (1.0 - none),
            ill[1][c] * none + ill[2][c],
        ]
        for c in range(LEVELS)
    ]


def raised(mix: Mix, chronic: float, disabled: float) -> np.ndarray:
    """Return the mean factor by which ill health raises the death rate, by sex and age."""
    total = np.zeros((SEXES, OLDEST + 1))
    alive = np.zeros((SEXES, OLDEST + 1))
    for c in range(LEVELS):
        for s in range(LEVELS):
            factor = (chronic if c > 1 else 1.0) * (disabled if s > 0 else 1.0)
            total = total + factor * mix[c][s]
            alive = alive + mix[c][s]
    return total / alive


class LifeTable:
    """Chances of death of every calendar year, from the rates given and the health of the cohorts that lived until then."""

    def __init__(
        self, rules: Rules, shares: Sequence[Sequence[float]], onsets: Mapping[str, np.ndarray], first_year: int
    ) -> None:
        """Start with the founders.

        Args:
            rules: the given rates, and the factors of ill health and of rural life by date.
            shares: shares by single age with one, and two or more, chronic conditions; with partial, and no, self-care.
            onsets: yearly chances of onset by age.
            first_year: the founders' year; they have the shares of their ages.
        """
        self.rules, self.onsets, self.first_year = rules, onsets, first_year
        self.rates = np.array(rules.tables["mortality"]).reshape(SEXES, -1)
        one, two, partial, none = (np.array([share, share]) for share in shares)
        chronic, care = [1.0 - one - two, one, two], [1.0 - partial - none, partial, none]
        self._mixes: dict[int, Mix] = {first_year: [[c * s for s in care] for c in chronic]}
        self._factors: dict[int, np.ndarray] = {}

    def chances(self, year: int) -> np.ndarray:
        """Return monthly death probabilities of a person in full health by sex and single age, sex after sex."""
        self._live(year)
        return (self.target(year) / self._factors[year]).reshape(-1)

    def target(self, year: int) -> np.ndarray:
        """Return the monthly death probabilities that all persons of a sex and age should have on average."""
        at = {name: self.rules.values[name].at(month_index(year)) for name in ("mortality_rural", "mortality_rural_old")}
        chances = np.zeros((SEXES, OLDEST + 1))
        for age in range(OLDEST + 1):
            rural = at["mortality_rural"] if age < 65 else (at["mortality_rural_old"] if age < 80 else 1.0)
            for sex in range(SEXES):
                chances[sex, age] = monthly_probability(float(self.rates[sex, age_band(age)]) * rural)
        return chances

    def _live(self, year: int) -> None:
        """Carry the cohorts through all years up to a year, and keep its mean factors of ill health."""
        for past in range(max(self._factors, default=self.first_year - 1) + 1, year + 1):
            mix = onset_step(self._mixes[past], self.onsets)
            target = self.target(past)
            factors = {}
            for month in range(1, 13):
                mix = self._month(mix, past, target if month <= 6 else _one_older(target))
                if month in (_BEFORE, _AFTER):
                    factors[month] = self._raised(mix, past)
            self._factors[past] = 0.5 * (factors[_BEFORE] + _one_younger(factors[_AFTER]))
            self._mixes[past + 1] = [[_next_year(mix[c][s], c + s == 0) for s in range(LEVELS)] for c in range(LEVELS)]

    def _raised(self, mix: Mix, year: int) -> np.ndarray:
        return raised(mix, *(self.rules.values[f"mortality_{name}"].at(month_index(year)) for name in ("chronic", "disabled")))

    def _month(self, mix: Mix, year: int, target: np.ndarray) -> Mix:
        """Let a month's deaths take more of the ill than of the healthy."""
        chronic, disabled = (self.rules.values[f"mortality_{name}"].at(month_index(year)) for name in ("chronic", "disabled"))
        healthy = target / raised(mix, chronic, disabled)
        return [
            [
                mix[c][s] * (1.0 - healthy * (chronic if c > 1 else 1.0) * (disabled if s > 0 else 1.0))
                for s in range(LEVELS)
            ]
            for c in range(LEVELS)
        ]  # fmt: skip


def _one_older(values: np.ndarray) -> np.ndarray:
    """Return what holds at the age one year older; the oldest stay."""
    return np.concatenate((values[:, 1:], values[:, -1:]), axis=1)


def _one_younger(values: np.ndarray) -> np.ndarray:
    """Return what holds at the age one year younger; the youngest stay."""
    return np.concatenate((values[:, :1], values[:, :-1]), axis=1)


def _next_year(values: np.ndarray, healthy: bool) -> np.ndarray:
    """Return the next January's values: everybody a year older, the newborn healthy."""
    born = np.full((SEXES, 1), 1.0 if healthy else 0.0)
    return np.concatenate((born, values[:, :-1]), axis=1)
