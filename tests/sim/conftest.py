"""A small county and its past, shared by the engine's tests."""

from __future__ import annotations

import pytest
from small_county import SEED, SMALL

from scenarios.load import load
from sim.history import live
from sim.past import Past
from sim.rules import Rules


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The documented plan of the default place."""
    return load(policy="documented").rules


@pytest.fixture(scope="session")
def kept() -> Rules:
    """Nothing changes after 2020."""
    return load(policy="kept").rules


@pytest.fixture(scope="session")
def past(rules: Rules) -> Past:
    """The small county at the end of 2020."""
    return live(SMALL, rules, SEED, threads=1)
