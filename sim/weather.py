"""What sky and markets bring: disasters, yields, yearly prices, waves of lay-offs, each with a part that counties share."""

from __future__ import annotations

import math

import numpy as np

from sim.arithmetic import exp, normal, quantile
from sim.draws import NUMBER, draw
from sim.rules import County, Rules, month_index

FIRST_PRICE_YEAR = 2013
"""Year in which prices begin to move away from their paths."""
NATION = 0
"""Entity of the draws that all counties share."""
_QUANTILES = 33


class Weather:
    """Prices and weather of a county: pure functions of the year, the rules and the draws."""

    def __init__(self, county: County, rules: Rules, key: int, townships: np.ndarray) -> None:
        """Take the county's number and its townships' ids."""
        self.number = county.number
        self.values = rules.values
        self.key = key
        self.townships = [int(entity) for entity in townships]
        self._extent = np.array(rules.tables["disaster_townships"])
        self._loss = np.array(rules.tables["disaster_loss"])
        self._prices: dict[tuple[str, int], tuple[float, float]] = {}

    def _draw(self, stream: str, entity: int, year: int) -> float:
        # ids are unsigned everywhere, so that `draw` is compiled once
        return float(draw(self.key, NUMBER[stream], np.uint64(entity), month_index(year)))

    def _shared(self, name: str, own: str, share: float, year: int) -> float:
        """Return a standard normal of which all counties have the share of the variance in common."""
        common = normal(self._draw(name, NATION, year))
        return math.sqrt(share) * common + math.sqrt(1.0 - share) * normal(self._draw(own, self.number, year))

    def _log_price(self, kind: str, year: int) -> tuple[float, float]:
        """Return a log price around its path and its variance: first-order autoregression from 2013 on."""
        if year < FIRST_PRICE_YEAR:
            return 0.0, 0.0
        if (kind, year) not in self._prices:
            before, variance = self._log_price(kind, year - 1)
            month = month_index(year)
            sd, stays = self.values[f"{kind}_sd"].at(month), self.values[f"{kind}_persistence"].at(month)
            shock = self._shared(f"nation_{kind}", kind, self.values["price_common"].at(month), year)
            self._prices[kind, year] = stays * before + sd * shock, stays * stays * variance + sd * sd
        return self._prices[kind, year]

    def price(self, kind: str, year: int) -> float:
        """Return a year's price (``price`` of crops or ``livestock_price``) relative to its path; 1 on average."""
        log_price, variance = self._log_price(kind, year)
        return exp(log_price - 0.5 * variance)

    def is_disaster_year(self, year: int) -> bool:
        """Say whether the county is hit: its own luck and that which it shares with other counties."""
        month = month_index(year)
        rate = self.values["disaster_rate"].at(month)
        if rate <= 0.0 or rate >= 1.0:
            return rate >= 1.0
        shock = self._shared("nation_disaster", "disaster", self.values["disaster_common"].at(month), year)
        return shock < normal(rate)

    def losses(self, year: int) -> list[float]:
        """Return by township the share of the standing harvest that the year's disaster takes; 0 where none strikes."""
        if not self.is_disaster_year(year):
            return [0.0] * len(self.townships)
        share = quantile(self._draw("disaster_extent", self.number, year), self._extent, _QUANTILES)
        return [
            quantile(self._draw("disaster_loss", entity, year), self._loss, _QUANTILES)
            if self._draw("disaster_place", entity, year) < share
            else 0.0
            for entity in self.townships
        ]

    def in_wave(self, stream: str, entity: int, chance: float, length: int, month: int) -> int:
        """Return 1 when a wave of lay-offs that began in the last months is under way: each month one may begin."""
        number, who = NUMBER[stream], np.uint64(entity)
        return int(any(draw(self.key, number, who, begun) < chance for begun in range(month - length + 1, month + 1)))

    def yields(self, year: int) -> list[float]:
        """Return by township the factor on the year's yields that all its farms share; 1 on average."""
        month = month_index(year)
        sd = self.values["yield_sd"].at(month) * math.sqrt(self.values["yield_common"].at(month))
        return [exp(sd * normal(self._draw("township_yield", entity, year)) - 0.5 * sd * sd) for entity in self.townships]
