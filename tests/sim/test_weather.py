"""Weather and prices: what counties share, what townships share, and what is left of each."""

from __future__ import annotations

import numpy as np
import pytest
from small_county import with_values

from sim.rules import County, Dated, Rules, month_index
from sim.state import BY_NAME
from sim.world import World

YEARS = 60
FROM, UNTIL = month_index(2021, 1), month_index(2030, 12)


def county(number: int = 0, townships: int = 1) -> County:
    return County(100, townships, townships, number)


def world(rules: Rules, seed: int = 1, number: int = 0, townships: int = 1) -> World:
    return World(county(number, townships), rules, seed)


def prices(rules: Rules, kind: str, number: int, seeds: int = 400) -> np.ndarray:
    return np.log([world(rules, seed, number).weather.price(kind, 2021) for seed in range(seeds)])


@pytest.mark.parametrize("kind", ["price", "livestock_price"])
def test_prices_of_two_counties_share_as_much_as_they_are_told(kept, kind):
    for share in (0.0, 0.7, 1.0):
        rules = with_values(kept, price_common=share)
        one, other = prices(rules, kind, 1), prices(rules, kind, 2)
        assert np.corrcoef(one, other)[0, 1] == pytest.approx(share, abs=0.13)
    sd, stays = (kept.values[f"{kind}_{name}"].at(FROM) for name in ("sd", "persistence"))
    assert one.std() == pytest.approx(sd / (1 - stays**2) ** 0.5, rel=0.12)


def test_livestock_has_a_price_of_its_own_and_a_path_that_can_be_scripted(kept):
    crops, pigs = prices(kept, "price", 1), prices(kept, "livestock_price", 1)
    assert abs(np.corrcoef(crops, pigs)[0, 1]) < 0.15 and pigs.std() > 2 * crops.std()
    fall = Dated((FROM, month_index(2023), month_index(2024)), (1.0, 0.7, 1.0))
    scripted = world(with_values(kept, livestock_level=fall, livestock_price_sd=0.0))
    found = []
    for year in (2022, 2023, 2024):
        scripted.advance(month_index(year, 6))
        found.append(scripted.value("livestock_price"))
    assert found == [1.0, 0.7, 1.0]


def test_a_price_is_one_on_average(kept):
    for kind in ("price", "livestock_price"):
        assert np.exp(prices(kept, kind, 1, 1500)).mean() == pytest.approx(1.0, abs=0.025)


def test_yields_of_a_township_and_of_a_household_add_up_to_the_whole_variance(kept):
    rules = with_values(kept, yield_sd=0.2, yield_common=0.45)
    place = world(rules, townships=800)
    place.advance(FROM)
    common = np.log(place.townships["yields"])
    assert common.var() == pytest.approx(0.45 * 0.04, rel=0.15)
    assert place.value("yield_own_sd") ** 2 == pytest.approx(0.55 * 0.04)
    assert place.townships["yields"].mean() == pytest.approx(1.0, abs=0.02)


def hits(rules: Rules, number: int, seeds: int = 800) -> np.ndarray:
    return np.array([world(rules, seed, number).weather.is_disaster_year(2021) for seed in range(seeds)])


def test_disasters_cross_borders_and_stay_as_frequent(kept):
    together = {}
    for share in (0.0, 0.3, 0.9):
        rules = with_values(kept, disaster_common=share)
        one, other = hits(rules, 1), hits(rules, 2)
        assert one.mean() == pytest.approx(0.3, abs=0.06) and other.mean() == pytest.approx(0.3, abs=0.06)
        together[share] = (one & other).mean()
    assert together[0.0] == pytest.approx(0.09, abs=0.03)
    assert together[0.0] < together[0.3] < together[0.9] - 0.04


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_certain_or_impossible_disaster_needs_no_luck(kept, rate):
    assert set(hits(with_values(kept, disaster_rate=rate), 3, 30)) == {rate == 1.0}


def test_a_disaster_threatens_strikes_and_lingers(kept):
    place = world(with_values(kept, disaster_rate=1.0), townships=60)
    seen = {}
    for moy in range(1, 13):
        place.advance(month_index(2021, moy))
        seen[moy] = {name: place.townships[name].copy() for name in ("loss", "struck", "aftermath")}
    loss = seen[1]["loss"]
    assert loss.any()
    assert [moy for moy in seen if seen[moy]["struck"].any()] == [7]
    assert (seen[7]["struck"] == loss).all()
    assert [moy for moy in seen if seen[moy]["aftermath"].any()] == list(range(7, 13))
    assert [moy for moy in seen if seen[moy]["loss"].any()] == list(range(1, 12))


def test_columns_of_the_environment_are_the_townships(kept):
    assert all(("township", name) in BY_NAME for name in ("loss", "struck", "aftermath", "yields"))
