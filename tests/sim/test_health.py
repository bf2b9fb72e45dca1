"""Health, care and its bills: rules worked by hand, and what a county adds up to against its targets. Amounts in fen."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from small_county import run, with_lever, with_values

from sim.burden import test_burden as held_against
from sim.engine import plain
from sim.indicators import INDEX
from sim.model import HISTORY_START, Model
from sim.month import PEOPLE
from sim.policies.reimbursement import is_covered, layer_payment, per_cent
from sim.processes import care, health
from sim.processes.care import be_treated, buy_drugs, certificate, fall_ill, hospital_bill, seek_care
from sim.processes.health import change_in_health, labour_of, sign_on
from sim.rules import County, month_index
from sim.world import World
from sim.writer import outputs

YUAN = 100.0


def _need(**changes):
    base = dict(
        age=40, alive=1, chronic_disease=0, self_care=0, critical_illness=0, own_share=42, sick_months=0, readmission_months=0,
        law_admission_chronic=2.5, law_admission_disabled=1.6, law_admission_critical=3.0, law_readmission=1.8,
        table_admission_month=np.full(101, 0.01), table_demand=np.ones(101), x_admission=1.0, u_admission=0.0099,
    )  # fmt: skip
    return fall_ill(**{**base, **changes})


def test_a_need_follows_health_price_and_the_months_after_another():
    assert _need().needed == 1 and _need(u_admission=0.0101).needed == 0 and _need(alive=0).needed == 0
    worst = dict(chronic_disease=2, self_care=1, critical_illness=1, readmission_months=2)
    chance = 0.01 * 2.5 * 1.6 * 3.0 * 1.8
    assert _need(**worst, u_admission=chance - 1e-6).needed == 1 and _need(**worst, u_admission=chance + 1e-6).needed == 0
    assert _need(x_admission=0.5).needed == 0
    dear = np.ones(101)
    dear[42] = 0.5
    assert _need(table_demand=dear).needed == 0
    assert _need(sick_months=3, readmission_months=2, u_admission=0.9) == (0, 2, 1)


def _care(**changes):
    base = dict(
        own_share=40, sick_months=0, hh_assets=200_000, hh_gross_12m=3_000_000, hh_members=3, law_bill_mean=800_000.0,
        law_consumption_floor=26_000.0, law_forgone_base=0.12, law_forgone_burden=1.3, law_forgone_months=2.0,
        law_deposit_share=0.0, law_forgone_deposit=0.0, x_care_forgone=1.0, x_deposit=1.0, u_care=0.2499,
    )  # fmt: skip
    return seek_care(**{**base, **changes})


def test_a_deposit_keeps_away_who_cannot_pay_it():
    # chance without a deposit .25; a deposit of .3 x 8,000 = 2,400, of which a purse of 2,000 lacks a sixth: .25 + .05/6
    asked = dict(law_deposit_share=0.3, law_forgone_deposit=0.05)
    assert _care(**asked, u_care=0.25833).forgone == 1 and _care(**asked, u_care=0.25834).forgone == 0
    assert _care(**asked, x_deposit=0.0, u_care=0.2501).forgone == 0
    # at the deposit itself nothing is missing; with nothing in the purse all of it
    assert _care(**asked, hh_assets=240_000, u_care=0.25).forgone == _care(hh_assets=240_000, u_care=0.25).forgone
    empty = 0.12 + 1.3 * 320_000 / 3_000_000 + 0.05
    assert _care(**asked, hh_assets=0, u_care=empty - 1e-6).forgone == 1
    assert _care(**asked, hh_assets=0, u_care=empty + 1e-6).forgone == 0


def test_a_contract_with_a_family_doctor():
    assert sign_on(1, 0.6, 0.5999).signed_doctor == 1 and sign_on(2, 0.6, 0.6).signed_doctor == 0
    assert sign_on(0, 1.0, 0.0).signed_doctor == 0


def test_care_is_forgone_when_the_bill_takes_much_of_what_the_household_has():
    # 40 % of 8,000 is a tenth of 2,000 saved and 30,000 a year: .12 + 1.3 x .1 = .25
    assert _care() == (0, 1, 2, care.READMISSION_MONTHS)
    assert _care(u_care=0.2501) == (1, 0, 0, care.READMISSION_MONTHS)
    assert _care(own_share=100, u_care=0.4449).forgone == 1 and _care(own_share=100, u_care=0.4451).forgone == 0
    # an income below what is needed to live counts as that: 3 x 260 x 12 = 9,360; 3,200 of 11,360
    assert _care(hh_gross_12m=-500, u_care=0.12 + 1.3 * 3_200 / 11_360 - 1e-6).forgone == 1
    assert _care(hh_gross_12m=-500, u_care=0.12 + 1.3 * 3_200 / 11_360 + 1e-6).forgone == 0
    assert _care(sick_months=5).sick_months == 5
    assert _care(law_forgone_base=0.0, law_forgone_burden=0.0, u_care=0.0).admitted == 1
    assert _care(x_care_forgone=0.0, u_care=0.0).admitted == 1


def _stay(**changes):
    base = dict(
        age=40, labour=0, disability_grade=0, critical_illness=0, listed_critical_illness=0, sick_months=0,
        admitted_this_year=0, law_bill_mean=767_400.0, law_bill_log_sd=1.0, law_severe_share=0.12, law_severe_months=6.0,
        law_accident_share=0.06, law_accident_months=2.0, law_capacity_loss=0.3, law_certificate_share=0.4,
        law_critical_share=0.25, law_listed_share=0.5, x_disability=1.0, x_hospital_bill=1.0,
        u_bill=0.5, u_capacity=0.9, u_cause=0.5,
    )  # fmt: skip
    return be_treated(**{**base, **changes})


def test_what_an_admission_leaves_behind():
    plain_stay = _stay()
    assert (plain_stay.first_admission, plain_stay.sick_months, plain_stay.labour, plain_stay.injured) == (1, 1, 0, 0)
    assert _stay(admitted_this_year=1).first_admission == 0 and _stay(sick_months=4).sick_months == 4
    assert (_stay(u_cause=0.0599).injured, _stay(u_cause=0.0599).sick_months, _stay(u_cause=0.0601).injured) == (1, 2, 0)
    severe = dict(u_bill=0.8801)
    assert _stay(**severe).sick_months == 6 and _stay(u_bill=0.8799).sick_months == 1
    assert _stay(**severe, u_capacity=0.29).labour == 1 and _stay(**severe, u_capacity=0.31).labour == 0
    assert _stay(**severe, u_capacity=0.29).disability_grade == 0
    assert _stay(**severe, u_capacity=0.11).disability_grade == 3
    assert _stay(**severe, u_capacity=0.11, labour=1).disability_grade == 2
    assert _stay(**severe, u_capacity=0.11, labour=1, disability_grade=1).disability_grade == 1
    assert _stay(**severe, u_capacity=0.11, x_disability=0.5).disability_grade == 0
    assert _stay(**severe, u_capacity=0.11, age=12).labour == 0
    assert _stay(**severe, u_cause=0.76).critical_illness == 1 and _stay(**severe, u_cause=0.74).critical_illness == 0
    assert _stay(u_cause=0.99).critical_illness == 0
    assert (
        _stay(**severe, u_cause=0.87).listed_critical_illness == 0 and _stay(**severe, u_cause=0.88).listed_critical_illness == 1
    )
    assert certificate(70, 4, 3, True) == 1 and certificate(40, 2, 1, True) == 2


def test_illness_takes_income_through_months_and_capacity_only():
    rules = [s for s in PEOPLE if plain(s.rule).__module__ in (health.__name__, care.__name__)]
    written = {name for step in rules for name in outputs(step)}
    assert {"sick_months", "labour"} <= written
    assert not written & {"wage", "log_skill", "season", "income_12m", "job", "work_rank"}


def test_bills_have_the_mean_and_the_spread_of_their_values():
    bills = np.array([hospital_bill((k + 0.5) / 40_000, 767_400.0, 1.0) for k in range(40_000)])
    assert bills.mean() == pytest.approx(767_400, rel=0.01)
    assert np.log(bills).std() == pytest.approx(1.0, rel=0.002)
    assert hospital_bill(1 - 1e-10, 767_400.0, 3.0) == care.LARGEST_BILL


def _change(**changes):
    base = dict(
        age=40, labour=0, disability_grade=0, critical_illness=0, listed_critical_illness=0, severe_mental_disorder=0,
        law_critical_remission=0.25, law_mental_onset=0.001, law_capacity_recovery=0.15, law_certified_recovery=0.2,
        table_disability_onset=np.full(101, 0.004), x_disability=1.0, x_recovery=1.0, x_remission=1.0, u_remission=0.9,
        u_mental=0.9, u_disability=0.9, u_recovery=0.9,
    )  # fmt: skip
    return change_in_health(**{**base, **changes})


def test_disability_begins_by_age_in_four_grades_and_capacity_follows():
    grades = [_change(u_disability=0.001 * k + 1e-6) for k in range(5)]
    assert [(c.disability_grade, c.labour) for c in grades] == [(1, 3), (2, 2), (3, 1), (4, 1), (0, 0)]
    assert [labour_of(grade) for grade in (1, 2, 3, 4)] == [3, 2, 1, 1]
    assert _change(age=8, u_disability=1e-6).labour == 0 and _change(age=8, u_disability=1e-6).disability_grade == 1
    assert _change(age=16, disability_grade=1).labour == 3
    assert _change(u_disability=1e-6, x_disability=0.0).disability_grade == 0
    assert _change(disability_grade=3, labour=2, u_disability=1e-6) == _change(disability_grade=3, labour=2)


def test_capacity_comes_back_but_not_to_the_old_the_severely_disabled_or_the_ill():
    assert _change(labour=2, u_recovery=0.149).labour == 1 and _change(labour=2, u_recovery=0.151).labour == 2
    healed = _change(labour=1, disability_grade=4, u_recovery=0.0299)
    assert (healed.labour, healed.disability_grade) == (0, 0)
    assert _change(labour=1, disability_grade=4, u_recovery=0.0301).disability_grade == 4
    for lasting in (dict(age=65), dict(disability_grade=2), dict(critical_illness=1), dict(severe_mental_disorder=1)):
        assert _change(**{"labour": 2, "u_recovery": 0.0, **lasting}).labour == 2, lasting
    assert _change(labour=3, u_recovery=0.0).labour == 3


def test_critical_and_mental_illness_come_and_go():
    ill = dict(critical_illness=1, listed_critical_illness=1)
    assert _change(**ill, u_remission=0.249)[1:3] == (0, 0) and _change(**ill, u_remission=0.251)[1:3] == (1, 1)
    assert _change(u_mental=0.0009) == (2, 0, 0, 1, 2)
    assert _change(u_mental=0.0009, age=61).severe_mental_disorder == 0
    assert _change(u_mental=0.0009, disability_grade=1, labour=3) == (1, 0, 0, 1, 3)


def test_drugs_cost_more_with_two_conditions_and_a_critical_illness():
    law = dict(law_outpatient_cost=60_000.0, law_outpatient_second=1.6, law_outpatient_critical=120_000.0)
    costs = [buy_drugs(1, n, critical, **law).drug_bill for n, critical in ((0, 0), (1, 0), (2, 0), (0, 1), (2, 1))]
    assert costs == [0, 5_000, 8_000, 10_000, 18_000]
    assert buy_drugs(0, 2, 1, **law).drug_bill == 0


def test_the_outpatient_layer_pays_half_to_its_cap_of_the_year():
    paid = [0]
    for month in range(12):
        paid.append(paid[-1] + layer_payment(5_333.0, month * 5_333.0, float(paid[-1]), 0.0, 0.5, 1e8, 0.5, 20_000.0))
    assert paid[7] == pytest.approx(0.5 * 7 * 5_333, abs=7) and paid[8] == paid[12] == 20_000


def test_the_expected_share_and_its_edges():
    assert [per_cent(*pair) for pair in ((0, 100), (1, 1000), (424, 1000), (425, 1000), (1000, 1000), (5, 0))] == [
        1, 1, 42, 43, 100, 100,
    ]  # fmt: skip
    assert not is_covered(1, 0, 3, 3) and is_covered(1, 0, 3, 4) and is_covered(0, 1, 3, 1) and not is_covered(0, 0, 0, 12)


def test_needs_that_people_act_on_rise_as_the_own_share_falls(kept):
    world = World(County(100, 1, 1), with_values(kept, admission_price=0.3, own_share_reference=0.4), 1)
    world.advance(month_index(2021, 1))
    demand = world.tables["demand"]
    assert demand[0] == demand[40] == 1.0 and demand[20] == pytest.approx(2**0.3) and demand[100] == pytest.approx(0.4**0.3)
    world = World(County(100, 1, 1), with_values(kept, admission_price=0.0), 1)
    world.advance(month_index(2021, 1))
    assert (world.tables["demand"] == 1.0).all()


def test_a_burden_counts_by_four_definitions():
    # 4,000 for care, 10,000 consumed of which 4,000 food: 40 % of 10,000; 28.6 % of all spending; 10 % of 40,000
    assert held_against(3, 400_000, 1_000_000, 4_000_000, 0.4).over == 1 + 4 + 8
    assert held_against(3, 400_000, 1_000_000, 3_999_999, 0.4).over == 15
    assert held_against(3, 399_999, 1_000_000, 4_000_000, 0.4).over == 4 + 8
    assert held_against(3, 100_000, 900_000, 4_000_000, 0.4).over == 0
    assert held_against(3, 100_001, 900_000, 4_000_000, 0.4).over == 4
    assert held_against(3, 1, 0, -5, 0.4).over == 15
    assert held_against(0, 400_000, 1, 1, 0.4).over == 0 == held_against(3, 0, 1, -1, 0.4).over


# a whole county against its targets ----------------------------------------------------------------------------

RURAL = (0.193, 0.147, 0.180, 0.242, 0.188, 0.050)
"""Rural persons by band of age (0-14, 15-29 ... 75+): assumed, after the seventh census; the simulated are older."""
BANDS = (0, 15, 30, 45, 60, 75, 200)


@pytest.fixture(scope="module")
def lived(kept) -> Model:
    """A county from its founders to the end of 2018, its state still that of December."""
    model = Model(County(20_000, 60, 6), kept, rng=5, months=month_index(2019, 1) - HISTORY_START, threads=2)
    model.run_model()
    return model


def year_total(model: Model, name: str, year: int) -> int:
    """Return a count of one year, all groups."""
    first = month_index(year, 1) - model.first_month
    return int(model.record[first : first + 12, :, INDEX[name]].sum())


def admitted_shares(model: Model) -> tuple[float, float, float]:
    """Return shares of persons admitted this year: at a rural structure of ages; of those of 60 and over, and its error."""
    persons = model.state.persons
    alive = persons["alive"] == 1
    age, admitted = persons["age"][alive], persons["admitted_this_year"][alive]
    shares = [admitted[(age >= low) & (age < high)].mean() for low, high in itertools.pairwise(BANDS)]
    old = admitted[age >= 60]
    return float(np.dot(RURAL, shares)), float(old.mean()), math.sqrt(old.mean() * (1 - old.mean()) / len(old))


def test_persons_admitted_in_2018_follow_the_survey(lived):
    everybody, old, error = admitted_shares(lived)
    assert old == pytest.approx(0.249, abs=3 * error + 0.012)
    assert everybody == pytest.approx(0.138, abs=0.010)
    per_person = year_total(lived, "admissions", 2018) / year_total(lived, "admitted_persons", 2018)
    assert per_person == pytest.approx(1.2, abs=0.06)


def test_a_fifth_of_needs_go_without_a_hospital(lived):
    needed, forgone = year_total(lived, "care_needed", 2018), year_total(lived, "care_forgone", 2018)
    assert forgone / needed == pytest.approx(0.215, abs=0.03)
    assert needed - forgone == year_total(lived, "admissions", 2018)


def test_bills_follow_their_mean(lived, kept):
    admissions = sum(year_total(lived, "admissions", year) for year in range(2014, 2019))
    wanted = sum(
        year_total(lived, "admissions", year) * kept.values["bill_mean"].at(month_index(year, 7)) for year in range(2014, 2019)
    )
    bills = sum(year_total(lived, "bills", year) for year in range(2014, 2019))
    spread = math.sqrt(math.exp(kept.values["bill_log_sd"].at(0) ** 2) - 1)
    assert bills / wanted == pytest.approx(1.0, abs=3 * spread / math.sqrt(admissions) + 0.01)


def test_health_states_stay_at_their_prevalence(lived):
    persons = lived.state.persons
    alive = persons["alive"] == 1
    adults = alive & (persons["age"] >= 16) & (persons["age"] < 65)
    assert (persons["disability_grade"][adults] > 0).mean() == pytest.approx(0.085, abs=0.02)
    assert persons["severe_mental_disorder"][alive].mean() == pytest.approx(0.007, abs=0.003)
    assert 0.005 < persons["critical_illness"][alive].mean() < 0.03
    assert not (persons["listed_critical_illness"][alive] > persons["critical_illness"][alive]).any()


def test_flags_of_pension_ages(lived, kept):
    persons = lived.state.persons
    alive = persons["alive"] == 1
    old = persons["age"] >= kept.values["pension_age"].at(0)
    assert (persons["drawing_pension"][alive] == old[alive]).all()
    assert (persons["pension_contributing_age"][alive] == ((persons["age"] >= 16) & ~old)[alive]).all()


def test_who_is_insured_expects_less_than_who_is_not_and_layers_add_up(lived):
    persons = lived.state.persons
    alive = (persons["alive"] == 1) & (persons["age"] >= 1)
    bare = alive & (persons["bmi_enrolled"] == 0) & (persons["employee_insured"] == 0) & (persons["tekun"] == 0)
    assert (persons["own_share"][bare] == 100).all() and bare.sum() > 50
    assert persons["own_share"][alive & ~bare].max() < 60 and persons["own_share"][alive].min() >= 1
    layers = sum(year_total(lived, f"paid_{layer}", 2018) for layer in ("basic", "critical", "assistance", "supplementary"))
    assert layers == year_total(lived, "reimbursed", 2018) > 0


def test_cheaper_care_is_used_more_and_the_switch_turns_it_off(kept, past):
    def admissions(**values: float) -> list[int]:
        rules = with_values(kept, **values)
        cheap = with_lever(rules, "three_tier_medical_protection.basic", rate=0.95)
        dear = with_lever(rules, "three_tier_medical_protection.basic", rate=0.3)
        return [int(run(one, past, 24).record[12:, :, INDEX["admissions"]].sum()) for one in (cheap, dear)]

    cheap, dear = admissions()
    assert cheap > 1.15 * dear
    cheap, dear = admissions(admission_price=0.0, forgone_burden=0.0)
    # not equal to the last one: what bills leave of a family's money changes who leaves for work, and lives
    assert abs(cheap - dear) <= 0.01 * dear


def test_without_unmet_need_nobody_goes_without(kept, past):
    model = run(with_values(kept, forgone_base=0.0, forgone_burden=0.0), past, 6)
    assert model.record[:, :, INDEX["care_forgone"]].sum() == 0 < model.record[:, :, INDEX["care_needed"]].sum()


def test_catastrophic_spending_is_counted_once_a_year_and_nested(kept, past):
    record = run(kept, past, 24).record.sum(axis=1)
    capacity, income, tenth, quarter, tested = (
        record[:, INDEX[name]]
        for name in ("che_capacity_persons", "che_income_persons", "che_tenth_persons", "che_quarter_persons", "tested_persons")
    )
    months = np.flatnonzero(capacity)
    assert set(months) <= {8, 20} and capacity[[8, 20]].sum() > 0
    assert (quarter <= tenth).all() and (capacity <= tenth).all() and (tenth <= tested).all() and income.sum() > 0


def test_a_forgone_need_is_the_same_luck_under_every_policy(kept, past):
    # the premium is paid in October: until then needs and what is forgone agree to the person
    other = with_lever(kept, "premium_subsidy_taper_ex_poor", share=0.0)
    one, two = run(kept, past, 9), run(other, past, 9)
    assert (one.record[..., INDEX["care_forgone"]] == two.record[..., INDEX["care_forgone"]]).all()
