"""Credit: worked by hand for the pig farmer's 50,000 yuan at 3.85 per cent, March 2021 to March 2024."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from small_county import run, with_lever, with_values, without_levers

from sim.indicators import INDEX
from sim.model import Model
from sim.past import Past
from sim.policies.credit import added_herd, end_loan, is_granted, quarterly_interest, seek_credit
from sim.rules import Dated, Rules, month_index
from sim.untouched import REASONS

LOAN = 5_000_000
START, DUE = month_index(2021, 3), month_index(2024, 3)
MICRO, OTHER = "microcredit_ex_poor", "startup_guaranteed_loan"
ALWAYS = dict(loan_wish=1.0)


def lend(rules: Rules, **fields: Any) -> Rules:
    """Let every ex-poor household that can take a loan take one soon."""
    return with_lever(with_values(rules, loan_wish=1.0), MICRO, **{"take_up": 1.0, **fields})


def total(model: Model, name: str) -> int:
    return int(model.record[:, :, INDEX[name]].sum())


# worked by hand ------------------------------------------------------------------------------------------------


def test_a_quarter_of_interest_is_481_25_yuan():
    assert quarterly_interest(month_index(2023, 3), 3, LOAN, 0.0385, START, 0.0) == (48_125, 0)
    assert quarterly_interest(month_index(2023, 3), 3, LOAN, float(np.float32(0.0385)), START, 1.0) == (0, 48_125)
    assert sum(quarterly_interest(month_index(2023, 3), 3, LOAN, 0.0385, START, 0.5)) == 48_125


def test_three_years_have_twelve_quarters():
    months = [m for m in range(START, DUE + 1) if (m % 12 + 1) % 3 == 0]
    paid = [quarterly_interest(m, m % 12 + 1, LOAN, 0.0385, START, 0.0).loan_interest for m in months]
    assert paid == [0] + [48_125] * 12


def test_a_loan_that_begins_or_ends_within_a_quarter_pays_its_months():
    may, june = month_index(2021, 5), month_index(2021, 6)
    assert quarterly_interest(june, 6, LOAN, 0.0385, may, 0.0).loan_interest == 16_042
    assert quarterly_interest(month_index(2024, 5), 5, LOAN, 0.0385, may, 0.0).loan_interest == 32_083


def due(assets: int, term: float = 0.0, **changes: Any) -> Any:
    base = dict(
        month=DUE, loan_balance=LOAN, loan_due=DUE, loan_renewals=0, loan_herd=1_250_000, livestock=9_000_000, kin_debt=0,
        arrears=0, in_default=0, repaid=0, kin_borrowed=0, aftermath=0.0, kin_limit=600_000.0,
    )  # fmt: skip
    return end_loan(term=term, assets=assets, **{**base, **changes})


def test_who_has_the_money_repays():
    paid = due(6_000_000, term=36.0)
    assert (paid.loan_balance, paid.assets, paid.repaid, paid.defaulted) == (0, 1_000_000, LOAN, 0)
    assert paid.livestock == 9_000_000 - 1_250_000 and paid.loan_herd == 0


def test_who_has_not_renews_where_that_is_allowed():
    later = due(810_000, term=36.0)
    assert (later.loan_balance, later.loan_due, later.loan_renewals) == (LOAN, DUE + 36, 1)
    assert (later.assets, later.repaid, later.kin_debt, later.arrears, later.defaulted) == (810_000, 0, 0, 0, 0)


def test_without_renewal_kin_come_first_and_the_rest_is_in_arrears():
    owing = due(810_000)
    assert (owing.assets, owing.kin_debt, owing.kin_borrowed) == (0, 600_000, 600_000)
    assert owing.arrears == LOAN - 810_000 - 600_000 and (owing.defaulted, owing.in_default) == (1, 1)
    helped = due(4_500_000)
    assert (helped.kin_debt, helped.arrears, helped.defaulted) == (500_000, 0, 0)
    assert due(810_000, kin_debt=600_000).kin_borrowed == 0


def test_who_qualifies_and_how_much_is_wanted():
    law = (0.1, 4_400_000.0, 0.0)
    assert seek_credit(1, 0, 0, *law, 0.05, 0.5) == (1, 1, 4_400_000)
    assert seek_credit(1, 0, 0, *law, 0.5, 0.5) == (1, 0, 0)
    assert seek_credit(0, 0, 0, *law, 0.05, 0.5) == seek_credit(1, 1, 0, *law, 0.05, 0.5) == (0, 0, 0)
    assert seek_credit(1, 0, 1, *law, 0.05, 0.5) == (0, 0, 0)


def test_an_offer_is_capped_and_the_first_of_equal_ones_counts():
    assert is_granted(4_400_000, 5_000_000.0, 0) == 4_400_000
    assert is_granted(8_000_000, 5_000_000.0, 0) == 5_000_000
    assert is_granted(4_400_000, 20_000_000.0, 4_400_000) == 0
    assert added_herd(LOAN, 0.25, 0) == 1_250_000 and added_herd(LOAN, 0.25, 50_000_000) == 0


# in a county ---------------------------------------------------------------------------------------------------


def test_loans_are_lent_repaid_and_the_books_close(rules, past):
    model = run(lend(rules, term_months=12.0), past, 40)
    assert (model.ledger_residual() == 0).all()
    assert total(model, "lent") > 0 and total(model, "repaid") > 0 and total(model, "interest_subsidy") > 0
    households = model.state.households
    lent = households["loan_balance"] > 0
    assert lent.any() and households["loan_balance"].max() <= 4 * LOAN
    assert (households["loan_due"][lent] > model.month).all()


def test_the_subsidy_moves_interest_from_households_to_the_budget(kept, past):
    free, dear = (run(without_levers(lend(kept, subsidy=part), OTHER), past, 15) for part in (1.0, 0.0))
    assert total(dear, "interest_subsidy") == 0
    lever = [one.id for one in free.rules.levers].index(MICRO)
    assert free.paid[:, lever].sum() == total(free, "interest_subsidy") > 0
    assert total(dear, "interest") > total(free, "interest")


def test_a_subsidy_that_ends_later_changes_nothing_before(kept, past):
    until = Dated((0, month_index(2023)), (1.0, 0.0))
    one, other = run(lend(kept), past, 30), run(lend(kept, subsidy=until), past, 30)
    assert (one.record[:24] == other.record[:24]).all() and (one.record[24:] != other.record[24:]).any()


def test_no_arrears_on_loans_where_they_are_renewed(rules, past):
    hard = without_levers(with_values(lend(rules, term_months=6.0), consumption_floor=60_000.0, kin_limit=0.0), OTHER)
    without = run(hard, past, 12)
    renewing = tuple(dataclasses.replace(one, words={"renewal": "once"}) if one.id == MICRO else one for one in hard.levers)
    kept_on = run(with_lever(dataclasses.replace(hard, levers=renewing), MICRO, renewal_chance=1.0), past, 12)
    assert total(without, "defaults") > 0
    # one renewal carries every loan of the plan beyond these twelve months; only loans of the years before can fail
    assert total(kept_on, "defaults") < total(without, "defaults") / 2
    assert kept_on.state.households["loan_renewals"].max() == 1


def test_kin_that_can_lend_keep_loans_out_of_arrears(rules, past):
    hard = with_values(lend(rules, term_months=6.0), consumption_floor=60_000.0)
    none, rich = (run(with_values(hard, kin_limit=limit), past, 12) for limit in (0.0, 1e7))
    assert total(rich, "defaults") == 0 < total(none, "defaults")
    assert total(none, "kin_borrowed") == 0 < total(rich, "kin_borrowed")


def test_a_loan_adds_to_income_and_to_risk(kept, past):
    """Lending alone, at no price, raises farm income when prices hold, and lowers it when they fall by half."""
    calm = with_values(kept, livestock_price_sd=0.0, **ALWAYS)
    for level, sign in ((1.0, 1), (0.5, -1)):
        rules = with_values(calm, livestock_level=level)
        lending = with_lever(rules, MICRO, take_up=1.0)
        none = with_lever(rules, MICRO, take_up=0.0)
        gained = total(run(lending, past, 24), "farm_income") - total(run(none, past, 24), "farm_income")
        assert sign * gained > 0


def test_without_a_lever_nobody_lends(kept, past):
    rules = dataclasses.replace(kept, levers=tuple(one for one in kept.levers if one.mechanism != "credit"))
    model = run(with_values(rules, **ALWAYS), past, 14)
    assert total(model, "lent") == 0 == total(model, "interest_subsidy")
    assert (model.ledger_residual() == 0).all()
    held = model.state.households["loan_balance"] > 0
    assert (model.state.households["loan_lever"][held] == -1).all()


def test_loans_of_the_past_keep_their_lender_when_levers_are_renumbered(kept, past):
    first = dataclasses.replace(kept.levers[0], id="a_first", who=kept.levers[0].who, start=0, end=1)
    model = Model(past.county, dataclasses.replace(kept, levers=(first, *kept.levers)), rng=11, past=past, threads=1)
    held = model.state.households["loan_balance"] > 0
    assert held.any()
    assert {model.rules.levers[k].id for k in model.state.households["loan_lever"][held]} <= {
        MICRO, OTHER,
    }  # fmt: skip


def test_about_one_ex_poor_household_in_six_has_a_loan(past: Past):
    households = past.state.households
    group = (households["group"] == 0) & (households["members"] > 0)
    assert 0.10 < (households["loan_balance"][group] > 0).mean() < 0.25


@pytest.mark.parametrize("subsidy", [0.0, 0.4, 1.0])
def test_budget_and_household_pay_the_whole_interest(subsidy):
    for balance in (1, 333_333, 4_999_999):
        own, budget = quarterly_interest(month_index(2022, 6), 6, balance, 0.0435, START, subsidy)
        assert own + budget == sum(quarterly_interest(month_index(2022, 6), 6, balance, 0.0435, START, 0.0))
        assert own >= 0 and budget >= 0


def test_levers_that_nobody_took_up_are_told(kept, past):
    told = dict(run(lend(kept, subsidy=0.0), past, 15).untouched_levers())
    assert MICRO not in told and "agricultural_insurance" not in told
    for lever in ("insurance_plus_futures.crops",):
        assert told[lever] in REASONS
