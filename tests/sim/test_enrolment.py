"""Insurance: who pays, who lapses, who waits, and for which calendar year. Amounts in fen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_county import run, with_lever, with_values

from sim.indicators import INDEX, WITHOUT
from sim.model import Model
from sim.neighbours import note_neighbours
from sim.processes.employment import FARM, LOCAL, MIGRANT, POST
from sim.processes.enrolment import (
    EMPLOYEE,
    NO_COVER,
    RESIDENT,
    change_insurer,
    enrol,
    enrolment_chance,
    start_cover,
    waiting_time,
    why_without,
)
from sim.rules import Dated, month_index
from sim.state import Columns, State

LAW = dict(
    law_enrol_base=2.1, law_enrol_before=2.5, law_enrol_price=-0.55, law_enrol_age=0.2, law_enrol_child=1.2,
    law_enrol_chronic=0.5, law_enrol_away=-0.5, law_enrol_peers=1.0,
)  # fmt: skip


def chance(age=40, chronic=0, away=False, enrolled=1, price=0.0, income=1e6, neighbours=0.0):
    return enrolment_chance(age, chronic, away, enrolled, price, income, neighbours, **LAW)


def test_enrolment_falls_with_price_as_required():
    assert chance() == pytest.approx(0.99, abs=0.002)
    assert chance(price=30_000.0) == pytest.approx(0.95, abs=0.003)
    assert chance(price=30_000.0, away=True) < chance(price=30_000.0, chronic=1)
    assert chance(enrolled=0) < chance()


def test_the_family_of_an_absent_father_drops_him_first_and_the_child_last():
    # father 42 away, mother 40 on the farm, child 15, grandmother 68; the full premium of 350 each at 5,710 a head
    family = [
        chance(age, away=away, price=35_000.0, income=571_000.0)
        for age, away in ((42, True), (40, False), (68, False), (15, False))
    ]
    assert family == sorted(family)
    subsidised = [
        chance(age, away=away, price=1_750.0, income=571_000.0)
        for age, away in ((42, True), (40, False), (68, False), (15, False))
    ]
    assert all(dear < cheap for dear, cheap in zip(family, subsidised, strict=True))


def test_neighbours_count_relative_to_a_reference():
    assert chance(neighbours=0.05) > chance() > chance(neighbours=-0.1)
    odds = [p / (1 - p) for p in (chance(neighbours=-0.1), chance())]
    assert odds[1] / odds[0] == pytest.approx(np.exp(0.1))


@given(st.floats(0, 40_000), st.floats(0, 40_000), st.integers(0, 99), st.booleans())
def test_a_higher_price_never_enrols_more(one, other, age, away):
    low, high = sorted((one, other))
    assert chance(age=age, away=away, price=low) >= chance(age=age, away=away, price=high)


def _enrol(**changes):
    base = dict(
        age=40, alive=1, chronic_disease=0, job=FARM, bmi_enrolled=1, employee_insured=0, enrolled_next=NO_COVER,
        subsidy_share=0.5, hh_gross_12m=3_000_000, hh_members=3, vill_enrolled_share=0.95, law_premium=35_000.0, **LAW,
        law_enrol_peers_reference=0.95, x_lapse=1.0, u_enrol=0.5,
    )  # fmt: skip
    return enrol(**{**base, **changes})


def test_who_pays_what_and_who_lapses():
    assert _enrol() == (RESIDENT, 17_500, 17_500, 0)
    assert _enrol(u_enrol=0.9999) == (NO_COVER, 0, 0, 1)
    assert _enrol(u_enrol=0.9999, bmi_enrolled=0) == (NO_COVER, 0, 0, 0)
    assert _enrol(enrolled_next=EMPLOYEE, u_enrol=0.9999) == (EMPLOYEE, 0, 0, 0)
    assert _enrol(alive=0, enrolled_next=EMPLOYEE) == (0, 0, 0, 0)
    assert (
        _enrol(u_enrol=0.9999, x_lapse=0.0).enrolled_next == RESIDENT
        and _enrol(u_enrol=0.5, x_lapse=1e9).enrolled_next == NO_COVER
    )


def test_only_wage_workers_move_to_an_employers_insurance_and_stay_while_they_work():
    assert change_insurer(1, LOCAL, 0, 0.015, 0.0149).enrolled_next == EMPLOYEE
    assert change_insurer(1, MIGRANT, 0, 0.015, 0.0151).enrolled_next == NO_COVER
    assert change_insurer(1, MIGRANT, 1, 0.015, 0.99).enrolled_next == EMPLOYEE
    assert change_insurer(1, FARM, 1, 0.015, 0.0).enrolled_next == NO_COVER == change_insurer(1, POST, 1, 1.0, 0.0).enrolled_next
    assert change_insurer(0, LOCAL, 1, 1.0, 0.0).enrolled_next == NO_COVER


def _january(bmi=0, employee=0, paid=RESIDENT, lapsed=0, dibao=0, monitored=0, months=3.0, per_year=1.0, exempt=1.0):
    return start_cover(bmi, employee, paid, 0, lapsed, dibao, monitored, months, per_year, exempt)


def test_cover_lapse_and_return():
    assert _january(bmi=1)[:4] == (1, 0, 0, 0)
    assert _january(bmi=1, paid=NO_COVER)[:4] == (0, 0, 1, 0)
    assert _january(lapsed=1)[:4] == (1, 0, 0, 3)
    assert _january(lapsed=1, paid=NO_COVER)[:4] == (0, 0, 2, 0)
    assert _january(lapsed=4).waiting == 6 and _january(lapsed=60).waiting == 12
    assert _january(employee=1, paid=RESIDENT).waiting == 0
    assert _january(bmi=1, paid=EMPLOYEE)[:4] == (0, 1, 0, 0)
    assert _january(lapsed=2, paid=EMPLOYEE)[:4] == (0, 1, 0, 0)
    assert _january(lapsed=0).waiting == 0, "a child born into a family without cover"


def test_families_on_dibao_or_in_the_registry_do_not_wait():
    assert _january(lapsed=2, dibao=1).waiting == 0 == _january(lapsed=2, monitored=1).waiting
    assert _january(lapsed=2, monitored=1, exempt=0.0).waiting == 4
    assert waiting_time(1, False, 0.0, 0.0, 1.0) == 0


def _covered(model: Model, year: int, moy: int) -> float:
    """Return the covered share of persons in a month of the plan."""
    counts = model.record[month_index(year, moy) - model.first_month].sum(axis=0)
    return counts[INDEX["enrolled_persons"]] / counts[INDEX["persons"]]


def test_the_october_premium_covers_the_next_calendar_year_no_other(kept, past):
    # a premium that nobody pays in October 2022 only
    start = month_index(2021, 1)
    once = Dated((start, month_index(2022, 10), month_index(2023, 1)), (0.0, 1e9, 0.0))
    rules = with_lever(with_values(kept, premium=once, employee_rate=0.0), "premium_subsidy_taper_ex_poor", share=0.0)
    for lever in ("medical_premium_subsidy.dibao", "monitored_premium_subsidy_fixed_term"):
        rules = with_lever(rules, lever, share=0.0)
    model = run(rules, past, 48)
    for year, moy, covered in ((2022, 10, True), (2022, 12, True), (2023, 1, False), (2023, 12, False), (2024, 1, True)):
        assert (_covered(model, year, moy) > 0.75) == covered, (year, moy)
    lapses = model.record.sum(axis=1)[:, INDEX["lapses"]]
    assert lapses[21] > 0.9 * model.record[21, :, INDEX["enrolled_persons"]].sum() and lapses[:21].sum() < lapses[21] / 10


def test_after_a_lapse_bills_are_paid_from_april_on(kept, past):
    # everybody lapses for 2023 and comes back for 2024, which begins with three months of waiting
    start = month_index(2021, 1)
    once = Dated((start, month_index(2022, 10), month_index(2023, 1)), (0.0, 1e9, 0.0))
    values = dict(premium=once, employee_rate=0.0, waiting_months=3.0, waiting_exempt=0.0, waiting_per_year=0.0)
    rules = with_values(kept, **values)
    for lever in (lever.id for lever in rules.levers if lever.mechanism == "price_subsidy"):
        rules = with_lever(rules, lever, share=0.0)
    model = run(rules, past, 48)
    basic = model.paid[:, [lever.id for lever in rules.levers].index("three_tier_medical_protection.basic")]
    january = month_index(2024, 1) - start
    assert basic[january - 1] == 0 and basic[january : january + 3].sum() < 0.05 * basic[january + 3 : january + 6].sum()
    assert basic[january - 12 : january].sum() < 0.01 * basic[january + 3 : january + 12].sum()


def test_a_villages_share_is_that_of_its_residents():
    persons, households, villages = Columns("person", 6), Columns("household", 3), Columns("village", 3)
    households["slots"], households["village"] = [3, 2, 1], [0, 0, 1]
    persons["alive"] = [1, 1, 0, 1, 1, 1]
    persons["bmi_enrolled"] = [1, 0, 1, 1, 0, 0]
    persons["employee_insured"] = [0, 0, 0, 0, 1, 1]
    state = State(persons, households, villages)
    note_neighbours(state)
    assert villages["enrolled_share"].tolist() == [np.float32(2 / 3), 1.0, 1.0]


def test_neighbours_spread_a_lapse(kept, past):
    dear = with_values(kept, enrol_peers=8.0, enrol_peers_reference=1.0)
    alone = with_values(kept, enrol_peers=0.0)
    shares = [_covered(run(rules, past, 14), 2022, 1) for rules in (dear, alone)]
    assert shares[0] < shares[1]


def test_employee_insurance_pays_and_is_no_lapse(kept, past):
    model = run(with_values(kept, employee_rate=0.2), past, 30)
    persons = model.state.persons
    alive = persons["alive"] == 1
    employee = alive & (persons["employee_insured"] == 1)
    assert employee.sum() > 100 and not (persons["bmi_enrolled"][employee] == 1).any()
    assert (persons["lapsed_years"][employee] == 0).all()
    lever = [one.id for one in model.rules.levers].index("employee_medical_insurance")
    assert model.paid[:, lever].sum() > 0 and (model.ledger_residual() == 0).all()


def _why(**changes):
    base = dict(
        age=40, alive=1, job=FARM, bmi_enrolled=1, employee_insured=0, enrolled_next=NO_COVER, subsidy_share=0.0,
        hh_gross_12m=3_500_000, hh_members=1, vill_enrolled_share=0.95, law_premium=35_000.0, law_enrol_before=3.0,
        law_enrol_price=-0.4, law_enrol_age=0.1, law_enrol_away=-0.5, law_enrol_peers=2.0, law_enrol_peers_reference=0.95,
    )  # fmt: skip
    return why_without(**{**base, **changes})


def test_who_goes_without_is_counted_by_the_largest_push():
    # a premium of 1% of income per head pushes by 0.4 points of log odds
    assert _why() == (1, WITHOUT.index("price"))
    # at 0.39 away from home does not outweigh it, at 0.41 it does; the young of 20 are pushed by 0.2
    assert _why(job=MIGRANT, law_enrol_away=-0.39) == (1, WITHOUT.index("price"))
    assert _why(job=MIGRANT, law_enrol_away=-0.41) == (1, WITHOUT.index("away"))
    assert _why(age=20, subsidy_share=0.6) == (1, WITHOUT.index("age"))  # a price of 0.4% pushes by 0.16
    assert _why(age=10, subsidy_share=1.0) == (1, WITHOUT.index("other")), "children have a term of their own"
    assert _why(bmi_enrolled=0) == (1, WITHOUT.index("habit"))
    assert _why(bmi_enrolled=0, employee_insured=1) == (1, WITHOUT.index("price"))
    assert _why(vill_enrolled_share=0.74) == (1, WITHOUT.index("neighbours"))  # 2 x 0.21
    assert _why(subsidy_share=1.0, age=60) == (1, WITHOUT.index("other"))


def test_who_is_covered_or_dead_goes_without_nothing():
    assert _why(enrolled_next=RESIDENT) == _why(enrolled_next=EMPLOYEE) == _why(alive=0) == (0, 0)
