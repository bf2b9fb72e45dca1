"""Schooling, worked by hand. Amounts in fen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.processes.schooling import (
    COMPULSORY,
    NONE,
    PRESCHOOL,
    SENIOR,
    TERTIARY,
    VOCATIONAL,
    Schooling,
    chance_to_stop,
    first_school,
    pay_school,
    start_school_year,
    strain,
)

YUAN = 100.0
COSTS = dict(
    law_school_cost_compulsory=150 * YUAN, law_school_cost_senior=600 * YUAN, law_school_cost_vocational=450 * YUAN,
    law_school_cost_tertiary=800 * YUAN,
)  # fmt: skip
LAW = dict(
    law_monitoring_line=6_000 * YUAN, law_preschool_share=0.75, law_unfit_for_school=0.004, law_senior_share=0.46,
    law_vocational_share=0.42, law_tertiary_share=0.55, law_dropout_compulsory=0.003, law_dropout_senior=0.02,
    law_dropout_stress=2.0, law_dropout_cost=0.0, x_dropout=1.0, **COSTS,
)  # fmt: skip


def september(age: int, stage: int = NONE, in_school: int = 0, u: float = 0.5, net: int = 4_000_000, **changes) -> Schooling:
    """Begin a school year in a family of four above the monitoring line."""
    person = dict(
        age=age, school_stage=stage, in_school=in_school, medically_unfit_for_school=0, finished_stage_not_continuing=0,
        hh_net_12m=net, hh_members=4,
    )  # fmt: skip
    return start_school_year(**{**person, **LAW, **changes}, u_school=u)


def test_a_life_at_school():
    school = Schooling(NONE, 0, 0, 0)
    stages = []
    for age in range(25):
        school = september(age, school.school_stage, school.in_school, u=0.5 if age != 15 else 0.99)
        stages.append(school.school_stage if school.in_school else NONE)
    assert stages == [NONE] * 3 + [PRESCHOOL] * 3 + [COMPULSORY] * 9 + [SENIOR] * 3 + [TERTIARY] * 4 + [NONE] * 3


def test_at_fifteen_low_draws_stop_and_high_ones_go_to_senior_school():
    # 0.12 stop; of the rest 42 of 88 go to vocational school
    assert september(15, COMPULSORY, 1, u=0.119) == (NONE, 0, 0, 1)
    assert september(15, COMPULSORY, 1, u=0.121) == (VOCATIONAL, 1, 0, 0)
    assert september(15, COMPULSORY, 1, u=0.539) == (VOCATIONAL, 1, 0, 0)
    assert september(15, COMPULSORY, 1, u=0.541) == (SENIOR, 1, 0, 0)
    # below the line the odds of stopping double: 0.24 to 0.88
    assert september(15, COMPULSORY, 1, u=0.21, net=2_000_000) == (NONE, 0, 0, 1)
    assert chance_to_stop(0.88, 2.0) == pytest.approx(0.24 / 1.12)


def test_compulsory_school_is_rarely_left_and_then_the_guarantee_is_lost():
    assert september(11, COMPULSORY, 1, u=1e-9).in_school == 1
    assert september(12, COMPULSORY, 1, u=0.0029) == (COMPULSORY, 0, 0, 0)
    assert september(12, COMPULSORY, 1, u=0.0031).in_school == 1
    assert september(12, COMPULSORY, 1, u=0.0059, net=2_000_000).in_school == 0
    # out of school the stage stays until it is over; who is unfit from the start is no lost guarantee
    assert september(14, COMPULSORY, 0) == (COMPULSORY, 0, 0, 0)
    assert september(15, COMPULSORY, 0) == (NONE, 0, 0, 0)
    assert september(6, PRESCHOOL, 1, u=0.003) == (COMPULSORY, 0, 1, 0)


def test_strain_weighs_a_years_cost_against_income():
    # 6,000 a year against 24,000: the factor rises by a quarter
    assert strain(2_400_000, 4, 600_000.0, 60_000.0, 2.0, 1.0) == pytest.approx(1.25)
    assert strain(2_399_999, 4, 600_000.0, 60_000.0, 2.0, 1.0) == pytest.approx(2.5)
    assert strain(-500_000, 0, 600_000.0, 60_000.0, 2.0, 1.0) == pytest.approx(4.0)


@given(st.integers(15, 21), st.sampled_from([COMPULSORY, SENIOR, VOCATIONAL, TERTIARY]), st.floats(0, 1, exclude_max=True))
def test_a_poorer_family_never_keeps_a_pupil_whom_a_richer_one_would_lose(age, stage, u):
    rich, poor = september(age, stage, 1, u=u), september(age, stage, 1, u=u, net=-1)
    assert rich.in_school >= poor.in_school


def test_school_is_paid_from_september_to_june():
    # a senior pupil of a family of four (golden family G03): 150 a head lower after the first month, 600 after four
    costs = {**COSTS, "law_school_cost_preschool": 0.0, "x_school_cost": 1.0}
    months = [pay_school(moy=moy, alive=1, school_stage=SENIOR, **costs).school_cost for moy in (9, 10, 11, 12)]
    assert sum(months[:1]) / 4 == 150 * YUAN and sum(months) / 4 == 600 * YUAN
    year = [pay_school(moy=moy, alive=1, school_stage=SENIOR, **costs).school_cost for moy in range(1, 13)]
    assert sum(year) == 6_000 * YUAN and year[6] == year[7] == 0
    assert pay_school(moy=9, alive=0, school_stage=SENIOR, **costs).school_cost == 0


def test_founders_stand_in_school_by_age():
    shares = (0.75, 0.004, 0.46, 0.42, 0.55)
    assert first_school(2, *shares, 0.1) == first_school(22, *shares, 0.1) == (NONE, 0, 0, 0)
    assert first_school(10, *shares, 0.5) == (COMPULSORY, 1, 0, 0)
    assert first_school(16, *shares, 0.9) == (NONE, 0, 0, 1)
    assert first_school(16, *shares, 0.5) == (VOCATIONAL, 1, 0, 0)
    assert first_school(19, *shares, 0.25) == (TERTIARY, 1, 0, 0) and first_school(19, *shares, 0.26).in_school == 0
