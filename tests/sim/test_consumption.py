"""Consumption, and what a household does when money is short, in its order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_county import run, with_values

from sim.indicators import INDEX
from sim.processes.consumption import close_estate, consume, cover_gap, kin_room, repay_debts

FLOOR = 26_000.0


def purse(**changes: Any) -> Any:
    base = dict(
        members=3, cash_month=200_000, dibao_paid=0, market_month=200_000, unavoidable_month=0, loan_granted=0, loan_balance=0,
        usual_income=200_000, assets=0, law_consumption_share=0.85, law_consumption_shock=0.25, law_consumption_floor=FLOOR,
        law_wealth_spent=0.3, x_consumption=1.0,
    )  # fmt: skip
    return consume(**{**base, **changes})


def short(gap: int, **changes: Any) -> Any:
    """A family of three whose floor is 780 yuan; kin lend 6,000, others four months of 2,000, pigs of 90,000 a year."""
    base = dict(
        members=3, moy=3, gap=gap, consumption=78_000, usual_income=200_000, kin_debt=0, debt=0, livestock=9_000_000, arrears=0,
        env_aftermath=0.0, law_kin_limit=600_000.0, law_debt_limit=4.0, law_livestock_price=1.0, law_distress_discount=0.3,
        law_consumption_floor=FLOOR, law_subsistence=0.6, x_asset_loss=1.0,
    )  # fmt: skip
    return cover_gap(**{**base, **changes})


@given(
    st.integers(0, 8), st.integers(-(10**6), 10**7), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(-(10**6), 10**6),
    st.integers(0, 10**8), st.integers(0, 10**7), st.integers(0, 6 * 10**5), st.integers(0, 10**6), st.integers(0, 10**7),
    st.integers(1, 12),
)  # fmt: skip
def test_every_fen_is_consumed_saved_repaid_or_owed(
    members, cash, dibao, unavoidable, market, assets, debt, kin, arrears, herd, moy
):
    first = purse(
        members=members, cash_month=cash, dibao_paid=dibao, unavoidable_month=unavoidable, market_month=market, assets=assets
    )
    before = assets + cash + dibao - unavoidable
    assert before - first.consumption == first.assets - first.gap
    if members == 0:
        gone = close_estate(first.assets, debt, kin, 0, arrears)
        assert gone.estate == before - debt - kin - arrears and sum(gone[1:]) == 0
        return
    assert first.consumption >= FLOOR * members and first.assets >= 0 and first.gap >= 0
    if first.gap:
        then = short(
            first.gap, members=members, consumption=first.consumption, kin_debt=kin, debt=debt, livestock=herd, arrears=arrears,
            moy=moy,
        )  # fmt: skip
        owed = then.kin_debt + then.debt + then.arrears - kin - debt - arrears
        assert before + owed + then.distress_sales - then.consumption == 0
        assert 0.6 * FLOOR * members - 1 <= then.consumption <= first.consumption
        assert then.kin_debt <= max(kin, 600_000) and 0 <= then.livestock <= herd
    else:
        after = repay_debts(first.assets, first.usual_income, 0, arrears, debt, kin, 1)
        assert first.assets - after.assets == after.repaid == arrears + debt + kin - after.arrears - after.debt - after.kin_debt
        assert min(after[:4]) >= 0 and after.in_default == (after.arrears > 0)


def test_wealth_is_spent_slowly_and_borrowed_capital_is_no_wealth():
    poor, rich = (purse(assets=assets, law_consumption_shock=0.0, law_consumption_floor=0.0) for assets in (1_200_000, 2_400_000))
    assert rich.consumption - poor.consumption == 30_000
    lent = purse(assets=2_400_000, loan_balance=1_200_000, law_consumption_shock=0.0, law_consumption_floor=0.0)
    assert lent.consumption == poor.consumption


def test_money_is_found_in_its_order():
    # 5,000 from kin alone
    assert short(500_000)[1:] == (500_000, 0, 9_000_000, 0, 500_000, 0, 0)
    # 10,000: kin lend their 6,000, others 4,000
    assert short(1_000_000)[1:] == (600_000, 400_000, 9_000_000, 0, 600_000, 400_000, 0)
    # 20,000: kin 6,000, others 8,000, pigs 6,000. In March half of the herd's 45,000 stands, worth 15,750 at a discount
    sold = short(2_000_000)
    assert sold[5:] == (600_000, 800_000, 600_000) and sold.livestock == 9_000_000 - round(9_000_000 * 600_000 / 1_575_000)
    # 30,000: all pigs, and 250 yuan of food less
    less = short(3_000_000)
    assert less.livestock == 0 and less.distress_sales == 1_575_000 and less.consumption == 78_000 - 25_000 and less.arrears == 0
    # 35,000: food falls to three fifths of the floor and the rest stays unpaid
    owing = short(3_500_000)
    assert owing.consumption == 46_800 and owing.arrears == 3_500_000 - 600_000 - 800_000 - 1_575_000 - 31_200


def test_who_is_in_arrears_borrows_from_kin_only():
    assert short(1_000_000, arrears=1)[5:] == (600_000, 0, 400_000)


def test_animals_have_just_been_sold_in_june_and_december():
    assert short(3_000_000, moy=12).distress_sales == short(3_000_000, moy=6).distress_sales == 0
    assert short(3_000_000, moy=5).distress_sales > short(3_000_000, moy=1).distress_sales > 0
    assert short(9_000_000, moy=3, x_asset_loss=0.0).distress_sales == 2_250_000


def test_a_disaster_of_the_township_takes_what_kin_could_lend():
    assert kin_room(0, 600_000.0, 0.0) == 600_000
    assert kin_room(0, 600_000.0, 0.5) == 300_000
    assert kin_room(400_000, 600_000.0, 0.5) == 0
    assert short(1_000_000, env_aftermath=0.5)[5:7] == (300_000, 700_000)


def test_arrears_are_repaid_first_and_kin_last():
    usual = 200_000
    assert repay_debts(400_000 + 250_000, usual, 0, 100_000, 100_000, 100_000, 1) == (400_000, 0, 0, 50_000, 0, 250_000)
    assert repay_debts(400_000, usual, 0, 100_000, 100_000, 100_000, 1).repaid == 0
    assert repay_debts(5_400_000, usual, 5_000_000, 100_000, 0, 0, 0).repaid == 0


def test_hard_years_go_through_every_step_and_the_books_close(rules, past):
    hard = with_values(rules, migrant_wage=150_000.0, local_wage=120_000.0, consumption_floor=50_000.0, debt_limit=2.0)
    model = run(hard, past, 24)
    assert (model.ledger_residual() == 0).all()
    total = model.record.sum(axis=(0, 1))
    for name in ("kin_borrowed", "borrowed", "distress_sales", "repaid", "lent"):
        assert total[INDEX[name]] > 0, name
    assert model.record[-1, :, INDEX["arrears"]].sum() > 0
    households = model.state.households
    assert households["kin_debt"].max() <= 600_000


@pytest.mark.parametrize("name", ["kin_debt", "arrears", "debt", "loan_balance", "farm_due"])
def test_a_fen_that_nobody_booked_is_seen_in_the_residual(kept, past, name):
    model = run(kept, past, 3)
    held = model.state.households["members"] > 0
    model.state.households[name][held.argmax()] += 7
    model.step()
    assert (model.ledger_residual()[:3] == 0).all() and model.ledger_residual()[3] != 0
