"""Work: keeping, losing and finding it, going away, own business, casual work, residents, waves of lay-offs. Amounts in fen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_county import SMALL, run, with_lever, with_values

from sim.arithmetic import monthly_probability
from sim.census import count_work, gather_work
from sim.indicators import INDEX
from sim.model import Model
from sim.neighbours import compare_villages
from sim.processes.employment import (
    FARM,
    LOCAL,
    MIGRANT,
    NONE,
    OWN,
    POST,
    RANGER,
    RELIEF,
    SPELL_MONTHS,
    WORKSHOP,
    be_away,
    choose_work,
    earn,
    finding_chance,
    is_season,
    keep_job,
    spell_end,
    work,
)  # fmt: skip
from sim.processes.guarantees import CARE
from sim.processes.income import lose_to_places
from sim.processes.trade import make_profit, run_business
from sim.rules import Dated, month_index
from sim.state import JOBS
from sim.trailing import count_residents
from sim.world import World

YUAN = 100


def _keep(age, job, labour, u, **changes):
    base = dict(
        loss_local=0.01, loss_migrant=0.008, law_retirement_rate=0.02, law_return_rate=0.001, law_circular_rate=0.007,
        x_job_loss=1.0,
    )  # fmt: skip
    return keep_job(age=age, job=job, labour=labour, u_job=u, **{**base, **changes})


def test_the_codes_of_jobs_are_those_of_the_catalogue():
    names = ("public_welfare", "ranger", "workshop", "work_for_relief", "self_employed")
    assert [JOBS[code] for code in (POST, RANGER, WORKSHOP, RELIEF, OWN)] == list(names)


def test_one_draw_decides_how_a_job_ends():
    assert _keep(40, LOCAL, 0, 0.0099) == 1
    assert _keep(40, LOCAL, 0, 0.0101) == 0
    assert _keep(62, LOCAL, 0, 0.0199) == 2
    assert _keep(62, LOCAL, 0, 0.0299) == 1
    assert _keep(40, MIGRANT, 0, 0.9995) == 3
    assert _keep(40, MIGRANT, 0, 0.9985) == 4 == _keep(40, MIGRANT, 0, 0.9921)
    assert _keep(40, MIGRANT, 0, 0.9919) == 0 == _keep(40, LOCAL, 0, 0.9995)
    assert _keep(40, LOCAL, 3, 0.9) == 2 == _keep(70, LOCAL, 0, 0.9)


def test_a_multiplier_scales_the_hazard():
    assert _keep(40, LOCAL, 0, 0.0199, x_job_loss=2.0) == 1
    assert _keep(40, LOCAL, 0, 0.0201, x_job_loss=2.0) == 0


def _chance(age=40, labour=0, left_post=0, **changes):
    base = dict(
        law_job_finding=0.2, law_job_finding_old=0.5, law_job_finding_weak=0.5, law_job_finding_post=0.5, law_job_market=1.0,
        law_crowding=0.2,
    )  # fmt: skip
    return finding_chance(age=age, labour=labour, job_since=60, left_post=left_post, **{**base, **changes})


def test_search_is_harder_from_the_loss_of_a_post_until_work_is_found_and_in_a_wave_of_layoffs():
    assert _chance() == 0.2
    assert _chance(left_post=60) == pytest.approx(0.02)
    # a job has begun and ended since
    assert _chance(left_post=48) == 0.2
    assert _chance(age=61, labour=1) == pytest.approx(0.025)
    assert _chance(law_job_market=0.6) == pytest.approx(0.12)


def test_leavers_of_posts_find_work_as_seldom_as_observed(kept):
    law = {name: kept.values[name].at(month_index(2023)) for name in
           ("job_finding", "job_finding_old", "job_finding_weak", "job_finding_post")}  # fmt: skip

    def within_a_year(age, crowding):
        chance = finding_chance(age, 0, 95, 95, *law.values(), 1.0, crowding)
        return 1.0 - (1.0 - chance) ** 12

    assert 0.10 < within_a_year(60, 1.0) < 0.25
    assert 0.20 < within_a_year(55, 1.0) < 0.35
    # many posts end at once, four seekers for a vacancy: half the chance
    assert within_a_year(60, 0.5) == pytest.approx(0.5 * within_a_year(60, 1.0), rel=0.05)


def _work(**changes):
    base = dict(
        age=40, alive=1, job=FARM, job_since=1, labour=0, sick_months=0, wants_work=1, work_rank=0.5, can_leave_home=1,
        home_until=0, left_post=0, in_school=0, month=99,
        law_job_loss_local=0.01, law_job_loss_migrant=0.008, law_layoff_local=0.0,
        law_layoff_migrant=0.0, law_retirement_rate=0.02, law_return_rate=0.001, law_circular_rate=0.01, law_job_finding=0.5,
        law_job_finding_old=1.0, law_job_finding_weak=1.0, law_job_finding_post=1.0, law_job_market=1.0, law_crowding=1.0,
        x_job_loss=1.0, x_job_finding=1.0, u_job=0.0,
    )  # fmt: skip
    return work(**{**base, **changes})


def test_posts_are_the_countys_to_end():
    for job in (POST, RANGER, WORKSHOP, RELIEF, OWN):
        assert _work(age=66, job=job, labour=3, sick_months=2, wants_work=0).job == job


def test_a_migrant_comes_home_for_a_spell_and_goes_out_again():
    home = _work(job=MIGRANT, u_job=0.994)
    assert (home.job, home.can_leave_home, home.wants_work) == (FARM, 1, 1)
    # the draw lies half way into the chance of such an end: half the longest spell
    assert home.home_until == 99 + 1 + SPELL_MONTHS // 2
    assert _work(home_until=home.home_until, month=home.home_until - 1).found_job == 0
    found = _work(home_until=home.home_until, month=home.home_until)
    assert found.found_job == 1 and found.home_until > 0
    assert choose_work(1, found.home_until, 0, 1, 0, 0.67, 0.5, 1.0, 0.999) == (MIGRANT, 0)
    assert choose_work(1, 0, 0, 1, 0, 0.67, 0.5, 1.0, 0.999) == (LOCAL, 0)


def test_coming_home_for_good_ends_going_away():
    home = _work(job=MIGRANT, u_job=0.9995)
    assert (home.job, home.can_leave_home, home.home_until) == (FARM, 0, 0)
    assert choose_work(0, 0, 0, 1, 0, 1.0, 0.5, 1.0, 0.0).job == LOCAL


@given(st.floats(0.985, 0.99899))
def test_spells_are_short_enough_to_be_away_again_within_two_years(u):
    end = spell_end(99, 0.001, 0.014, u)
    assert 100 <= end <= 100 + SPELL_MONTHS


def test_neighbours_who_are_away_draw_others_after_them():
    assert choose_work(1, 0, 0, 1, 200, 0.6, 0.5, 1.0, 0.69).job == MIGRANT
    assert choose_work(1, 0, 0, 1, 0, 0.6, 0.5, 1.0, 0.69).job == LOCAL
    assert choose_work(1, 0, 0, 1, -200, 0.6, 0.5, 1.0, 0.51).job == LOCAL
    assert choose_work(1, 0, 0, 1, 0, 0.6, 0.5, 0.5, 0.31).job == LOCAL


@pytest.mark.parametrize(("needs", "able", "job"), [(CARE, 1, LOCAL), (CARE, 2, MIGRANT), (CARE - 1, 1, MIGRANT)])
def test_the_only_able_member_beside_somebody_in_need_of_care_stays_near_home(needs, able, job):
    assert choose_work(1, 0, needs, able, 0, 1.0, 0.5, 1.0, 0.0).job == job
    assert choose_work(1, 120, needs, able, 0, 1.0, 0.5, 1.0, 0.0).job == job


def test_a_village_leads_by_its_share_of_persons_away(kept, past):
    model = Model(SMALL, kept, past=past, threads=1)
    persons, households = model.state.persons, model.state.households
    village = np.repeat(households["village"], households["slots"])
    persons["job"] = np.where(village == 2, MIGRANT, FARM)
    compare_villages(model.state)
    lead = model.state.villages["migrant_lead"]
    alive = persons["alive"] == 1
    of_county = (alive & (village == 2)).sum() / alive.sum()
    assert lead[2] == round(1000 * (1 - of_county)) and lead[3] == -round(1000 * of_county)


def test_the_season_ends_in_november_and_has_its_months():
    for months in range(13):
        assert sum(is_season(m, months) for m in range(1, 13)) == months
    assert [m for m in range(1, 13) if is_season(m, 9)] == list(range(3, 12))
    assert [m for m in range(1, 13) if is_season(m, 10)] == list(range(2, 12))


def _earn(job, wage, **changes):
    base = dict(
        alive=1, sick_months=0, season=0.0, casual_days=0, moy=5, law_season_months=9.0, law_casual_pay=10_000.0,
        law_remitted_share=0.45, x_wage=1.0, x_wage_local=1.0, x_wage_migrant=1.0, x_workshop_pay=1.0, x_business=1.0,
    )  # fmt: skip
    return earn(job=job, wage=wage, **{**base, **changes})


def test_the_sick_earn_nothing_but_in_posts():
    sick = _earn(LOCAL, 5_000, sick_months=1)
    assert (sick.paid, sick.earned_work, sick.lost_sick) == (0, 0, 5_000)
    assert _earn(POST, 700, sick_months=3, moy=1).earned_post == 700 == _earn(RANGER, 700, sick_months=3).earned_post
    for job in (WORKSHOP, RELIEF):
        assert _earn(job, 900, sick_months=1).lost_sick == 900 and _earn(job, 900, sick_months=1).earned_work == 0


@pytest.mark.parametrize(
    ("job", "flow"),
    [(LOCAL, "earned_wage"), (MIGRANT, "earned_wage"), (POST, "earned_post"), (RANGER, "earned_post"),
     (RELIEF, "earned_post"), (WORKSHOP, "earned_workshop"), (OWN, "earned_business")],
)  # fmt: skip
def test_every_job_pays_into_one_flow(job, flow):
    pay = _earn(job, 1_234)
    flows = ("earned_wage", "earned_post", "earned_workshop", "earned_business")
    assert [getattr(pay, name) for name in flows] == [1_234 if name == flow else 0 for name in flows]
    assert pay.earned_work == 1_234 and pay.earned_place == pay.earned_post + pay.earned_workshop


def test_a_business_may_lose_money():
    assert _earn(OWN, -5_000).earned_business == -5_000 == _earn(OWN, -5_000).earned_work


def test_casual_work_pays_every_month_to_those_at_home():
    # 15,000 yuan a year in twelfths: ten days a month at 125 yuan
    for moy in range(1, 13):
        assert _earn(FARM, 0, casual_days=10, law_casual_pay=12_500.0, moy=moy).earned_wage == 1_250 * YUAN
    assert _earn(NONE, 0, casual_days=10).earned_wage == 100_000
    for job in (LOCAL, MIGRANT, POST, WORKSHOP, OWN):
        assert _earn(job, 0, casual_days=10).earned_wage == 0
    assert _earn(FARM, 0, casual_days=10, sick_months=1).earned_wage == 0


def test_multipliers_scale_the_pay_that_they_name():
    assert _earn(LOCAL, 5_000, x_wage=1.1, x_wage_local=2.0, x_wage_migrant=9.0).earned_wage == 11_000
    assert _earn(MIGRANT, 5_000, x_wage_local=9.0, x_wage_migrant=0.5).earned_wage == 2_500
    assert _earn(MIGRANT, 5_000, x_wage_migrant=0.5).sent_home == 1_125
    assert _earn(WORKSHOP, 1_000, x_workshop_pay=0.5, x_wage=9.0).earned_place == 500
    assert _earn(OWN, 1_000, x_business=0.5).earned_business == 500
    assert _earn(POST, 700, x_wage=1.1, x_workshop_pay=2.0).earned_post == 700


def test_a_family_with_a_father_away_has_two_incomes():
    # nine months at 5,013, farm 6,000, one pension of 93 a month; insurance 280 a head at 5% of it; four members
    wage, farm, pension = 9 * 5_013 * YUAN, 6_000 * YUAN, 12 * 93 * YUAN
    father = be_away(1, MIGRANT, 0, wage, 600, 0.45)
    assert father.is_absent == 1
    gross = wage + farm + pension
    resident = count_residents(4, 1, gross, 4 * 14 * YUAN, father.keeps_away, 4_080.0 * YUAN)
    assert gross / 4 == pytest.approx(13_058 * YUAN, abs=YUAN)
    assert resident.resident_12m / 3 == pytest.approx(9_140 * YUAN, abs=YUAN)
    assert (resident.resident_12m - 4 * 14 * YUAN) / 3 == pytest.approx(9_121 * YUAN, abs=YUAN)


def test_the_same_family_is_poor_as_residents_alone():
    # six months without work: pay of October and November at 5,013 and of March at 5,240; harvests of 4,200 and 1,854
    wage = (2 * 5_013 + 5_240) * YUAN
    other = (4_200 + 1_854 + 3 * 93 + 9 * 98) * YUAN
    father = be_away(1, FARM, 594, wage, 600, 0.45)
    resident = count_residents(4, 1, wage + other, 3_340 * 0, father.keeps_away, 4_800.0 * YUAN)
    assert (wage + other) / 4 == pytest.approx(5_620 * YUAN, abs=YUAN)
    assert resident.resident_12m / 3 == pytest.approx(4_695 * YUAN, abs=YUAN)
    assert (resident.residents, resident.below_resident_gross) == (3, 3)


def test_who_came_home_a_year_ago_is_a_resident():
    assert be_away(1, FARM, 589, 1_000, 600, 0.45).is_absent == 1
    assert be_away(1, FARM, 588, 1_000, 600, 0.45) == (588, 0, 0)
    assert be_away(1, FARM, 0, 1_000, 600, 0.45).is_absent == 0
    assert be_away(0, MIGRANT, 599, 1_000, 600, 0.45).is_absent == 0


def test_a_business_opens_and_closes():
    law = dict(in_school=0, law_business_start=0.01, law_business_close=0.1, month=600, job_since=5, wage=70)
    assert run_business(age=40, job=FARM, labour=0, **law, u_business=0.009) == (OWN, 600, 0)
    assert run_business(age=40, job=FARM, labour=0, **law, u_business=0.011) == (FARM, 5, 70)
    for no in (dict(age=61), dict(age=17), dict(labour=3), dict(job=LOCAL), dict(job=POST)):
        person = {"age": 40, "job": FARM, "labour": 0, **no}
        assert run_business(**person, **law, u_business=0.0).job == person["job"]
    assert run_business(age=40, job=OWN, labour=0, **law, u_business=0.099).job == FARM
    assert run_business(age=40, job=OWN, labour=0, **law, u_business=0.101) == (OWN, 5, 70)
    assert run_business(age=70, job=OWN, labour=0, **law, u_business=0.5).job == FARM


def test_profit_is_lognormal_less_a_cost_and_can_be_a_loss():
    law = dict(log_skill=0.0, law_business_profit=200_000.0, law_business_sd=0.6)
    draws = [(k + 0.5) / 2_000 for k in range(2_000)]
    profits = [make_profit(**law, law_business_cost=0.5, u_business_profit=u).wage for u in draws]
    assert np.mean(profits) == pytest.approx(200_000, rel=0.02)
    assert np.mean([profit < 0 for profit in profits]) == pytest.approx(0.063, abs=0.005)
    assert make_profit(**law, law_business_cost=0.0, u_business_profit=0.001).wage > 0


def test_where_people_work():
    places = {job: count_work(1, 40, job, 90, 100).job_place for job in range(9)}
    assert places == {NONE: 0, FARM: 1, LOCAL: 2, MIGRANT: 3, POST: 1, RANGER: 1, WORKSHOP: 1, RELIEF: 1, OWN: 1}
    assert [count_work(1, 40, job, 90, 100).employed for job in range(9)] == [0, 0, 1, 1, 1, 1, 1, 1, 1]
    assert [count_work(1, age, FARM, 0, 100).working_age for age in (15, 16, 64, 65)] == [0, 1, 1, 0]
    assert count_work(1, 40, LOCAL, 94, 100).is_stable == 1 and count_work(1, 40, LOCAL, 95, 100).is_stable == 0
    assert gather_work(2, 0, 1, 500) == (1, 0, 1, 500) and gather_work(0, 0, 0, 0) == (0, 0, 0, 0)


# waves of lay-offs -----------------------------------------------------------------------------------------------


def test_a_wave_lasts_its_months_and_hits_all_counties_of_the_nation_at_once(kept):
    rules = with_values(kept, layoff_rate_local=0.5, layoff_rate_migrant=0.5)
    months = range(month_index(2015), month_index(2025))
    hazard = {}
    for number in (0, 1):
        world = World(dataclasses.replace(SMALL, number=number), rules, 7)
        for month in months:
            world.advance(month)
            hazard[number, month] = (world.value("layoff_local"), world.value("layoff_migrant"), world.value("job_market"))
    away = [hazard[0, month][1] for month in months]
    assert away == [hazard[1, month][1] for month in months]
    assert [hazard[0, month][0] for month in months] != [hazard[1, month][0] for month in months]
    extra = monthly_probability(kept.values["layoff_loss"].at(0))
    assert set(away) == {0.0, extra}
    runs = "".join("x" if value else " " for value in away).split()
    assert all(len(one) >= 6 for one in runs[1:-1])
    both = 1.0 - (1.0 - 0.6) * 1.0
    assert min(market for _, _, market in hazard.values()) == pytest.approx(both)
    assert max(market for _, _, market in hazard.values()) == 1.0


def test_waves_of_lay_offs_cost_jobs(kept, past):
    calm = with_values(kept, layoff_rate_local=0.0, layoff_rate_migrant=0.0)
    wave = with_values(kept, layoff_rate_local=1e9, layoff_rate_migrant=0.0, layoff_loss=5.0, layoff_finding=0.1)
    quiet, hit = run(calm, past, 6), run(wave, past, 6)
    place = INDEX["workers"], INDEX["migrants"]
    assert hit.totals[place[0]] < 0.85 * quiet.totals[place[0]]
    # jobs away are not hit; who can leave home goes out instead
    assert hit.totals[place[1]] >= quiet.totals[place[1]]


# a county --------------------------------------------------------------------------------------------------------


def test_workers_times_months_times_wage_is_wage_income(kept, past):
    """Workers with a wage x the months of the season x their mean wage, per head, against what was booked."""
    model = run(kept, past, 24)
    record, persons = model.record[12:].sum(axis=1), model.state.persons
    places = ("posts", "rangers", "workshop_workers", "relief_workers", "self_employed")
    earners = record[:, INDEX["workers"]].mean() - sum(record[:, INDEX[name]].mean() for name in places)
    at_work = (persons["alive"] == 1) & ((persons["job"] == LOCAL) | (persons["job"] == MIGRANT))
    wage = persons["wage"][at_work].mean()
    months = kept.values["season_months"].at(month_index(2022, 6))
    assert earners * months * wage == pytest.approx(record[:, INDEX["wage_income"]].sum(), rel=0.1)


def test_the_books_close_with_every_kind_of_work(kept, past):
    rules = with_values(kept, casual_days=4.0, business_start=0.1, business_sd=1.5, circular_rate=0.5)
    rules = with_lever(rules, "poverty_workshops", slots=0.1, support=30_000.0)
    rules = with_lever(rules, "work_for_relief", slots=0.1)
    model = run(rules, past, 18)
    assert (model.ledger_residual() == 0).all()
    for name in ("self_employed", "workshop_workers", "relief_workers", "job_support", "workshop_income"):
        assert model.record[:, :, INDEX[name]].sum() > 0, name
    assert (model.state.persons["wage"] < 0).any()


def test_residents_are_members_without_those_away(kept, past):
    model = run(kept, past, 12)
    households, persons = model.state.households, model.state.persons
    assert model.totals[INDEX["residents"]] == (households["members"] - households["absent"]).sum()
    alive = persons["alive"] == 1
    away = alive & (persons["last_away"] > 0) & (model.month - persons["last_away"] < 12)
    assert households["absent"].sum() == away.sum() > model.totals[INDEX["migrants"]]
    assert (households["resident_12m"] <= households["gross_12m"]).all()
    heads = households["resident_12m"] < model.world.value("poverty_line") * (households["members"] - households["absent"])
    below = ((households["members"] - households["absent"])[heads]).sum()
    assert model.totals[INDEX["below_resident_gross_persons"]] == below


def test_a_workshop_that_closes_is_the_end_of_a_post_as_a_cause(kept, past):
    end = month_index(2021, 10)
    slots = with_lever(kept, "poverty_workshops", slots=1.0, pay=300_000.0)
    open_, closed = (
        run(with_lever(slots, "poverty_workshops", kept=kept_path), past, 21) for kept_path in (1.0, Dated((0, end), (1.0, 0.0)))
    )
    causes = [model.record[:, :, INDEX["relapse_post_end"]].sum() for model in (open_, closed)]
    assert causes[1] > causes[0]
    assert closed.totals[INDEX["workshop_workers"]] == 0 < open_.totals[INDEX["workshop_workers"]]


def test_a_place_takes_time_from_the_field():
    law = dict(moy=10, sum_earned_place=70_000, law_june_share=0.3, law_displacement=0.15)
    # 700 yuan a month: 15 % of 8,400 is 1,260, of which the October harvest bears 70 %
    assert lose_to_places(**law, farm_booked=300_000, farm_cash=300_000, farm_due=0) == (211_800, 211_800, 0)
    assert lose_to_places(**law, farm_booked=300_000, farm_cash=5, farm_due=300_000) == (211_800, 5, 211_800)
    assert lose_to_places(**law, farm_booked=50_000, farm_cash=50_000, farm_due=0).farm_booked == 0
    assert lose_to_places(**law, farm_booked=-900, farm_cash=-900, farm_due=0).farm_booked == -900
