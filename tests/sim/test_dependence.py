"""Dependants, services, statuses and contributions to the resident pension, worked by hand. Amounts in fen."""

from __future__ import annotations

import numpy as np
import pytest

from sim.policies.disregard import disregard_once
from sim.policies.eligibility import compile_conditions
from sim.policies.price_subsidy import pension_tier, premium_subsidy
from sim.policies.service import serve, services_in_force
from sim.policies.status_rule import list_low_income, list_margin
from sim.policies.tables import LeverTables
from sim.processes.contribution import NO_ACCOUNT, OWN, SPONSORED, UNDECIDED, contribute, open_account
from sim.processes.dependence import count_dependent, depend, name_kind, own_care, points_of_care
from sim.processes.employment import FARM, MIGRANT
from sim.rules import Lever, Term, constant
from sim.script import NOTHING
from sim.state import Columns

EVERYBODY = ((),)
MONTH = 24252


def lever(name, mechanism, who=EVERYBODY, words=None, **fields):
    return Lever(name, mechanism, who, {key: constant(value) for key, value in fields.items()}, words or {})


def county(levers, **columns):
    """Return the tables and the arrays of a county of one household of one person."""
    persons, households = Columns("person", 1), Columns("household", 1)
    for name, value in columns.items():
        part = households if name in households.names and name not in ("id",) else persons
        part[name] = value
    state = [part.matrices[kind] for part in (persons, households) for kind in ("i1", "i2", "i4")]
    return LeverTables(levers).at(MONTH), (*compile_conditions(levers), *state), persons


# who depends on whom --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "sex", "carers", "away", "men", "expected"),
    [
        (17, 1, 0, 0, 0, (1, 0)),  # nobody of 18 to 59 at all
        (18, 1, 0, 0, 0, (0, 0)),  # grown up
        (15, 1, 0, 1, 1, (0, 1)),  # whoever could care works away
        (16, 1, 0, 1, 1, (0, 0)),
        (15, 1, 1, 1, 1, (0, 0)),  # one of them is at home
        (60, 0, 0, 0, 0, (0, 1)),  # old and alone
        (59, 0, 0, 0, 0, (0, 0)),
        (60, 0, 1, 0, 0, (0, 0)),
        (40, 0, 1, 1, 1, (0, 1)),  # a woman at home whose man is away
        (40, 1, 1, 1, 1, (0, 0)),
        (40, 0, 1, 1, 0, (0, 0)),
    ],
)
def test_who_is_left_behind_or_unattended(age, sex, carers, away, men, expected):
    assert depend(age, sex, FARM, 3, carers, away, men) == expected
    assert depend(age, sex, FARM, 0, carers, away, men) == (0, 0)


def test_a_woman_away_is_not_left_behind():
    assert depend(40, 0, MIGRANT, 3, 0, 2, 1) == (0, 0)


def test_care_is_left_to_the_family_unless_a_service_takes_it():
    assert [points_of_care(care, cared) for care in (0, 1, 2) for cared in (0, 1, 2, 3)] == [0, 0, 0, 0, 1, 0, 0, 0, 2, 1, 1, 0]
    assert own_care(2, 0, 2_050.0) == 4_100 and own_care(2, 1, 2_050.0) == 2_050


def test_who_can_care_who_is_away_who_needs_care():
    def counted(age=40, sex=1, job=FARM, labour=0, care=0, grade=0, cared=0):
        return count_dependent(1, age, sex, job, labour, care, grade, cared, 0, 0, OWN)

    assert [counted(age=age).is_carer for age in (17, 18, 59, 60)] == [0, 1, 1, 0]
    assert [counted(grade=grade).is_carer for grade in range(5)] == [1, 0, 0, 1, 1]
    assert counted(care=1).is_carer == 0 and counted(care=2).care_points == 2
    assert counted(job=MIGRANT)[:3] == (0, 1, 1) and counted(job=MIGRANT, sex=0)[:3] == (0, 1, 0)
    assert [counted(labour=labour).is_incapable for labour in range(4)] == [0, 0, 1, 1]
    assert counted(age=15, labour=3).is_incapable == 0
    assert count_dependent(0, 40, 1, FARM, 0, 2, 1, 1, 1, 1, OWN) == (0,) * 10


def test_a_certificate_names_mind_or_body():
    assert name_kind(1, 0.0, 0.9).disability_kind == 2
    assert (name_kind(0, 0.1, 0.09).disability_kind, name_kind(0, 0.1, 0.1).disability_kind) == (2, 1)


# services -------------------------------------------------------------------------------------------------------


