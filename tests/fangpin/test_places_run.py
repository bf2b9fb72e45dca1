"""Every place of the five plans lives a year under its plan."""

import math

import pytest

from fangpin import Model
from scenarios import load
from sim.indicators import GROUPS, INDEX


@pytest.mark.parametrize("place", ["shanwei", "fuhuan", "longyan", "heilongjiang/ex_poor", "heilongjiang/other", "nanyang"])
def test_a_small_county_of_each_place_lives_a_year(place):
    county = load(place, "kept").county
    # two villages are enough for ex-poor families to live there
    model = Model(place, "documented", households=math.ceil(2 * county.households / county.villages), months=12)
    model.run_model()
    counts = model.record[-1]
    assert counts[GROUPS.index("ex_poor"), INDEX["persons"]] > 0
    assert counts[GROUPS.index("ex_poor"), INDEX["enrolled_persons"]] > 0
    assert not model.ledger_residual().any()
