"""More from a lever is never less for a household, but where the means test says so: exactly at the notches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metamorphic.bench import lived, rules, with_lever
from sim.policies.top_up import gap_payment

STANDARD, MINIMUM = 40_000.0, 3_000.0
GENEROUS = [
    lever.id
    for lever in rules().levers
    if lever.mechanism in ("cash_transfer", "schooling_aid") and lever.words.get("status", "none") == "none"
]


@given(st.integers(1, 7), st.integers(0, 6_000_000), st.integers(1, 200_000))
def test_dibao_and_income_rise_together_but_at_the_standard(members, income, more):
    def total(assessed: int) -> float:
        return assessed / 12.0 + gap_payment(float(assessed), members, STANDARD, MINIMUM)

    line = 12.0 * STANDARD * members
    crosses = income < line <= income + more
    if crosses:
        # the notch: who passes the standard loses at most the smallest payment
        assert total(income + more) >= total(income) - MINIMUM * members - 1.0
    else:
        assert total(income + more) >= total(income) - 1.0


@pytest.mark.parametrize("name", GENEROUS)
def test_more_of_a_benefit_is_never_less_but_for_those_whom_the_means_test_watches(name):
    lever = next(one for one in rules().levers if one.id == name)
    amount = lever.values["amount"]
    more = replace(amount, values=tuple(1.5 * value for value in amount.values))
    base = lived(rules(), 1)
    given_more = lived(with_lever(rules(), replace(lever, values={**lever.values, "amount": more})), 1)
    before, after = base.state.households, given_more.state.households
    loses = after["net_12m"] < before["net_12m"]
    watched = (before["dibao_stage"] > 0) & (after["assessed_12m"] > before["assessed_12m"])
    assert not (loses & ~watched).any()
    untouched = after["gross_12m"] == before["gross_12m"]
    assert untouched.any(), "a benefit that everybody gets would leave nothing to compare with"
    assert np.array_equal(after["members"], before["members"])
