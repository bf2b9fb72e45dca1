"""Every lever that acts by its rule changes something in some place: switched on against off, or with a knob turned."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from experiments import engine
from metamorphic.turns import turned
from scenarios import ScenarioError, load
from scenarios.planbook import plan_book
from sim.rules import County, Rules

PLACES = ("nanyang", "longyan", "fuhuan", "shanwei", "heilongjiang/ex_poor")
COUNTY = County(3000, 9, 3)
MONTHS, SEED = 36, 3
DIRECT = sorted(lever.id for lever in plan_book().levers.values() if lever.kind == "direct")
pytestmark = pytest.mark.slow


@cache
def past(place: str) -> Any:
    return engine.live(COUNTY, load(place, "documented").rules, SEED, 2)


@cache
def plain(place: str) -> Any:
    return lived(place, load(place, "documented").rules)


def lived(place: str, rules: Rules) -> Any:
    model = engine.build_model(COUNTY, rules, SEED, past(place), MONTHS, 2)
    model.run_model()
    return model


def changes(lever: str, place: str) -> str:
    """Return the first override of a lever that changes the counts or payments of a run; nothing if none does."""
    before = plain(place)
    for text in turned(lever):
        try:
            rules = load(place, "documented", [text]).rules
        except ScenarioError:
            continue
        if rules == before.rules:
            continue
        after = lived(place, rules)
        if after.paid.shape != before.paid.shape or not np.array_equal(after.record, before.record):
            return text
    return ""


@pytest.mark.parametrize("lever", DIRECT)
def test_a_direct_lever_can_change_something(lever):
    assert any(changes(lever, place) for place in PLACES), f"{lever} changes nothing in {', '.join(PLACES)}"
