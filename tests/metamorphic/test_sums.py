"""Two levers together are the sum of each where the rules add them up, and not where the larger one counts."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from experiments.checks.edits import with_values
from metamorphic.bench import lived, rules, without

CASH = [one.id for one in rules().levers if one.mechanism == "cash_transfer" and one.words["status"] == "none"]
AID = [one.id for one in rules().levers if one.mechanism == "schooling_aid"]


def paid(changed, lever: str) -> np.ndarray:
    """Return what a lever pays in each of some months."""
    model = lived(changed, 3)
    return model.paid[:, [one.id for one in model.rules.levers].index(lever)]


@pytest.mark.parametrize(("one", "other"), [*pairwise(CASH[:6]), *pairwise(AID[:4])])
def test_benefits_that_add_up_do_not_know_of_each_other(one, other):
    together = rules()
    assert np.array_equal(paid(together, one)[:1], paid(without(together, other), one)[:1])
    assert np.array_equal(paid(together, other)[:1], paid(without(together, one), other)[:1])


def test_of_two_subsidies_of_the_premium_the_larger_counts_and_not_their_sum():
    january = with_values(rules(), enrolment_month=1.0)
    names = [one.id for one in january.levers if one.mechanism == "price_subsidy" and one.words["price"] == "premium"]
    first = next(one for one in january.levers if one.id == names[0])
    twin = replace(first, id=f"{first.id}.again")
    doubled = replace(january, levers=(*january.levers, twin))
    once, twice = lived(january, 1), lived(doubled, 1)
    assert once.paid[0].sum() > 0
    assert twice.paid[0].sum() == once.paid[0].sum()
