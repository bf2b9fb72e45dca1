"""Farm insurance: what a premium costs whom, and what is paid on yield, price, both or an index."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from small_county import run, with_lever, with_values

from scenarios.load import load
from sim.indicators import INDEX
from sim.model import Model
from sim.policies.farm_insurance import CROPS, LIVESTOCK, PRICE, YIELD, payout, share_reached, split_premium
from sim.policies.farm_insurance import INCOME as BOTH
from sim.policies.farm_insurance import INDEX as TOWNSHIP
from sim.rules import Dated, Rules, month_index

PIGS = "insurance_plus_futures.livestock"
CROP = "agricultural_insurance"


def total(model: Model, name: str, year: int | None = None) -> int:
    record = model.record if year is None else model.record[12 * (year - 2021) : 12 * (year - 2020)]
    return int(record[:, :, INDEX[name]].sum())


def calm(rules: Rules, **values: Any) -> Rules:
    """Return rules without luck in prices and yields."""
    still = dict(livestock_price_sd=0.0, price_sd=0.0, yield_sd=0.0, disaster_rate=0.0)
    return with_values(rules, **{**still, **values})


def test_a_premium_is_shared_to_the_fen():
    assert split_premium(9_000_000.0, 0.05, 0.6) == (180_000, 270_000)
    assert split_premium(9_000_000.0, 0.05, 0.0) == (450_000, 0)
    for value in (1.0, 33.0, 1_234_567.0):
        assert sum(split_premium(value, 0.05, 0.6)) == sum(split_premium(value, 0.05, 0.0))


def test_pigs_insured_at_four_fifths_pay_a_tenth_when_the_price_falls_by_three_tenths():
    # half a year's sales are 45,000 at base prices; at 0.7 the policy pays 0.8 - 0.7 of them
    reached = share_reached(LIVESTOCK, PRICE, 0.0, 0.0, 1.0, 0.7)
    assert payout(4_500_000.0, reached, 0.8, 0.0) == 450_000
    assert payout(4_500_000.0, reached, 0.8, 0.2) == 360_000
    assert payout(4_500_000.0, 0.9, 0.8, 0.0) == payout(4_500_000.0, 0.8, 0.8, 0.0) == 0


def test_what_each_basis_looks_at():
    seen = (0.6, 0.5, 0.9, 0.7)
    assert share_reached(CROPS, YIELD, *seen) == 0.6
    assert share_reached(CROPS, BOTH, *seen) == pytest.approx(0.54)
    assert share_reached(CROPS, PRICE, *seen) == 0.9
    assert share_reached(CROPS, TOWNSHIP, *seen) == 0.5
    assert share_reached(LIVESTOCK, YIELD, *seen) == share_reached(LIVESTOCK, TOWNSHIP, *seen) == 1.0
    assert share_reached(LIVESTOCK, PRICE, *seen) == share_reached(LIVESTOCK, BOTH, *seen) == 0.7


def test_insurance_and_futures_pay_in_the_year_of_the_fall_only(kept, past):
    fall = Dated((0, month_index(2023), month_index(2024)), (1.0, 0.7, 1.0))
    rules = calm(with_lever(kept, PIGS, take_up=1.0), livestock_level=fall)
    model = run(rules, past, 48)
    assert [total(model, "insurance_payout", year) > 0 for year in range(2021, 2025)] == [False, False, True, False]
    lever = [one.id for one in rules.levers].index(PIGS)
    paid = model.paid[:, lever]
    assert [month % 12 + 1 for month in range(48) if paid[month] and (month % 12) != 2] == [6, 12]
    herds = model.state.households["livestock"]
    # 45,000 x 0.1 of 90,000 yearly: a tenth of the year's sales in June and December together
    assert total(model, "insurance_payout", 2023) == pytest.approx(0.1 * herds.sum(), rel=0.15)
    assert (model.ledger_residual() == 0).all()


def test_a_premium_costs_the_farm_and_the_budget(kept, past):
    still = calm(kept)
    none, some = (run(with_lever(still, CROP, take_up=share, trigger=0.0), past, 5) for share in (0.0, 1.0))
    assert total(none, "insurance_premium") == total(none, "insurance_subsidy") == 0
    assert total(some, "insurance_subsidy") == pytest.approx(4 * total(some, "insurance_premium"), rel=1e-3)
    assert total(none, "farm_income") - total(some, "farm_income") == total(some, "insurance_premium") > 0
    assert [int(month[:, INDEX["insurance_premium"]].sum() > 0) for month in some.record] == [0, 0, 1, 0, 0]


def test_more_cover_pays_more_and_a_deductible_less(kept, past):
    flooded = with_values(kept, disaster_rate=1.0)
    paid = [
        total(run(with_lever(flooded, CROP, take_up=1.0, trigger=0.95, **terms), past, 12), "insurance_payout")
        for terms in ({"coverage": 0.8}, {"coverage": 0.4}, {"coverage": 0.4, "deductible": 0.5}, {"coverage": 0.0})
    ]
    assert paid[0] > paid[1] > paid[2] > paid[3] == 0
    assert paid[1] == pytest.approx(paid[0] / 2, rel=1e-3) and paid[2] == pytest.approx(paid[1] / 2, rel=1e-3)


def test_an_index_pays_for_the_township_and_not_for_own_bad_luck(past):
    # no plan of Nanyang's: switched on by hand
    kept = load(policy="kept", overrides=["weather_index_insurance.enabled=true"]).rules
    own = with_values(kept, disaster_rate=0.0, yield_sd=0.5, yield_common=0.0)
    terms = dict(take_up=1.0, trigger=0.9)
    by_yield, by_index = (run(with_lever(own, lever, **terms), past, 12) for lever in (CROP, "weather_index_insurance"))
    lever = [one.id for one in own.levers].index("weather_index_insurance")
    assert total(by_yield, "insurance_payout") > 0
    assert (by_index.paid[3:, lever] == 0).all()


def test_nothing_changes_before_a_lever_starts(kept, past):
    later = dataclasses.replace(
        kept, levers=tuple(dataclasses.replace(one, start=month_index(2022, 3)) if one.id == CROP else one for one in kept.levers)
    )
    never = dataclasses.replace(kept, levers=tuple(one for one in kept.levers if one.id != CROP))
    one, other = run(later, past, 18), run(never, past, 18)
    assert (one.record[:14] == other.record[:14]).all() and (one.record[14:] != other.record[14:]).any()


def test_a_policy_whose_lever_has_ended_pays_nothing(kept, past):
    flooded = with_values(with_lever(kept, CROP, take_up=1.0, trigger=0.95), disaster_rate=1.0)
    ended = with_lever(flooded, CROP, end=month_index(2021, 9))
    found = run(ended, past, 12)
    assert (found.record[8:, :, INDEX["insurance_payout"]] == 0).all() and total(found, "insurance_premium") > 0
