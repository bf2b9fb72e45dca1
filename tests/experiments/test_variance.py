"""The variance budget adds up, and a part that is switched off for everybody explains nothing."""

from __future__ import annotations

import dataclasses

import pytest

from experiments.variance import PARTS, budget, without
from scenarios.load import load
from sim.rules import County, constant

COUNTY = County(3000, 15, 5)


@pytest.mark.slow
@pytest.mark.parametrize("operator", ["net", "gross"])
def test_parts_and_rest_add_up_within_a_tenth(operator):
    found = budget(COUNTY, load(policy="kept").rules, (1, 2, 3), operator)
    assert found.changes > 2000
    assert abs(found.gap) < 0.10
    assert all(part > 0 for part in found.parts.values())
    assert 0 < found.rest < found.whole / 2


def test_a_part_that_has_no_luck_explains_nothing():
    rules = load(policy="kept").rules
    still = without(rules, ("harvest",))
    found = budget(County(300, 3, 2), still, (1,))
    assert found.parts["harvest"] == 0.0 < found.parts["health"]


def test_switches_name_values_of_the_engine():
    rules = load(policy="kept").rules
    assert all(name in rules.values for part in PARTS.values() for name in part)
    changed = without(rules, PARTS)
    assert changed.values["yield_sd"] == constant(0.0)
    assert dataclasses.replace(changed, values=rules.values) == rules
