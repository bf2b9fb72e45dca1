"""The month's law and weather: every named value of the month, tables derived from it, and what the sky and the market bring."""

from __future__ import annotations

import math

import numpy as np

from sim.arithmetic import exp, log, monthly_probability
from sim.lifetable import LifeTable
from sim.parameters import PARAMETERS
from sim.policies.tables import LeverTables, blended
from sim.processes.demography import OLDEST
from sim.rules import County, Rules, month_of_year, year_of
from sim.script import NOTHING, Script
from sim.state import TOWNSHIP, Columns
from sim.weather import NATION, Weather

FIRST_YEAR = 2013
"""First year that is lived through: the history begins in January 2013."""

WATCH = (
    "visit_start", "visit_share", "visit_start_ex_poor", "visit_share_ex_poor",
    "records_kept", "large_bill", "least_loss", "false_alarms", "alerts_on",
)  # fmt: skip
"""What the registry decides for a month: which part of the round is visited, which records are kept, how often it is mistaken."""

MARKET = ("layoff_local", "layoff_migrant", "job_market")
"""What waves of lay-offs do to the month: added hazards of losing a job, and the chance of finding one."""

DERIVED = ("poverty_line_before", "farm_price", "livestock_price", "yield_own_sd", "crowding", *WATCH, *MARKET)
LAW = {name: place for place, name in enumerate((*PARAMETERS, *DERIVED))}
"""Place of every named value in the month's law; yearly hazards stand there as monthly probabilities."""

ENVIRONMENT = tuple(column.name for column in TOWNSHIP if column.kind == "f8")
"""The townships' weather, in the order of its rows."""
_LOSS, _STRUCK, _AFTERMATH, _YIELDS = (ENVIRONMENT.index(name) for name in ("loss", "struck", "aftermath", "yields"))

TABLES = (
    "mortality_month",
    "fertility_month",
    "admission_month",
    "chronic_onset",
    "chronic_second",
    "care_onset",
    "care_second",
    "disability_onset",
    "demand",
)
"""Tables that the rules read, derived from those of the scenario."""

TOWNSHIPS = 10_000
"""Townships that a county may have, for their ids."""
_MIDDLES = (7.5, 22.5, 37.5, 52.5, 67.5, 82.0)
"""Middle ages of the six age bands of the health tables."""
_BAND_STARTS = (0, 15, 30, 45, 60, 75)


def prevalence(table: np.ndarray, age: float) -> float:
    """Return a share by age, straight between the middles of its six bands."""
    return float(np.interp(age, _MIDDLES, table))


def band_of(age: int) -> int:
    """Return the band of an age in the health tables."""
    return max(k for k, start in enumerate(_BAND_STARTS) if age >= start)


def onset(share: list[float], base: list[float]) -> np.ndarray:
    """Return yearly chances that reproduce a share rising with age: next year's gain over those who can still gain it."""
    chances = np.zeros(OLDEST + 1)
    for age in range(OLDEST):
        gain = share[age + 1] - share[age]
        chances[age] = gain / base[age] if gain > 0 and base[age] > 0 else 0.0
    return chances


