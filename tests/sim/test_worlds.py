"""Whole-county checks: the morning after a cut, tables that hold on average, the state's own arithmetic."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from small_county import SEED, run, with_lever, with_values

from experiments.checks.withdrawal import behaviour_off
from experiments.measures import poverty_index, shortfall
from experiments.provenance import assumption_lines
from scenarios.load import load
from sim.census import MILLION
from sim.events import remember_health
from sim.fixed import FIXED
from sim.history import live
from sim.indicators import INDEX
from sim.month import HOUSEHOLD, ORDER, PEOPLE, SETTLE, book_sources
from sim.repack import repack
from sim.rules import County, Dated, constant, month_index
from sim.state import COLUMNS, RESERVED, WINDOW, attribute
from sim.world import World

TEST_MONTHS = 21
"""January 2021 to September 2022."""


def test_morning_after_a_cut_falls_exactly_who_stood_in_between(kept, past):
    still = behaviour_off(kept)
    cut_from = month_index(2021, 10)
    cut = with_lever(still, "dibao", end=cut_from)
    base, after = run(still, past, TEST_MONTHS), run(cut, past, TEST_MONTHS)
    household = base.state.households
    line = base.world.value("poverty_line") * household["members"]
    net, paid = household["net_12m"], household["benefit_12m"]
    between = (net >= line) & (net - paid < line) & (household["members"] > 0)
    fallen = (after.state.households["below_net"] == 1) & (household["below_net"] == 0)
    assert between.sum() > 5
    assert (fallen == between).all()


@pytest.mark.parametrize("years", [5])
def test_windows_hold_what_they_say(rules, past, years):
    state = run(rules, past, 12 * years).state
    alive = state.persons["alive"] == 1
    assert (state.persons["income_window"].sum(axis=0)[alive] == state.persons["income_12m"][alive]).all()
    for name in ("other", "benefit", "spend"):
        households = state.households
        assert (households[f"{name}_window"].sum(axis=0) == households[f"{name}_12m"]).all(), name
    owner = np.repeat(np.arange(len(state.households)), state.households["slots"].astype(int))
    members = np.bincount(owner[alive], minlength=len(state.households))
    # those born this month are members from the next month on
    born = np.bincount(owner[alive & (state.persons["birth_month"] == month_index(2025, 12))], minlength=len(members))
    assert (members - born == state.households["members"]).all()
    assert (state.persons["income_window"].shape[0], WINDOW) == (12, 12)


def test_repacking_moves_nobody_out_of_the_household(past):
    state = past.state.copy()
    before = _families(state)
    repack(state, month_index(2021, 1))
    assert _families(state) == before
    assert (state.households["start"][1:] == (state.households["start"] + state.households["slots"])[:-1]).all()


def _families(state):
    """Return the ids of each household's living members, in order."""
    owner = np.repeat(np.arange(len(state.households)), state.households["slots"].astype(int))
    alive = state.persons["alive"] == 1
    families: dict[int, list[int]] = {}
    for household, person in zip(owner[alive], state.persons["id"][alive], strict=True):
        families.setdefault(int(household), []).append(int(person))
    return families


def test_admission_tables_are_normalised_for_ill_health_at_each_age(kept):
    world = World(County(100, 1, 1), kept, 1)
    world.advance(month_index(2021, 1))
    chronic, care = kept.tables["chronic"], kept.tables["self_care"]
    middle_ages, bands = (7, 22, 37, 52, 67, 82), (0, 15, 30, 45, 60, 75)
    for k, (age, _) in enumerate(zip(middle_ages, bands, strict=True)):
        two, cared = np.interp(age, (7.5, 22.5, 37.5, 52.5, 67.5, 82), chronic[1::2]), 0.0
        cared = np.interp(age, (7.5, 22.5, 37.5, 52.5, 67.5, 82), np.array(care[::2]) + np.array(care[1::2]))
        raised = (1 + two * (world.value("admission_chronic") - 1)) * (1 + cared * (world.value("admission_disabled") - 1))
        met = 1 - world.value("forgone_reference")
        monthly = world.tables["admission_month"][age] * raised * met
        wanted = kept.tables["admission"][k] * world.value("admission_level")
        assert 1 - (1 - monthly) ** 12 == pytest.approx(wanted, rel=1e-9)


