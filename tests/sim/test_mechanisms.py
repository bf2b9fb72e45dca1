"""Mechanisms and processes, worked by hand at their edges. Amounts in fen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import sources as sources_table
from sim.causes import main_cause
from sim.indicators import CAUSES
from sim.policies.eligibility import compile_conditions, qualifies
from sim.policies.reimbursement import layer_payment, layer_total
from sim.policies.response import MEDICAL
from sim.policies.top_up import APPLIED, FAR, LEAVING, NONE, PAID, assess, gap_payment, stand, top_up
from sim.processes.income import harvest
from sim.rules import Lever, Term
from sim.state import Columns
from sim.trailing import trail

YUAN = 100.0


def test_a_bill_of_50_000_through_the_layers():
    # in-list 85 %: 42,500; basic above 500 at 72.4 %: 30,408; critical above 11,000 at 60 % of the 12,092 left: 655.20
    basic = layer_total(42_500 * YUAN, 500 * YUAN, 0.724, 1e15, 0.0, 1e15)
    assert basic == pytest.approx(30_408 * YUAN)
    left = 42_500 * YUAN - basic
    assert layer_total(left, 11_000 * YUAN, 0.60, 100_000 * YUAN, 0.70, 400_000 * YUAN) == pytest.approx(655.2 * YUAN)
    # with the tilt: above 5,500 at 65 %
    assert layer_total(left, 5_500 * YUAN, 0.65, 100_000 * YUAN, 0.75, 1e15) == pytest.approx(4_284.8 * YUAN)


def test_a_layer_at_its_edges():
    layer = (1_000.0, 0.5, 3_000.0, 0.8, 2_000.0)
    assert layer_total(1_000.0, *layer) == 0.0
    assert layer_total(1_001.0, *layer) == 0.5
    assert layer_total(3_000.0, *layer) == 1_000.0
    assert layer_total(3_001.0, *layer) == pytest.approx(1_000.8)
    assert layer_total(4_250.0, *layer) == 2_000.0 == layer_total(9_999.0, *layer)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=6))
def test_a_yearly_layer_pays_the_same_for_one_bill_or_many(bills):
    paid = seen = 0.0
    for bill in bills:
        paid += layer_payment(float(bill), seen, paid, 1_100_000.0, 0.6, 10_000_000.0, 0.7, 40_000_000.0)
        seen += bill
    whole = layer_total(seen, 1_100_000.0, 0.6, 10_000_000.0, 0.7, 40_000_000.0)
    assert abs(paid - whole) <= len(bills)


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_a_layer_never_pays_more_than_the_cost(cost, before):
    assert 0 <= layer_payment(float(cost), float(before), 0.0, 0.0, 0.9, 1e6, 1.0, 1e12) <= cost


def test_dibao_fills_the_gap():
    # two members, standard 457 a month, 3,182.70 of assessed income a year: 914 - 265.225
    assert gap_payment(318_270.0, 2, 45_700.0, 0.0) == 64_878
    assert gap_payment(2 * 12 * 45_700.0, 2, 45_700.0, 6_000.0) == 0
    assert gap_payment(2 * 12 * 45_700.0 - 12.0, 2, 45_700.0, 6_000.0) == 12_000


def _assess(**changes):
    base = dict(
        members=3, able=1, land_mu=2.0, sum_income_12m=2_000_000, other_12m=500_000, transfers=4_000, property_income=1_000,
        sum_pension=10_300, sum_prospect=1_500_000, sum_entitled=144_000, support_entitled=20_000, sum_uncounted=144_000,
        support_uncounted=0, sum_disregarded=200_000, household_disregarded=100_000, sum_is_idle=1, top_up_income=0.0,
        top_up_imputed_share=0.1,
        law_local_wage=400_000.0, law_farm_income=100_000.0, law_farm_without_labour=0.5,
    )  # fmt: skip
    return assess(**{**base, **changes}).assessed_12m


def test_the_means_test_leaves_out_what_it_says():
    imputed = 240_000
    assert _assess() == 2_500_000 - 144_000 - 300_000 + imputed
    assert _assess(sum_disregarded=0) - _assess() == 200_000
    assert _assess(household_disregarded=0) - _assess() == 100_000
    assert _assess(sum_disregarded=10**9) == 0


def test_the_means_test_can_look_at_what_a_year_brings_as_things_stand():
    running = 12 * (10_300 + 4_000 + 1_000)
    left_out = 144_000 + 300_000
    assert _assess(top_up_income=1.0) == 200_000 + 1_500_000 + 144_000 + 20_000 + running - left_out + 240_000
    assert _assess(top_up_income=1.0) - _assess(top_up_income=1.0, able=0) == 100_000


def test_where_a_household_stands():
    def ratio(assessed, factor=1.0, standard=45_700.0, members=2):
        return stand(members, assessed, factor, 0, 0, standard).assessed_ratio

    line = 24 * 45_700
    assert (ratio(line - 1), ratio(line), ratio(line * 3 // 2 - 1), ratio(line * 3 // 2)) == (99, 100, 149, 150)
    assert ratio(line, factor=0.5) == 50
    assert ratio(2_000_000) == 182 and ratio(2_000_000_000) == FAR
    assert ratio(0, standard=0.0) == ratio(0, members=0) == FAR
    assert stand(2, 0, 1.0, 1, 2, 45_700.0) == (0, 1, 2)


def _top_up(**changes):
    base = dict(
        members=2, assessed_12m=300_000, assessment_factor=1.0, refusal_rank=50, helped=0, assets=0, loan_balance=0,
        dibao_stage=NONE, dibao_clock=0, dibao_benefit=0, dibao_standard=0.0, on_single_dibao=0, turn=0.5, moy=5,
        top_up_open=1, top_up_standard=45_700.0, top_up_take_up=0.5,
        top_up_take_up_monitored=0.9, top_up_decision_months=2.0, top_up_refused_share=0.04, top_up_review_months=12.0,
        top_up_exit_months=6.0, top_up_asset_limit=24.0, top_up_minimum=6_000.0,
        top_up_review_month=0.0, u_apply=0.4,
    )  # fmt: skip
    return top_up(**{**base, **changes})


def test_an_application_is_decided_two_months_later_and_pays_from_then():
    applied = _top_up()
    assert (applied.dibao_stage, applied.dibao_clock, applied.dibao_paid) == (APPLIED, 2, 0)
    waiting = _top_up(dibao_stage=APPLIED, dibao_clock=2)
    assert (waiting.dibao_stage, waiting.dibao_clock, waiting.dibao) == (APPLIED, 1, 0)
    paid = _top_up(dibao_stage=APPLIED, dibao_clock=1)
    assert (paid.dibao_stage, paid.dibao_clock, paid.dibao_paid) == (PAID, 12, 66_400)


@pytest.mark.parametrize(
    "change",
    [{"u_apply": 0.5}, {"refusal_rank": 3}, {"assets": 24 * 45_700 * 2 + 1}, {"assessed_12m": 24 * 45_700}, {"top_up_open": 0}],
)
def test_who_does_not_apply_or_pass_stays_out(change):
    assert _top_up(**change).dibao_stage == NONE


def test_first_reviews_are_spread_over_a_year():
    clocks = [_top_up(dibao_stage=APPLIED, dibao_clock=1, turn=turn).dibao_clock for turn in (0.0, 0.5, 0.999)]
    assert clocks == [6, 12, 18]
    assert _top_up(dibao_stage=PAID, dibao_clock=1, dibao_standard=45_700.0, turn=0.999).dibao_clock == 12


def test_a_higher_standard_raises_running_payments_at_once():
    running = dict(dibao_stage=PAID, dibao_clock=5, dibao_benefit=50_000, dibao_standard=42_000.0)
    assert _top_up(**running).dibao_paid == 50_000 + 2 * 3_700
    assert _top_up(**running, top_up_standard=42_000.0).dibao_paid == 50_000
    assert _top_up(**running, top_up_standard=1_000.0).dibao_paid == 0


def test_a_single_recipient_keeps_the_household_from_applying():
    assert _top_up(on_single_dibao=1) == (1, NONE, 0, 0, 0.0, 0)
    assert (
        _top_up(on_single_dibao=1, dibao_stage=PAID, dibao_clock=3, dibao_benefit=500, dibao_standard=45_700.0).dibao_paid == 500
    )


def test_reviews_in_a_fixed_month():
    running = dict(dibao_stage=PAID, dibao_clock=1, dibao_benefit=50_000, dibao_standard=45_700.0, top_up_review_month=1.0)
    assert _top_up(**running, moy=12).dibao_paid == 50_000
    assert _top_up(**running, moy=1).dibao_paid == 66_400
    applied = dict(dibao_stage=APPLIED, dibao_clock=1, top_up_review_month=1.0)
    assert _top_up(**applied, moy=4).dibao_stage == PAID


def test_referred_households_apply_more_often():
    assert _top_up(u_apply=0.8).dibao_stage == NONE and _top_up(u_apply=0.8, helped=MEDICAL).dibao_stage == APPLIED


def test_benefits_run_on_after_a_review_finds_income_above_the_standard():
    rich = dict(assessed_12m=10**7, dibao_benefit=5_000, dibao_standard=45_700.0)
    leaving = _top_up(dibao_stage=PAID, dibao_clock=1, **rich)
    assert (leaving.dibao_stage, leaving.dibao_clock, leaving.dibao_paid) == (LEAVING, 6, 5_000)
    assert _top_up(dibao_stage=LEAVING, dibao_clock=2, **rich).dibao_paid == 5_000
    assert _top_up(dibao_stage=LEAVING, dibao_clock=1, **rich).dibao_stage == NONE


def test_a_multiplier_scales_the_harvest():
    assert _harvest(x_farm=0.5).farm_booked == 140_000


def _harvest(**changes):
    base = dict(
        moy=10, land_mu=4.0, members=3, able=1, farm_cash=0, law_farm_income=100_000.0, law_june_share=0.3, law_farm_price=1.0,
        law_yield_own_sd=0.0, law_farm_without_labour=0.5, law_late_sale_share=0.1, law_disaster_month=7.0, env_loss=0.0,
        env_yields=1.0, x_farm=1.0, x_yield_loss=1.0, x_price_loss=1.0, x_disaster_loss=1.0, u_yield=0.5, u_sale=0.5,
    )  # fmt: skip
    return harvest(**{**base, **changes})


def test_the_harvest():
    assert _harvest()[:4] == (280_000, 280_000, 0, 0)
    assert _harvest(moy=6)[:4] == (120_000, 120_000, 0, 0)
    assert _harvest(env_loss=0.25)[:4] == (210_000, 210_000, 0, 70_000)
    assert _harvest(moy=6, env_loss=0.25).farm_lost == 0
    assert _harvest(able=0).farm_booked == 140_000
    assert _harvest(members=0).farm_booked == 0


def test_levers_can_soften_what_a_harvest_loses():
    assert _harvest(env_loss=0.25, x_disaster_loss=0.5).farm_lost == 35_000
    assert _harvest(env_loss=0.6, x_disaster_loss=2.0).farm_booked == 0
    assert _harvest(env_yields=0.8).farm_booked == 224_000 and _harvest(env_yields=0.8, x_yield_loss=0.5).farm_booked == 252_000
    assert _harvest(env_yields=1.2, x_yield_loss=0.5).farm_booked == 336_000
    assert _harvest(law_farm_price=0.9).farm_booked == 252_000
    assert _harvest(law_farm_price=0.9, x_price_loss=0.0).farm_booked == 280_000


def test_what_insurers_see_of_a_harvest():
    assert _harvest(env_yields=0.8, env_loss=0.25)[4:] == pytest.approx((280_000, 0.6, 0.6))
    assert _harvest(moy=6, env_yields=0.8, env_loss=0.25)[4:] == pytest.approx((120_000, 0.8, 0.8))


def test_a_late_sale_moves_cash_and_books_nothing_else():
    late, prompt = _harvest(u_sale=0.05), _harvest()
    assert late.farm_booked == prompt.farm_booked and late.farm_cash == 0 and late.farm_due == 280_000


_YEAR = dict(wage=900, post=0, farm=300, lost=0, sick=0, dibao=0, medical=100, premium=10, departed=0)


def cause_of(operator=1, year=None, last=None, members=3, line=400.0):
    """Return the name of the main cause for a household's two accounting years."""
    sources = np.zeros((2 * sources_table.COUNT, 1), np.int32)
    for row, changes in ((0, year), (sources_table.COUNT, last)):
        for name, amount in {**_YEAR, **(changes or {})}.items():
            sources[row + sources_table.PLACE[name], 0] = amount
    return CAUSES[main_cause(operator, 0, sources_table.COUNT, 0, members, 3, line, 400.0, sources)]


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({}, "other"),
        ({"year": {"medical": 150}}, "illness"),
        ({"year": {"wage": 700, "sick": 150}}, "illness"),
        ({"year": {"wage": 700, "sick": 50}}, "job_loss"),
        ({"year": {"farm": 200, "lost": 80}}, "disaster"),
        ({"year": {"farm": 200, "lost": 20}}, "farm"),
        ({"year": {"wage": 850}, "last": {"post": 84}}, "post_end"),
        ({"last": {"dibao": 50}}, "dibao_end"),
        ({"year": {"premium": 40}}, "premium"),
        ({"line": 420.0}, "line"),
        ({"year": {"departed": 300, "wage": 600}}, "household_change"),
        ({"last": {"departed": 300}}, "other"),
        ({"members": 4}, "household_change"),
        ({"year": {"medical": 150, "wage": 890}, "operator": 0}, "job_loss"),
        ({"year": {"premium": 40}, "operator": 0}, "other"),
    ],
)
def test_the_main_cause_is_the_largest_push(changes, cause):
    assert cause_of(**changes) == cause