class World:
    """All that a month brings before anybody acts. It reads the rules and the draws and changes neither."""

    def __init__(self, county: County, rules: Rules, key: int) -> None:
        """Prepare the derived tables that do not change."""
        self.county = county
        self.rules = rules
        self.key = key
        self.script: Script = NOTHING
        self.law = np.zeros(len(LAW))
        self.law[LAW["crowding"]] = 1.0
        self.townships = Columns("township", max(1, county.townships))
        self.townships["id"] = county.number * TOWNSHIPS + np.arange(len(self.townships))
        self.env = self.townships.matrices["f8"]
        self.levers: dict[str, np.ndarray] = {}
        """Levers' tables of the month for the county's offices; households meet those of their township's delay."""
        self.delays = np.zeros(len(self.townships), np.int64)
        """By township, months that falling supports are behind their plan, see `sim.policies.review`."""
        self.by_delay: dict[int, dict[str, np.ndarray]] = {}
        self.tables: dict[str, np.ndarray] = {}
        self._raw = {name: np.array(values) for name, values in rules.tables.items()}
        self._chronic = self._raw["chronic"].reshape(6, 2)
        self._care = self._raw["self_care"].reshape(6, 2)
        # shares by single age with one, and two or more, chronic conditions; with partial, and no, self-care
        self.shares = [
            [prevalence(table[:, column], age) for age in range(OLDEST + 1)]
            for table in (self._chronic, self._care)
            for column in range(2)
        ]
        self._onsets = self._derive_onsets()
        self._life_table = LifeTable(rules, self.shares, self._onsets, FIRST_YEAR)
        self._tables_year = -1
        self._losses: list[float] = []
        self._lever_tables = LeverTables(rules.levers)
        self._paths = [name for name in PARAMETERS if len(rules.values[name].values) > 1]
        for name in PARAMETERS:
            self._put(name, rules.values[name].values[0])
        self.weather = Weather(county, rules, key, self.townships["id"])

    def value(self, name: str) -> float:
        """Return one named value of the current month."""
        return float(self.law[LAW[name]])

    def set(self, name: str, value: float) -> None:
        """Set one of the derived values that institutions decide."""
        self.law[LAW[name]] = value

    def _put(self, name: str, value: float) -> None:
        """Write one named value into the law, yearly hazards as monthly probabilities."""
        self.law[LAW[name]] = monthly_probability(value) if PARAMETERS[name].unit == "rate/year" else value

    def advance(self, month: int) -> None:
        """Bring the law, the weather and the tables of a month."""
        for name in self._paths:
            self._put(name, self.rules.values[name].at(month))
        self.set("poverty_line_before", self.rules.values["poverty_line"].at(month - 12))
        year = year_of(month)
        self.set("farm_price", self.value("crop_level") * self.weather.price("price", year))
        self.set("livestock_price", self.value("livestock_level") * self.weather.price("livestock_price", year))
        self.set("yield_own_sd", self.value("yield_sd") * math.sqrt(1.0 - self.value("yield_common")))
        self._lay_off(month)
        self.by_delay = {delay: self._lever_tables.at(month, delay) for delay in self.shares_of_delays()}
        self.levers = blended(self.by_delay, self.shares_of_delays())
        if year != self._tables_year:
            self._tables_year = year
            self._derive_tables()
            self._losses = self.weather.losses(year)
            self.env[_YIELDS, : self.county.townships] = self.weather.yields(year)
        self._strike(month_of_year(month))

    def shares_of_delays(self) -> dict[int, float]:
        """Return the share of the county's villages in which falling supports are so many months behind, the least first."""
        of_village = self.delays[np.arange(self.county.villages) % len(self.delays)]
        delays, villages = np.unique(of_village, return_counts=True)
        return {int(delay): count / self.county.villages for delay, count in zip(delays, villages.tolist(), strict=True)}

    def _strike(self, moy: int) -> None:
        """Let the year's disaster come: before it as what will be lost, in its month as a blow, after it until the year's end."""
        season = self.value("disaster_month")
        for row, due in ((_LOSS, moy <= season + 4), (_STRUCK, moy == season), (_AFTERMATH, moy >= season)):
            self.env[row, : self.county.townships] = self._losses if due else 0.0

    def _lay_off(self, month: int) -> None:
        """Set the added hazards of losing a job and the chance of finding one: waves hit a county's jobs, or the nation's."""
        length, share = whole(self.value("layoff_months")), self.value("migrant_share")
        local = self.weather.in_wave("layoff_local", self.county.number, self.value("layoff_rate_local"), length, month)
        away = self.weather.in_wave("layoff_migrant", NATION, self.value("layoff_rate_migrant"), length, month)
        self.set("layoff_local", self.value("layoff_loss") * local)
        self.set("layoff_migrant", self.value("layoff_loss") * away)
        hit = (1.0 - share) * local + share * away
        self.set("job_market", 1.0 - (1.0 - self.value("layoff_finding")) * hit)

    def _derive_tables(self) -> None:
        """Derive the tables that rules read, normalised so that the given rates hold on average at each age."""
        _, two, partial, none = self.shares
        self.tables = {
            "mortality_month": self._life_table.chances(self._tables_year),
            "fertility_month": self.value("total_fertility") * self._raw["fertility"] / 5.0 / 12.0,
            "admission_month": self._admission(two, [a + b for a, b in zip(partial, none, strict=True)]),
            "disability_onset": np.array([self._raw["disability_onset"][band_of(age)] for age in range(OLDEST + 1)]),
            "demand": self._demand(),
            **self._onsets,
        }

    def _derive_onsets(self) -> dict[str, np.ndarray]:
        """Return the yearly chances of onset that the prevalence by age implies."""
        one, two, partial, none = self.shares
        any_chronic = [a + b for a, b in zip(one, two, strict=True)]
        any_care = [a + b for a, b in zip(partial, none, strict=True)]
        return {
            "chronic_onset": onset(any_chronic, [1.0 - share for share in any_chronic]),
            "chronic_second": onset(two, one),
            "care_onset": onset(any_care, [1.0 - share for share in any_care]),
            "care_second": onset(none, partial),
        }

    def _admission(self, two: list[float], care: list[float]) -> np.ndarray:
        """Return monthly probabilities of needing a hospital by age, before ill health: admissions and needs that go without."""
        chances = np.zeros(OLDEST + 1)
        met = 1.0 - self.value("forgone_reference")
        for age in range(OLDEST + 1):
            yearly = min(0.95, float(self._raw["admission"][band_of(age)]) * self.value("admission_level"))
            raised = (1.0 + (self.value("admission_chronic") - 1.0) * two[age]) * (
                1.0 + (self.value("admission_disabled") - 1.0) * care[age]
            )
            chances[age] = monthly_probability(-log(1.0 - yearly)) / raised / met
        return chances

    def _demand(self) -> np.ndarray:
        """Return by own share, in per cent, the hospital needs that people act on relative to those at the reference share."""
        reference = 100.0 * self.value("own_share_reference")
        factors = np.ones(101)
        for share in range(1, 101):
            factors[share] = exp(-self.value("admission_price") * log(share / reference))
        return factors


def whole(number: float) -> int:
    """Round half up to a whole number."""
    return math.floor(number + 0.5)
