"""People: deaths follow the life table, and how households change by birth, death, marriage, leaving, splitting and returning."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from small_county import SEED

from sim.lifetable import LifeTable
from sim.model import Model
from sim.processes.demography import OLDEST
from sim.rules import County
from sim.world import FIRST_YEAR

MONTHS = 204
ELDERLY = (0.3, 0.7, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""Types of a county of elderly households."""


def _elderly(rules):
    """Return rules under which all founders are of 57 to 86 years."""
    return dataclasses.replace(rules, tables={**rules.tables, "household_types": ELDERLY}, levers=())


def _deaths(rules, months):
    """Live a county of the elderly and return deaths and expected deaths under 80 and from 80 on."""
    model = Model(County(9000, 30, 3), rules, rng=SEED, months=months, threads=2)
    found = np.zeros((2, 2))
    target = np.zeros(0)
    for _ in range(months):
        if (model.month + 1) % 12 == 0:
            target = model.world._life_table.target((model.month + 1) // 12).reshape(-1)
        persons = model.state.persons
        ids = persons["id"][persons["alive"] == 1]
        age = (model.month + 1 - persons["birth_month"][persons["alive"] == 1].astype(int)) // 12
        sex = persons["sex"][persons["alive"] == 1].astype(int)
        model.step()
        after = model.state.persons
        died = ~np.isin(ids, after["id"][after["alive"] == 1])
        chance = target[sex * (OLDEST + 1) + np.minimum(age, OLDEST)]
        for k, old in enumerate((age < 80, age >= 80)):
            found[k] += died[old].sum(), chance[old].sum()
    return found


def test_deaths_of_the_old_follow_the_life_table(kept):
    for deaths, expected in _deaths(_elderly(kept), MONTHS):
        assert expected > 500
        assert deaths == pytest.approx(expected, abs=3.0 * math.sqrt(expected))


def test_a_normaliser_that_does_not_know_who_survives_is_noticed(kept, monkeypatch):
    """The prevalence of onset taken for that of survivors: what the ill who died first leave out shows from 80 on."""

    def chances(self, year):
        return (self.target(year) / self._raised(self._mixes[FIRST_YEAR], year)).reshape(-1)

    monkeypatch.setattr(LifeTable, "chances", chances)
    _, (deaths, expected) = _deaths(_elderly(kept), MONTHS)
    assert deaths < expected - 3.0 * math.sqrt(expected)
