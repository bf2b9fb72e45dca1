"""One-off grants, aid to pupils and services that restore a guarantee, worked by hand. Amounts in fen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from small_county import SEED, run, with_lever, with_values, without_levers, without_moves

from sim import relapse
from sim.indicators import CAUSES, INDEX
from sim.model import PLAN_START, Model
from sim.policies import one_off_grant
from sim.policies.mechanisms import MECHANISMS, acts_on
from sim.policies.one_off_grant import DISASTER, HARDSHIP, NEWLY_MONITORED, find_events, grant_amount, is_due
from sim.policies.restored_guarantee import EDUCATION, HOUSING, MEDICAL, WATER
from sim.policies.schooling_aid import SCHOOL_MONTHS, SEPTEMBER, TERMS, is_paid
from sim.policies.targets import GUARANTEES
from sim.processes.guarantees import bear_costs, rebuild, restore_supply
from sim.processes.schooling import return_to_school
from sim.rules import Lever, constant, month_index
from sim.trailing import add_grants

YUAN = 100
FLOOD, LISTED, GRANTED = month_index(2023, 8), month_index(2023, 9), month_index(2023, 10)


def test_codes_follow_the_words():
    words = MECHANISMS["one_off_grant"].words["event"]
    assert [words.index(name) for name in ("disaster", "hardship", "newly_monitored", "migration")] == [0, 1, 2, 5]
    assert tuple(GUARANTEES) == ("housing", "water", "education", "medical") and (HOUSING, WATER, EDUCATION, MEDICAL) == (
        0,
        1,
        2,
        3,
    )
    assert MECHANISMS["schooling_aid"].words["paid"] == ("terms", "school_months", "september")
    assert (one_off_grant.INCOME, one_off_grant.AGAINST_REBUILDING) == (0, 1)
    assert acts_on("restored_guarantee", {"guarantee": "housing"}) == "household"
    assert acts_on("restored_guarantee", {"guarantee": "education"}) == "person"


def test_aid_is_paid_in_its_months():
    assert [moy for moy in range(1, 13) if is_paid(TERMS, moy)] == [3, 10]
    assert [moy for moy in range(1, 13) if is_paid(SCHOOL_MONTHS, moy)] == [1, 2, 3, 4, 5, 6, 9, 10, 11, 12]
    assert [moy for moy in range(1, 13) if is_paid(SEPTEMBER, moy)] == [9]


def test_the_net_income_of_a_family_with_a_senior_pupil():
    # golden family G03, four members: senior school from 2021-09 at 600 a month, aid of 1,000 in October and March
    spent = 0
    head = {}
    for month in range(month_index(2021, 9), month_index(2022, 4)):
        moy = month % 12 + 1
        aid = 1_000 * YUAN if is_paid(TERMS, moy) else 0
        spent += bear_costs(4, 1, 600 * YUAN, aid, 0, 0, 0.0).guarantee_cost
        head[month] = spent / 4 / YUAN
    assert head[month_index(2021, 9)] == 150 and head[month_index(2021, 12)] == 350
    # net 12,553 against gross 13,119 with 16 a head of premiums
    assert head[month_index(2022, 3)] == 550 == 13_119 - 12_553 - 16


def test_the_relief_and_the_grant_of_a_flooded_family():
    # golden family G05: flood in 2023-08, listed in September, relief at once, a grant of 30 % of the loss a month later
    seen = dict(events=1 << DISASTER, struck_month=FLOOD, identified_month=LISTED)
    assert not is_due(DISASTER, 1.0, FLOOD, monitored=0, **{**seen, "identified_month": 0})
    assert is_due(DISASTER, 0.0, LISTED, monitored=1, **seen) and not is_due(DISASTER, 1.0, LISTED, monitored=1, **seen)
    assert is_due(DISASTER, 1.0, GRANTED, monitored=1, **seen)
    assert grant_amount(200_000.0, 0.0, 2e6, 0.0, 2_305_100) == 2_000 * YUAN
    # above a threshold of 20,000 yuan: (23,051 - 20,000) x 0.3 = 915.30; at it and below nothing
    assert grant_amount(0.0, 0.3, 5e6, 2_000_000.0, 2_305_100) == 91_530
    assert grant_amount(0.0, 0.3, 5e6, 2_305_100.0, 2_305_100) == 0 == grant_amount(0.0, 0.3, 5e6, 2_400_000.0, 2_305_100)
    assert grant_amount(0.0, 0.3, 5e6, 0.0, 2_305_100) == 691_530 and grant_amount(0.0, 0.3, 500_000.0, 0.0, 2_305_100) == 500_000
    # found seven months later, in 2024-03, as in the family's third policy: both follow from there
    late = dict(events=1 << DISASTER, struck_month=FLOOD, identified_month=month_index(2024, 3), monitored=1)
    assert is_due(DISASTER, 0.0, month_index(2024, 3), **late) and is_due(DISASTER, 1.0, month_index(2024, 4), **late)


def test_relief_is_income_and_the_grant_takes_off_rebuilding():
    # G05, four members: the repair of 15,000 in September, relief of 2,000; in October 6,915 against the repair
    september = add_grants(200_000, 0, 0, 0, 1_640_000, 1_500_000, 2_705_600, 1_065_600)
    assert september == (200_000, 200_000, 1_640_000, 1_500_000, 2_905_600, 1_265_600)
    # gross 7,264 and net 3,164 a head
    assert september.gross_12m / 4 / YUAN == 7_264 and september.net_12m / 4 / YUAN == 3_164
    october = add_grants(0, 691_530, 200_000, 0, 1_507_600, 7_600, 2_402_400, 894_800)
    # gross 6,006 and net 3,966 a head: 8,160 less than gross, the repair less the grant and 19 a head of premiums
    assert october.gross_12m / 4 / YUAN == 6_006 and october.net_12m / 4 / YUAN == pytest.approx(3_966, abs=0.5)
    assert october.spend_now == 7_600 - 691_530


def test_events_open_grants():
    base = dict(
        members=3, struck_month=0, month=LISTED, temporary_hardship=0, rebuilding=0, sum_enters_tertiary=0, sum_leaves_for_work=0,
        major_shock=0, trigger=0,
    )  # fmt: skip
    assert find_events(**base).events == 0
    # an accident, and the alert on spending
    assert find_events(**{**base, "major_shock": 3}).events == 64 and find_events(**{**base, "major_shock": 2}).events == 0
    assert find_events(**{**base, "trigger": 2}).events == 128 and find_events(**{**base, "trigger": 1}).events == 0
    bits = [find_events(**{**base, name: 1}).events for name in ("temporary_hardship", "rebuilding")]
    bits += [find_events(**{**base, f"sum_{name}": 2}).events for name in ("enters_tertiary", "leaves_for_work")]
    assert bits == [2, 8, 16, 32]
    assert find_events(**{**base, "struck_month": LISTED - 11}).events == 1
    assert (
        find_events(**{**base, "struck_month": LISTED - 12}).events
        == 0
        == find_events(**{**base, "members": 0, "rebuilding": 1}).events
    )
    assert is_due(HARDSHIP, 0.0, LISTED, 2, 0, 0, 0) and not is_due(HARDSHIP, 0.0, LISTED, 1, 0, 0, 0)
    assert is_due(NEWLY_MONITORED, 2.0, LISTED + 2, 0, 1, LISTED, 0) and not is_due(
        NEWLY_MONITORED, 2.0, LISTED + 1, 0, 1, LISTED, 0
    )
    assert not is_due(NEWLY_MONITORED, 0.0, LISTED, 0, 0, LISTED, 0)


def test_services_restore_what_was_lost():
    law = dict(law_house_repair_cost=1_500_000.0, law_consumption_floor=30_000.0, law_house_repair=0.1)
    assert rebuild(assets=0, members=4, house_grant=1_200_000, house_lever=3, **law, u_rebuild=0.9) == (1, 1_500_000, 1_200_000)
    assert rebuild(assets=0, members=4, house_grant=0, house_lever=-1, **law, u_rebuild=0.0) == (0, 0, 0)
    # 0.2 by itself, 0.4 by a service: 0.52 together
    assert restore_supply(0.4, 0.2, 0.519).water_safe == 1 and restore_supply(0.4, 0.2, 0.521).water_safe == 0
    assert return_to_school(1, 0.3, 0.29).in_school == 1 and return_to_school(1, 0.3, 0.3).in_school == 0


def test_guarantees_and_income_are_tested_together():
    # income alone: the cause is that of the fall of income
    assert relapse.test_guarantees(4, 1, 3, 0, 0, 0) == (1, 1, 1, 1, 3)
    # a house lost, then cover alone, then nothing
    assert relapse.test_guarantees(4, 0, 9, 4 | 1, 0, 0) == (1, 1, 1, 1, CAUSES.index("housing"))
    assert relapse.test_guarantees(4, 0, 9, 1, 0, 0) == (1, 0, 1, 0, len(CAUSES))
    assert relapse.test_guarantees(4, 0, 9, 16, 1, 0)[:4] == (1, 1, 0, 1)
    assert relapse.test_guarantees(4, 0, 9, 0, 1, 1)[:4] == (0, 0, 0, 0) == relapse.test_guarantees(0, 0, 9, 4, 0, 0)[:4]


def test_years_of_falls_are_bits():
    first = relapse.note_guarantees(month_index(2021, 9), 1, 1, 0, 3, 0, 0, 0, 0)
    assert first == (month_index(2021, 9), 3, 1 << 8, 0)
    again = relapse.note_guarantees(month_index(2024, 9), 1, 1, 1, 5, *first)
    assert again == (month_index(2021, 9), 3, 1 << 8 | 1 << 11, 1 << 11)


# in the model ----------------------------------------------------------------------------------------------------


def grant(**changes) -> Lever:
    """A grant that every household struck by a disaster is paid: 500 yuan and a tenth of the loss."""
    values = dict(amount=50_000.0, share_of_loss=0.1, cap=1e9, probability=1.0, delay=0.0, wait=0.0, from_loss=0.0)
    words = {"event": "disaster", "counts_as": "rebuilding"}
    lever = Lever("a_grant", "one_off_grant", ((),), {name: constant(value) for name, value in values.items()}, words)
    return dataclasses.replace(lever, **changes)


def with_more(rules, *levers):
    """Return rules with more levers."""
    return dataclasses.replace(rules, levers=tuple(sorted((*rules.levers, *levers), key=lambda lever: lever.id)))


def test_a_loss_is_met_once_and_the_books_close(rules, past):
    flood = with_values(rules, disaster_rate=1.0, disaster_month=3.0, house_damage=2.0)
    model = run(with_more(flood, grant()), past, months=8)
    assert (model.ledger_residual() == 0).all()
    lever = [one.id for one in model.rules.levers].index("a_grant")
    assert model.paid[2, lever] > 0 and (model.paid[[0, 1, 3, 4, 5, 6, 7], lever] == 0).all()
    struck = model.state.households["struck_month"] == PLAN_START + 2
    assert struck.any() and (model.state.households["open_loss"][struck & (model.state.households["members"] > 0)] == 0).all()


def test_a_grant_as_income_is_in_gross_income_for_a_year(rules, past):
    flood = with_values(without_moves(rules), disaster_rate=1.0, disaster_month=1.0)
    words = {"event": "disaster", "counts_as": "income"}
    values = {**grant().values, "share_of_loss": constant(0.0)}
    given = run(with_more(flood, grant(words=words, values=values)), past, months=1).state.households
    without = run(flood, past, months=1).state.households
    struck = given["relief_month"] == PLAN_START
    assert struck.sum() > 20
    assert (given["gross_12m"] - without["gross_12m"])[struck].tolist() == [50_000] * int(struck.sum())
    assert (given["gross_12m"] == without["gross_12m"])[~struck].all()


def test_services_bring_back_houses_and_children(rules, past):
    broken = with_values(rules, house_ageing=0.5, dropout_compulsory=0.5, house_repair=0.0)
    services = (
        "dilapidated_housing_renovation",
        "special_assistance.housing",
        "universal_livelihood_tilt.housing",
        "dropout_control",
    )
    none = without_levers(broken, *services)
    names = ("lost_housing_persons", "lost_schooling_persons")
    helped, alone = (run(one, past, months=14) for one in (broken, none))
    for name in names:
        there = [model.record[-1, 0, INDEX[name]] for model in (helped, alone)]
        assert there[0] < 0.7 * there[1], name
    assert helped.record[..., INDEX["rebuilding_aid"]].sum() > 0 == alone.record[..., INDEX["rebuilding_aid"]].sum()
    assert (helped.ledger_residual() == 0).all() and (alone.ledger_residual() == 0).all()


def test_a_service_enrols_who_has_no_cover(rules, past):
    values = {name: constant(value) for name, value in (("probability", 1.0), ("share", 0.0), ("cap", 0.0))}
    cover = Lever("a_cover", "restored_guarantee", ((),), values, {"guarantee": "medical"}, start=PLAN_START + 1)
    model = run(with_more(rules, cover), past, months=3)
    lost = model.record[..., INDEX["lost_cover_persons"]].sum(axis=1)
    late = model.record[..., INDEX["late_premiums"]].sum(axis=1)
    premium = model.world.value("premium")
    assert lost[0] > 0 == lost[1] and late[0] == 0 and late[1] == pytest.approx(premium * lost[0], rel=0.1)
    assert (model.ledger_residual() == 0).all()


def test_aid_that_starts_later_changes_nothing_before(rules, past):
    later = with_lever(rules, "student_financial_aid.senior", amount=0.0)
    before, after = (run(one, past, months=2) for one in (rules, later))
    assert (before.record == after.record).all()
    model = run(later, past, months=3)
    assert (run(rules, past, months=3).record[2] != model.record[2]).any()


def test_clusters_years_are_kept_per_household(rules, past):
    model = Model(past.county, rules, rng=SEED, past=past, months=21, threads=1)
    model.run_model()
    households = model.state.households
    newly = np.array([households["years_net"] >> bit & 1 for bit in (8, 9)]).sum(axis=1)  # 2021 and 2022
    counted = model.record[..., INDEX["relapse_net_households"]].sum(axis=1)
    assert newly.tolist() == [counted[8], counted[20]] and newly.sum() > 0
    assert (households["years_net"] >> 8 & 1 == 1).sum() == (households["first_relapse_net"] == month_index(2021, 9)).sum()
