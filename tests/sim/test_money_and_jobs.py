"""Village funds, places given, reviews and revenues: pure rules against figures worked out by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.institutions.placement import places_due
from sim.policies.budget import year_amount
from sim.policies.review import is_review, too_many
from sim.policies.tables import LeverTables
from sim.policies.village_fund import HOUSEHOLDS_FIRST, WORKS_FIRST, divide, eroded
from sim.rules import Dated, Lever, month_index

YUAN = 100


def test_the_order_of_uses_decides_what_households_get():
    # 10,000 yuan, 20% upkeep: 8,000. Households first: 6,000, then half of 2,000. Works first: 4,000, then 75% of 4,000
    assert divide(10_000.0 * YUAN, 0.2, 0.5, 0.75, HOUSEHOLDS_FIRST) == (6_000 * YUAN, 1_000 * YUAN, 1_000 * YUAN)
    assert divide(10_000.0 * YUAN, 0.2, 0.5, 0.75, WORKS_FIRST) == (3_000 * YUAN, 4_000 * YUAN, 1_000 * YUAN)
    assert divide(0.0, 0.2, 0.5, 0.75, WORKS_FIRST) == (0, 0, 0)


@given(st.floats(0, 1e10), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from((HOUSEHOLDS_FIRST, WORKS_FIRST)))
def test_no_more_is_divided_than_there_is(income, upkeep, works, households, order):
    uses = divide(income, upkeep, works, households, order)
    assert uses.households >= 0 and uses.works >= 0
    assert uses.households + uses.works <= income * (1 - upkeep) + 1
    assert abs(uses.households + uses.works + uses.rest - income * (1 - upkeep)) <= 1e-4


def test_a_part_of_the_assets_is_lost_by_lot():
    # a quarter of 1,000 yuan, where the lot lies below the chance
    assert eroded(1_000 * YUAN, 0.04, 0.25, 0.039) == 750 * YUAN
    assert eroded(1_000 * YUAN, 0.04, 0.25, 0.04) == 1_000 * YUAN


def test_the_places_of_a_year_are_spread_over_its_months():
    # seven places: round half up of 7 x month / 12
    assert [places_due(7.0, month) for month in range(1, 13)] == [1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1]
    assert sum(places_due(7.0, month) for month in range(1, 13)) == 7
    assert sum(places_due(0.4, month) for month in range(1, 13)) == 0


def test_reviews_close_quarters_and_look_above_the_limit():
    january = month_index(2022)
    assert [moy for moy in range(12) if is_review(january + moy, 3.0)] == [2, 5, 8, 11]
    assert all(is_review(january + moy, 1.0) for moy in range(12))
    assert not too_many(25, 100, 0.25) and too_many(26, 100, 0.25)


def test_a_delay_keeps_falling_supports_and_lets_rising_ones_rise():
    months = (month_index(2021), month_index(2022), month_index(2023))

    def subsidy(*shares: float) -> Lever:
        values = {"share": Dated(months, shares), "term_years": Dated((0,), (0.0,))}
        return Lever("a", "price_subsidy", ((),), values, {"price": "premium"}, end=month_index(2023))

    falling, rising = LeverTables([subsidy(0.9, 0.6, 0.0)]), LeverTables([subsidy(0.1, 0.5, 0.8)])
    january = month_index(2022)
    assert [float(falling.at(january, delay)["price_subsidy"][0, 2]) for delay in (0, 1, 2)] == [0.6, 0.9, 0.9]
    assert [float(rising.at(january, delay)["price_subsidy"][0, 2]) for delay in (0, 1)] == [0.5, 0.5]
    # its end waits as well
    ended = month_index(2023)
    assert [float(falling.at(ended, delay)["price_subsidy"][0, 0]) for delay in (0, 1)] == [0.0, 1.0]


def test_a_revenue_without_spread_is_its_mean():
    assert year_amount(120.0, 0.0, 0.1) == 120.0
    # at the median a lognormal lies below its mean: 120 x exp(-0.08) = 110.774
    assert abs(year_amount(120.0, 0.4, 0.5) - 110.774) < 0.001
