"""The pig farmer in a county: sales of 45,000 yuan in June and December, cost of 5,500 a month, a loan of 50,000 at 3.85 %."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from small_county import SEED, run, with_lever, with_values, without_moves

from sim.model import Model
from sim.past import Past
from sim.rules import Dated, Rules, month_index

SALES, LOAN = 9_000_000, 5_000_000
FALL = Dated((0, month_index(2023), month_index(2024)), (1.0, 0.7, 1.0))
MICRO = "microcredit_ex_poor"


@pytest.fixture(scope="module")
def still(kept: Rules) -> Rules:
    """No luck in prices, no late sales, no lending but the farmer's own loan."""
    rules = with_values(
        without_moves(kept),
        livestock_price_sd=0.0,
        late_sale_share=0.0,
        livestock_cost=66_000 / 90_000,
        loan_wish=0.0,
        livestock_start=0.0,
    )
    return rules


class Farmer:
    """One household of the small county that is made a pig farmer, and what its columns say month by month."""

    def __init__(self, rules: Rules, past: Past, months: int, **columns: Any) -> None:
        """Choose the first ex-poor household with three able members and no loan, and live with it."""
        self.model = Model(past.county, rules, rng=SEED, past=past, months=months, threads=1)
        households = self.model.state.households
        fit = (households["group"] == 0) & (households["able"] >= 3) & (households["loan_balance"] == 0)
        self.place = int(np.flatnonzero(fit)[0])
        for name, value in {"livestock": SALES, "land_mu": 0.0, "insured": 0, "assets": 10_000_000, **columns}.items():
            households[name][self.place] = value
        self.seen: dict[int, dict[str, int]] = {}
        for _ in range(months):
            self.model.step()
            self.seen[self.model.month] = {name: int(households[name][self.place]) for name in NAMES}

    def of(self, name: str, year: int, month: int) -> int:
        return self.seen[month_index(year, month)][name]


NAMES = (
    "other_12m", "gross_12m", "unavoidable_month", "loan_balance", "assets", "arrears", "kin_debt", "in_default", "livestock",
    "farm_due", "cash_month", "below_gross", "loan_renewals",
)  # fmt: skip


def loan(rules: Rules) -> dict[str, Any]:
    number = [one.id for one in rules.levers].index(MICRO)
    return dict(
        loan_balance=LOAN, loan_rate=0.0385, loan_start=month_index(2021, 3), loan_due=month_index(2024, 3), loan_lever=number,
        assets=2_000_000,
    )  # fmt: skip


def test_the_price_fall_of_2023_takes_13_500_yuan_in_june_and_in_december(still, past):
    normal, fallen = Farmer(still, past, 48), Farmer(with_values(still, livestock_level=FALL), past, 48)
    gap = {
        (year, month): normal.of("other_12m", year, month) - fallen.of("other_12m", year, month)
        for year in (2022, 2023, 2024)
        for month in (5, 6, 9, 12)
    }
    expected = {(2023, 6): 1_350_000, (2023, 9): 1_350_000, (2023, 12): 2_700_000, (2024, 5): 2_700_000}
    expected |= {(2024, 6): 1_350_000, (2024, 9): 1_350_000}
    assert gap == {when: expected.get(when, 0) for when in gap}


def test_a_december_sale_paid_in_january_changes_no_status_and_no_trailing_year(still, past):
    slip = Dated((0, month_index(2022, 12), month_index(2023, 1)), (0.0, 1.0, 0.0))
    prompt, late = Farmer(still, past, 36), Farmer(with_values(still, late_sale_share=slip), past, 36)
    assert late.of("farm_due", 2022, 12) == 4_500_000 == late.of("cash_month", 2023, 1) - prompt.of("cash_month", 2023, 1)
    for month in prompt.seen:
        assert {k: prompt.seen[month][k] for k in ("gross_12m", "other_12m", "below_gross")} == {
            k: late.seen[month][k] for k in ("gross_12m", "other_12m", "below_gross")
        }


def test_the_end_of_the_interest_subsidy_costs_481_25_yuan_a_quarter(still, past):
    until = Dated((0, month_index(2023)), (1.0, 0.0))
    kept, cliff = (Farmer(rules, past, 39, **loan(rules)) for rules in (still, with_lever(still, MICRO, subsidy=until)))
    extra = {
        month: cliff.seen[month]["unavoidable_month"] - kept.seen[month]["unavoidable_month"]
        for month in kept.seen
        if cliff.seen[month]["unavoidable_month"] != kept.seen[month]["unavoidable_month"]
    }
    quarters = [month_index(2023, 3), month_index(2023, 6), month_index(2023, 9), month_index(2023, 12), month_index(2024, 3)]
    assert [month for month in extra if month in quarters] == quarters
    assert extra[quarters[0]] == 48_125


def poor(rules: Rules) -> Rules:
    """Return rules under which the family eats all that it has."""
    return with_values(rules, consumption_share=1.6, livestock_level=FALL)


def test_when_the_loan_is_due_kin_come_first_and_arrears_only_without_renewal(still, past):
    hard = poor(still)
    due = (2024, 3)
    owing = Farmer(hard, past, 39, **loan(hard))
    assert owing.of("loan_balance", *due) == 0 and owing.of("arrears", *due) > 0 and owing.of("in_default", *due) == 1
    assert 0 < owing.of("kin_debt", *due) <= 600_000 and owing.of("assets", *due) == 0
    levers = tuple(dataclasses.replace(one, words={"renewal": "once"}) if one.id == MICRO else one for one in hard.levers)
    renewing = with_lever(dataclasses.replace(hard, levers=levers), MICRO, renewal_chance=1.0)
    renewed = Farmer(renewing, past, 39, **loan(renewing))
    assert renewed.of("loan_balance", *due) == LOAN and renewed.of("loan_renewals", *due) == 1
    assert renewed.of("in_default", *due) == 0 and renewed.of("arrears", *due) < owing.of("arrears", *due)
    assert renewed.of("arrears", 2024, 2) == owing.of("arrears", 2024, 2)
    rich = with_values(hard, kin_limit=10.0 * LOAN)
    assert Farmer(rich, past, 39, **loan(rich)).of("in_default", *due) == 0


def test_a_farmer_without_pigs_feels_no_price(still, past):
    one, other = (
        Farmer(with_values(still, livestock_level=level), past, 14, livestock=0) for level in (Dated((0,), (1.0,)), FALL)
    )
    assert one.seen == other.seen
    assert (run(still, past, 2).ledger_residual() == 0).all()
