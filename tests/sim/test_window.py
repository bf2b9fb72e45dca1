"""The trailing year, month by month: what comes in, what drops out, what the means test deducts. By hand, in fen."""

from __future__ import annotations

from collections import deque

import pytest

from sim.policies.top_up import assess
from sim.processes.income import close_month
from sim.trailing import add_benefit, trail

MONTHS = 30
PAY = 300_000
"""Pay of a month, for the first 18 months only."""


def _pay(month: int) -> int:
    return PAY if month < 18 else 0


def _trail(other: int, other_12m: int, other_then: int, premium: int, spend_12m: int, spend_then: int):
    return trail(
        sum_income_12m=0, sum_earned=0, sum_own_payment=0, sum_own_drugs=0, sum_care_cost=0, sum_premium_own=premium,
        sum_contribution_own=0, farm_booked=other, farm_cash=0, transfers=0, support=0, property_income=0, guarantee_cost=0,
        pay_shift=0, debt=0, loan_interest=0, other_12m=other_12m, other_then=other_then, benefit_12m=0,
        spend_12m=spend_12m, spend_then=spend_then, members=3, law_interest_rate=0.0,
    )  # fmt: skip


def _wages() -> list[int]:
    """Return the trailing year of wages at the end of each month, the ring of 12 kept as the model keeps it."""
    ring, total, ends = deque([0] * 12, maxlen=12), 0, []
    for month in range(MONTHS):
        total, entry = close_month(1, _pay(month), total, ring[0])
        ring.append(entry)
        ends.append(total)
    return ends


def _farm() -> list[int]:
    ring, total, ends = deque([0] * 12, maxlen=12), 0, []
    for month in range(MONTHS):
        after = _trail(_pay(month), total, ring[0], 0, 0, 0)
        total = after.other_12m
        ring.append(after.other_now)
        ends.append(total)
    return ends


def _spending() -> list[int]:
    ring, total, ends = deque([0] * 12, maxlen=12), 0, []
    for month in range(MONTHS):
        after = _trail(0, 0, 0, _pay(month), total, ring[0])
        total = after.spend_12m
        assert after.net_12m == -total
        ring.append(after.spend_now)
        ends.append(total)
    return ends


def _assistance() -> list[int]:
    ring, total, ends = deque([0] * 12, maxlen=12), 0, []
    for month in range(MONTHS):
        before = total
        after = add_benefit(_pay(month), total, ring[0], 1_000_000 + total, 900_000 + total)
        total = after.benefit_12m
        assert after.gross_12m - (1_000_000 + before) == after.net_12m - (900_000 + before) == total - before
        ring.append(after.benefit_now)
        ends.append(total)
    return ends


@pytest.mark.parametrize("lived", [_wages, _farm, _spending, _assistance])
def test_twelve_months_count_no_more_and_no_fewer(lived):
    # 3,000 a month from month 0 to 17: a full year of 36,000 at the end of months 11 to 17, half of it at 23, nothing from 29
    ends = lived()
    assert ends[0] == 300_000 and ends[10] == 3_300_000
    assert ends[11:18] == [3_600_000] * 7
    assert (ends[18], ends[23], ends[28], ends[29]) == (3_300_000, 1_800_000, 300_000, 0)


def test_who_died_takes_the_whole_year_along():
    assert close_month(0, 300_000, 3_300_000, 0) == (0, 0)


@pytest.mark.parametrize("income", [0.0, 1.0])
@pytest.mark.parametrize("left_out", ["sum_uncounted", "support_uncounted", "sum_disregarded", "household_disregarded"])
def test_each_deduction_lowers_assessed_income_by_its_whole_amount(left_out, income):
    # 20,000 of pay, or the same as prospect: 20,000 less 1,440 is 18,560
    base = dict(
        members=3, able=0, land_mu=0.0, sum_income_12m=2_000_000, other_12m=0, transfers=0, property_income=0, sum_pension=0,
        sum_prospect=2_000_000, sum_entitled=0, support_entitled=0, sum_uncounted=0, support_uncounted=0, sum_disregarded=0,
        household_disregarded=0, sum_is_idle=0, top_up_income=income, top_up_imputed_share=0.1, law_local_wage=400_000.0,
        law_farm_income=100_000.0, law_farm_without_labour=0.5,
    )  # fmt: skip
    assert assess(**base).assessed_12m == 2_000_000
    assert assess(**{**base, left_out: 144_000}).assessed_12m == 1_856_000