def test_simulated_deaths_follow_the_life_table(kept):
    past = live(County(6000, 40, 4), kept, SEED, threads=2)
    persons = past.state.persons
    age, sex = persons["age"], persons["sex"]
    months = 60
    model = run(kept, past, months, county=County(6000, 40, 4), threads=2)
    deaths = model.record[:, :, INDEX["deaths"]].sum()
    rates = np.array(kept.tables["mortality"]).reshape(2, 22)
    alive = persons["alive"] == 1
    expected = 0.0
    for years in range(5):
        then = np.minimum(age[alive].astype(int) + years, 109)
        band = np.where(then < 1, 0, np.where(then < 5, 1, np.minimum(then // 5 + 1, 21)))
        rural = np.where(then < 65, 1.2, np.where(then < 80, 1.1, 1.0))
        yearly = rates[sex[alive].astype(int), band] * rural
        survived = np.exp(-yearly * years)
        expected += (survived * (1 - np.exp(-yearly))).sum()
    assert deaths == pytest.approx(expected, abs=3.5 * math.sqrt(expected) + 0.02 * expected)


def test_counts_of_the_poor_equal_the_poverty_measures_of_the_households(rules, past):
    model = run(rules, past, 30)
    line = model.world.value("poverty_line")
    for code in range(3):
        group = model.households.select(group=code)
        persons = group.get("members").astype(float)
        heads = group.get("net_12m") / persons
        counts = model.record[-1, code]
        assert counts[INDEX["below_net_persons"]] == round(poverty_index(heads, line, 0, persons) * persons.sum())
        for name, order in (("gap_net", 1), ("gap2_net", 2)):
            share = counts[INDEX[name]] / MILLION / persons.sum()
            assert share == pytest.approx(poverty_index(heads, line, order, persons), abs=1e-6)
        assert counts[INDEX["shortfall"]] * 12 == pytest.approx(shortfall(heads, line, persons), abs=12 * len(group))


def test_disasters_strike_as_often_as_they_should(kept):
    county = County(100, 17, 17)
    hit = years = struck = 0
    for seed in range(400):
        world = World(county, kept, seed)
        world.advance(month_index(2021, 8))
        years += 1
        share = (world.townships["loss"] > 0).mean()
        hit += share > 0
        struck += share
    rate = kept.values["disaster_rate"].at(month_index(2021))
    assert struck / years == pytest.approx(rate * 0.5, abs=0.05)
    assert hit / years == pytest.approx(rate, abs=0.08)


def test_columns_are_declared_once_and_cover_the_catalogue():
    names = [(c.entity, c.name) for c in (*COLUMNS, *RESERVED)]
    assert len(names) == len(set(names))
    for attribute_name in _CATALOGUE:
        assert attribute(attribute_name) is not None, attribute_name


_CATALOGUE = """
p.age p.working_age p.labour p.self_care p.wants_work p.can_leave_home p.employed p.job p.job_place p.school_stage
p.in_school p.medically_unfit_for_school p.finished_stage_not_continuing p.chronic_disease p.critical_illness
p.listed_critical_illness p.severe_mental_disorder p.disability_grade p.tekun p.orphan_or_unattended p.left_behind
p.bmi_enrolled p.pension_contributing_age p.drawing_pension h.ex_poor h.monitored h.monitored_type h.returned_poor
h.dibao h.dibao_margin h.low_income h.any_tekun h.any_disabled h.any_employed h.relocated h.agri_community h.fisher
h.farm_forest_unit h.flagged h.income_pc h.assessed_income_pc h.assets_ok h.income_drop_12m h.rigid_spend_12m
h.stable_earned_income h.need_types h.temporary_hardship h.major_shock h.risk_score h.house_safe h.seismic_zone
h.slope_cut_site h.idle_homestead h.land_mu h.farms h.linked_operator h.collective_member h.titled_asset_value
h.credit_eligible h.loan_wanted h.loan_need h.loan_balance v.ex_poor_village v.key_support v.has_work_team
v.paired_enterprise v.project_assets v.workshop v.tourism v.clinic v.telemedicine v.express_point v.irrigated
j.former_poor_county j.dibao_std j.monitor_line j.rigid_spend_line j.income_drop_line j.early_warning_score j.high_risk_score
j.elderly_age j.tilt_group j.microcredit_cap
""".split()  # noqa: SIM905
"""Attributes of persons, households, villages and counties in the catalogue of levers."""


def test_the_order_of_the_month_is_written_once():
    assert [stage for stage, _ in ORDER] == ["environment", "people", "county", "settle", "recording"]
    # these two look at what the month has changed so far, each at more than one point of it
    twice = (book_sources, remember_health)
    rules = [step.rule for step in (*PEOPLE, *HOUSEHOLD, *SETTLE) if step.rule not in twice]
    assert len(rules) == len(set(rules))


@pytest.mark.slow
def test_constant_policy_and_a_line_that_follows_the_median_give_flat_hazards(kept):
    """Everything frozen at 2021, lines following the median: yearly entry after the first year shows no trace of the start.

    Counted among households with a fully able member of 25 to 44 whose members did not change; nobody marries, leaves, splits or
    returns after 2020, so that households can be followed and hazards show the start alone.
    """
    moves = ("marriage_women", "marriage_men", "leaving_rate", "splitting_rate", "homecoming_rate")
    start = month_index(2021, 1)
    frozen = dataclasses.replace(
        kept,
        values={name: constant(dated.at(start)) for name, dated in kept.values.items()},
        levers=tuple(
            dataclasses.replace(lever, values={name: constant(dated.at(start)) for name, dated in lever.values.items()})
            for lever in kept.levers
        ),
    )
    frozen = with_values(frozen, **dict.fromkeys(moves, 0.0))
    rates = np.array([_hazards(kept, frozen, seed) for seed in range(16)])
    mean = rates.mean(axis=0)
    error = rates.std(axis=0, ddof=1) / math.sqrt(len(rates))
    slope = np.array([np.polyfit(range(rates.shape[1]), row, 1)[0] for row in rates])
    assert abs(slope.mean()) < 3 * slope.std(ddof=1) / math.sqrt(len(slope)), (mean, error)
    assert (np.abs(mean - mean.mean()) < 3.5 * error).all(), (mean, error)


def _hazards(kept, frozen, seed):
    """Return yearly entry hazards, net, of ex-poor households in their prime and without a change of members, 2022 to 2026."""
    county = County(12000, 48, 17)
    past = live(county, kept, seed, threads=2)
    medians = [median for _, _, _, _, median in _septembers(frozen, past, seed, county)]
    start = month_index(2021)

    def follow(value):
        return Dated(tuple(month_index(2021 + k) for k in range(6)), tuple(value * median / medians[0] for median in medians))

    standard = next(lever for lever in frozen.levers if lever.id == "dibao").values["standard"].at(start)
    lines = {name: follow(frozen.values[name].at(start)) for name in ("poverty_line", "monitoring_line")}
    moving = with_lever(with_values(frozen, **lines), "dibao", standard=follow(standard))
    hazards = []
    before = None
    for there, below, members, able, _ in _septembers(moving, past, seed, county):
        if before is not None:
            same = there & before[0] & ~before[1] & (members == before[2]) & (able == before[3])
            hazards.append(below[same].mean())
        before = (there, below, members, able)
    return hazards


def _septembers(rules, past, seed, county):
    """Return, for the September of each of six years, who is there, who is below, members, able members and the median income."""
    model = run(rules, past, 0, seed=seed, county=county, threads=2)
    seen = []
    for _ in range(72):
        model.step()
        if model.month % 12 == 8:
            h = model.state.households
            alive = (h["members"] > 0) & (h["group"] == 0)
            median = np.median(h["gross_12m"][alive] / h["members"][alive])
            persons = model.state.persons
            prime = (persons["alive"] == 1) & (persons["age"] >= 25) & (persons["age"] < 45) & (persons["labour"] == 0)
            owner = np.repeat(np.arange(len(h)), h["slots"].astype(int))
            has_prime = np.bincount(owner[prime], minlength=len(h)) > 0
            seen.append((alive & has_prime, h["below_net"] == 1, h["members"].copy(), h["able"].copy(), median))
    return seen


def test_figures_in_the_rules_are_listed_with_unit_and_meaning():
    names = [one.name for one in FIXED]
    assert len(names) == len(set(names)) and all(one.unit and one.meaning for one in FIXED)
    line = "rules.buffer_months = 6 months: assumption: usual income kept liquid before wealth is spent"
    assert line in assumption_lines(load(policy="kept"))
