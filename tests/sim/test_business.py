"""Livestock: worked by hand for the pig farmer whose pigs sell for 45,000 yuan twice a year and cost 5,500 a month."""

from __future__ import annotations

import numpy as np
import pytest
from small_county import run, with_values, without_levers

from sim.indicators import INDEX
from sim.model import Model
from sim.processes.business import LARGEST_HERD, herd_size, plan_business, tend_livestock
from sim.processes.shocks import note_severe, note_shock
from sim.rules import month_index
from sim.world import LAW

SALES = 9_000_000
COST = 66_000.0 / 90_000.0


def month(moy: int, price: float = 1.0, u_sale: float = 0.9, due: int = 0) -> tuple[int, int, int]:
    return tend_livestock(moy, SALES, 0, due, 0, COST, price, 0.1, 1.0, 1.0, u_sale)


def test_sales_in_june_and_december_and_costs_every_month():
    assert month(3) == (-550_000, -550_000, 0)
    assert month(6) == month(12) == (3_950_000, 3_950_000, 0)
    assert sum(month(moy).farm_booked for moy in range(1, 13)) == 2_400_000


def test_a_fall_of_the_price_by_thirty_per_cent_takes_twenty_seven_thousand_yuan_a_year():
    assert month(6, price=0.7).farm_booked == 3_150_000 - 550_000
    whole = sum(month(moy, price=0.7).farm_booked for moy in range(1, 13))
    assert whole == 2_400_000 - 2_700_000


def test_a_december_sale_paid_in_january_is_booked_in_december():
    late = month(12, u_sale=0.05)
    assert late == (3_950_000, -550_000, 4_500_000)
    assert late.farm_booked == month(12).farm_booked


def test_late_sales_change_no_status(kept, past):
    """The harvest month's booking is the same whether all sales are paid late or none; later, money decides about care."""
    late, prompt = (run(with_values(kept, late_sale_share=share, interest_rate=0.0), past, 6) for share in (1.0, 0.0))
    for name in ("farm_income", "below_gross_persons", "relapse_gross_persons", "at_risk_households"):
        assert (late.record[:, :, INDEX[name]] == prompt.record[:, :, INDEX[name]]).all(), name
    assert (late.record[:, :, INDEX["farm_due"]] != prompt.record[:, :, INDEX["farm_due"]]).any()
    assert (late.ledger_residual() == 0).all() and (prompt.ledger_residual() == 0).all()


def test_who_cannot_tend_animals_gives_them_up_and_a_few_begin():
    law = (0.5, 2_000_000.0, 0.5)
    assert plan_business(0, 3.0, SALES, *law, 0.9, 0.5) == (0, 0)
    assert plan_business(1, 3.0, SALES, *law, 0.1, 0.5) == (SALES, 1)
    assert plan_business(1, 0.0, 0, *law, 0.9, 0.5) == (0, 0)
    started = plan_business(1, 0.0, 0, *law, 0.1, 0.5)
    assert started.farms == 1 and started.livestock == herd_size(0.5, 2_000_000.0, 0.5)
    assert herd_size(0.5, 2_000_000.0, 0.0) == 2_000_000
    assert herd_size(0.999999, 4e7, 1.0) == LARGEST_HERD


def test_a_few_households_keep_livestock_and_some_lose_money(past):
    herds = past.state.households["livestock"]
    assert 0.02 < (herds > 0).mean() < 0.25
    assert herds.max() <= LARGEST_HERD


def test_without_livestock_nothing_of_it_moves(kept, past):
    """A planted fault in the price of livestock is not seen where nobody keeps any, and is seen where some do."""
    cheap = with_values(kept, livestock_level=0.5)
    normal, low = run(kept, past, 12), run(cheap, past, 12)
    assert (low.record[:, :, INDEX["farm_income"]] != normal.record[:, :, INDEX["farm_income"]]).any()
    models = []
    lenders = [one.id for one in kept.levers if one.mechanism == "credit"]
    for rules in (kept, cheap):
        rules = without_levers(with_values(rules, livestock_start=0.0), *lenders)
        model = Model(past.county, rules, rng=11, past=past, months=12, threads=1)
        model.state.households["livestock"] = 0
        model.run_model()
        models.append(model)
    assert (models[0].record == models[1].record).all()


def test_the_law_holds_the_price(kept):
    assert "livestock_price" in LAW and month_index(2021, 1) == 24252
    assert kept.values["livestock_price_sd"].at(24252) == pytest.approx(0.30, abs=0.05)


def test_major_events():
    def shock(members: int = 3, died: int = 0, severe: int = 0, hurt: int = 0, struck: float = 0.0) -> int:
        return note_shock(members, died, severe, hurt, struck).major_shock

    assert shock() == 0
    assert shock(struck=0.2, died=1) == 1
    assert shock(died=1) == shock(severe=1) == 2
    assert shock(severe=1, hurt=1) == 3
    assert shock(members=0, died=1) == 0
    assert note_severe(6, 1, 1, 0, 6.0) == (1, 1, 0) and note_severe(6, 0, 0, 1, 6.0) == (1, 0, 0)
    assert note_severe(6, 0, 0, 0, 6.0) == (1, 0, 1) and note_severe(1, 1, 0, 0, 6.0) == (0, 0, 0)


def test_events_of_a_month_are_gone_in_the_next(kept, past):
    model = run(kept, past, 6)
    found = [np.bincount(model.state.households["major_shock"], minlength=4)]
    model.step()  # July: the disaster season
    found.append(np.bincount(model.state.households["major_shock"], minlength=4))
    model.step()
    found.append(np.bincount(model.state.households["major_shock"], minlength=4))
    struck = model.world.townships["aftermath"].any()
    assert (found[1][1] > 0) == struck and found[0][1] == found[2][1] == 0
    assert any(counts[2] for counts in found)


def test_levers_scale_sales_and_soften_a_fall_of_the_price():
    law = (COST, 0.7, 0.1)
    assert tend_livestock(6, SALES, 0, 0, 0, *law, 1.0, 0.5, 0.9).farm_booked == 3_825_000 - 550_000
    assert tend_livestock(6, SALES, 0, 0, 0, *law, 1.1, 1.0, 0.9).farm_booked == 3_465_000 - 550_000