def service(name, kind, who=EVERYBODY, **fields):
    values = {"probability": 1.0, "reach": 1.0, "cost": 10_000.0, "relief": 0.0} | fields
    return lever(name, "service", who, {"kind": kind}, **values)


def served(levers, alive=1, rank=50, age=10, care=2, grade=1, mental=1, cared=0, rehabilitated=0, treated=0, trained=0):
    tables, who, persons = county(levers)
    paid = np.zeros(len(levers), np.int64)
    result = serve(
        alive, 0, 0, MONTH, 7, age, care, grade, mental, cared, rehabilitated, treated, trained, rank, 1_000.0, 15_000.0, 5_000.0,
        paid, persons.matrices["u8"], NOTHING.ids, NOTHING.when, NOTHING.u, services_in_force(tables["service"]), *who,
    )  # fmt: skip
    return result, paid.tolist()


def test_care_left_to_the_family_costs_it_by_degree():
    assert served(())[0] == (0, 0, 0, 0, 2 * 1_000 + 15_000 + 5_000, 0)
    assert served((), age=18, mental=0)[0].care_cost == 2_000
    assert served((), alive=0)[0] == (0, 0, 0, 0, 0, 0)


def test_the_fullest_care_is_given_and_excludes_the_rest():
    levers = (service("a", "visits"), service("b", "residential", cost=90_000.0), service("c", "day_care"))
    result, paid = served(levers, grade=0, mental=0)
    assert (result.cared, result.care_cost, result.service_paid) == (3, 0, 90_000)
    assert paid == [0, 90_000, 0]
    assert served(levers[:1], grade=0, mental=0)[0][:1] + served(levers[:1], grade=0, mental=0)[0][4:] == (1, 1_000, 10_000)


def test_relief_takes_off_the_familys_cost_and_no_more():
    levers = (service("a", "rehabilitation", relief=12_000.0, cost=0.0), service("b", "treatment", relief=6_000.0, cost=3_000.0))
    result, paid = served(levers, care=0)
    assert (result.rehabilitated, result.treated) == (1, 1)
    # 15,000 - 12,000 of rehabilitation is left; treatment costs 5,000 and is relieved whole
    assert result.care_cost == 3_000 and paid == [12_000, 3_000 + 5_000] and result.service_paid == 20_000


def test_training_is_given_once_and_lasts():
    levers = (service("a", "training"),)
    assert served(levers, care=0, grade=0, mental=0) == ((0, 0, 0, 1, 0, 10_000), [10_000])
    assert served(levers, care=0, grade=0, mental=0, trained=1) == ((0, 0, 0, 1, 0, 0), [0])


def test_a_service_that_takes_nobody_new_keeps_those_whom_it_has():
    closed = (service("a", "day_care", probability=0.0),)
    assert served(closed)[0].cared == 0 and served(closed, cared=2)[0].cared == 2
    assert served((service("a", "residential", probability=0.0),), cared=2)[0].cared == 0


@pytest.mark.parametrize(("rank", "cared"), [(0, 0), (69, 0), (70, 1), (99, 1)])
def test_a_service_reaches_the_places_above_one_minus_its_reach(rank, cared):
    assert served((service("a", "visits", reach=0.3),), rank=rank)[0].cared == cared


# statuses -------------------------------------------------------------------------------------------------------


def listed(held=0, ratio=100, months=1.0, month=MONTH, turn=0.0, rank=50, members=2, status="dibao_margin"):
    who = ((Term("h.assessed_ratio", 100.0, 149.0),),)
    levers = (lever("a", "status_rule", who, {"status": status}, reach=0.9, review_months=months),)
    tables, arrays, _ = county(levers, assessed_ratio=ratio)
    rule = list_margin if status == "dibao_margin" else list_low_income
    return rule(held, members, rank, turn, month, 0, 0, tables["status_rule"], *arrays)[0]


def test_a_status_has_both_edges():
    assert [listed(ratio=ratio) for ratio in (99, 100, 149, 150)] == [0, 1, 1, 0]
    assert (listed(rank=9), listed(rank=10), listed(members=0)) == (0, 1, 0)
    assert listed(status="low_income") == 1


def test_a_status_is_kept_until_its_review():
    assert MONTH % 6 == 0
    assert [listed(held=1, ratio=200, months=6.0, month=MONTH + k) for k in range(7)] == [0, 1, 1, 1, 1, 1, 0]
    assert (
        listed(held=1, ratio=200, months=6.0, turn=0.5) == 1
        and listed(held=1, ratio=200, months=6.0, month=MONTH + 3, turn=0.5) == 0
    )
    assert listed(held=0, ratio=120, months=6.0, month=MONTH + 1) == 1


# the means test of a household ----------------------------------------------------------------------------------