def test_every_source_pushes_somewhere_and_every_cause_has_a_name():
    assert {cause for source in sources_table.SOURCES for cause in source.pushes} <= set(CAUSES)
    assert [source.name for source in sources_table.SOURCES if not source.pushes] == ["consumption"]


def test_the_trailing_year_is_net_of_what_cannot_be_avoided():
    month = trail(
        sum_income_12m=1_000, sum_earned=100, sum_own_payment=30, sum_own_drugs=4, sum_care_cost=1, sum_premium_own=18,
        sum_contribution_own=2, farm_booked=200,
        farm_cash=150, transfers=7, support=3, property_income=2, guarantee_cost=7, pay_shift=-20, debt=0, loan_interest=0,
        other_12m=500, other_then=40,
        benefit_12m=60, spend_12m=90, spend_then=15, members=3, law_interest_rate=0.06,
    )  # fmt: skip
    assert month.other_12m == 500 + 212 - 40 and month.spend_12m == 90 + 62 - 15
    assert month.gross_12m == 1_000 + 672 + 60 and month.net_12m == month.gross_12m - month.spend_12m
    assert month.cash_month == 100 - 20 + 150 + 12 and month.market_month == 100 + 212


def test_conditions_are_any_of_all_of():
    persons, households = Columns("person", 2), Columns("household", 1)
    persons["age"] = [40, 70]
    households["dibao"] = 1
    who = ((Term("p.age", 60, 200), Term("h.dibao", 1, 1)), (Term("h.monitored", 1, 1),), (Term("p.tekun", 1, 1),))
    lever = Lever("x", "price_subsidy", who, {})
    table = compile_conditions([lever, dataclasses.replace(lever, who=((),)), dataclasses.replace(lever, who=())])
    p, h = persons.matrices, households.matrices

    def holds(number: int, person: int) -> bool:
        return qualifies(number, person, 0, *table, p["i1"], p["i2"], p["i4"], h["i1"], h["i2"], h["i4"])

    assert [holds(0, 0), holds(0, 1)] == [False, True]
    households["monitored"] = 1
    assert holds(0, 0) and holds(1, 0) and not holds(2, 0)