def test_a_household_leaves_an_amount_out_once():
    levers = (
        lever("a", "household_disregard", ((Term("h.any_employed", 1.0, 1.0),),), amount=380_000.0),
        lever("b", "household_disregard", amount=1_000.0),
    )
    tables, who, _ = county(levers, any_employed=1)
    assert disregard_once(2, 0, 0, tables["household_disregard"], *who).household_disregarded == 381_000
    assert disregard_once(0, 0, 0, tables["household_disregard"], *who).household_disregarded == 0
    tables, who, _ = county(levers, any_employed=0)
    assert disregard_once(2, 0, 0, tables["household_disregard"], *who).household_disregarded == 1_000


# the resident pension -------------------------------------------------------------------------------------------


def test_old_people_are_insured_when_first_asked_others_by_lot():
    assert open_account(60, 60.0, 0.0, 0.99).pension_account == OWN
    assert [open_account(59, 60.0, 0.85, u).pension_account for u in (0.84, 0.85)] == [OWN, NO_ACCOUNT]


def paid_by(account, share=0.0, tier=10_000.0, age=30, u=0.99, **changes):
    base = dict(in_school=0, employee_insured=0, age=age, pension_contributing_age=1, pension_account=account)
    terms = dict(
        pension_tier=tier, contribution_share=share, law_pension_join=0.1, law_pension_join_old=0.5, law_pension_stop=0.2
    )
    return contribute(**{**base, **terms, "x_pension_stop": 1.0, "u_contribute": u, **changes})


def test_a_contribution_is_paid_by_the_member_the_budget_or_both():
    assert paid_by(OWN) == (OWN, 10_000, 0)
    assert paid_by(OWN, share=0.5) == (OWN, 5_000, 5_000)
    assert paid_by(OWN, share=1.0) == (SPONSORED, 0, 10_000)
    assert paid_by(NO_ACCOUNT, share=1.0) == (SPONSORED, 0, 10_000)
    assert paid_by(NO_ACCOUNT, share=0.999) == (NO_ACCOUNT, 0, 0)


def test_who_pays_a_part_stops_in_proportion_to_it():
    assert [paid_by(OWN, u=u).pension_account for u in (0.199, 0.2)] == [NO_ACCOUNT, OWN]
    assert [paid_by(OWN, share=0.5, u=u).pension_account for u in (0.099, 0.1)] == [NO_ACCOUNT, OWN]
    assert paid_by(SPONSORED, u=0.199).pension_account == NO_ACCOUNT
    assert paid_by(OWN, u=0.1, x_pension_stop=0.5).pension_account == OWN
    # from 45 nobody stops
    assert paid_by(OWN, u=0.0, age=45).pension_account == OWN


def test_who_is_not_insured_begins_more_often_from_45():
    assert [paid_by(NO_ACCOUNT, u=u).pension_account for u in (0.099, 0.1)] == [OWN, NO_ACCOUNT]
    assert [paid_by(NO_ACCOUNT, u=u, age=45).pension_account for u in (0.499, 0.5)] == [OWN, NO_ACCOUNT]


def test_pupils_employees_and_the_old_are_not_asked():
    for change in ({"in_school": 1}, {"employee_insured": 1}, {"pension_contributing_age": 0}):
        assert paid_by(UNDECIDED, share=1.0, **change) == (UNDECIDED, 0, 0)


def test_the_lowest_kept_tier_and_the_largest_share_of_the_right_price_count():
    poor = ((Term("h.ex_poor", 1.0, 1.0),),)
    levers = (
        lever("a", "kept_price", poor, {"price": "pension"}, amount=10_000.0),
        lever("b", "kept_price", EVERYBODY, {"price": "pension"}, amount=15_000.0),
        lever("c", "price_subsidy", EVERYBODY, {"price": "premium"}, share=0.9, term_years=0.0),
        lever("d", "price_subsidy", EVERYBODY, {"price": "pension"}, share=0.4, term_years=0.0),
        lever("e", "price_subsidy", poor, {"price": "pension"}, share=0.7, term_years=2.0),
    )

    def asked(ex_poor, tier=20_000.0, years=0):
        tables, who, _ = county(levers, ex_poor=ex_poor)
        premium = premium_subsidy(0, 0, years, tables["price_subsidy"], *who)
        assert premium == (0.9, 2)
        return pension_tier(0, 0, years, tier, tables["kept_price"], tables["price_subsidy"], *who)

    assert asked(1) == (10_000.0, 0.7, 4) and asked(0) == (15_000.0, 0.4, 3)
    assert asked(1, years=2) == (10_000.0, 0.4, 3)
    # a tier that is lower than the kept one stays
    assert asked(1, tier=8_000.0)[0] == 8_000.0
