"""People: deaths follow the life table, and how households change by birth, death, marriage, leaving, splitting and returning."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_county import SEED, SMALL, run, same_state, with_lever, with_values

from sim.families import live_january
from sim.indicators import INDEX
from sim.lifetable import LifeTable
from sim.model import Model
from sim.processes.demography import OLDEST
from sim.processes.employment import FARM, LOCAL
from sim.processes.family import (
    ADULT,
    LEAVES,
    SPLITS,
    STAYS,
    WEDS,
    WEDS_OUT,
    brought_income,
    child_birth,
    choose_move,
    spouse_birth,
)
from sim.results import household_table
from sim.rules import County, month_index
from sim.splitting import AS_IS, SHARED, WINDOWS, split_households
from sim.state import HOUSEHOLD, Columns
from sim.world import FIRST_YEAR

MONTHS = 204
ELDERLY = (0.3, 0.7, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
"""Types of a county of elderly households."""


def _elderly(rules):
    """Return rules under which all founders are of 57 to 86 years."""
    return dataclasses.replace(rules, tables={**rules.tables, "household_types": ELDERLY}, levers=())


def _deaths(rules, months):
    """Live a county of the elderly and return deaths and expected deaths under 80 and from 80 on."""
    model = Model(County(9000, 30, 3), rules, rng=SEED, months=months, threads=2)
    found = np.zeros((2, 2))
    target = np.zeros(0)
    for _ in range(months):
        if (model.month + 1) % 12 == 0:
            target = model.world._life_table.target((model.month + 1) // 12).reshape(-1)
        persons = model.state.persons
        ids = persons["id"][persons["alive"] == 1]
        age = (model.month + 1 - persons["birth_month"][persons["alive"] == 1].astype(int)) // 12
        sex = persons["sex"][persons["alive"] == 1].astype(int)
        model.step()
        after = model.state.persons
        died = ~np.isin(ids, after["id"][after["alive"] == 1])
        chance = target[sex * (OLDEST + 1) + np.minimum(age, OLDEST)]
        for k, old in enumerate((age < 80, age >= 80)):
            found[k] += died[old].sum(), chance[old].sum()
    return found


def test_deaths_of_the_old_follow_the_life_table(kept):
    for deaths, expected in _deaths(_elderly(kept), MONTHS):
        assert expected > 500
        assert deaths == pytest.approx(expected, abs=3.0 * math.sqrt(expected))


def test_a_normaliser_that_does_not_know_who_survives_is_noticed(kept, monkeypatch):
    """The prevalence of onset taken for that of survivors: what the ill who died first leave out shows from 80 on."""

    def chances(self, year):
        return (self.target(year) / self._raised(self._mixes[FIRST_YEAR], year)).reshape(-1)

    monkeypatch.setattr(LifeTable, "chances", chances)
    _, (deaths, expected) = _deaths(_elderly(kept), MONTHS)
    assert deaths < expected - 3.0 * math.sqrt(expected)


# the rules, worked by hand ---------------------------------------------------------------------------------------

RATES = (0.12, 0.09, 0.9, 0.01, 0.02)
"""Women's and men's marriage, wives who move, leaving, splitting."""
NEVER = 0.99


def _choice(age, sex, adults=1, minors=0, stem=0, others=2, marry=NEVER, move=NEVER, leave=NEVER, split=NEVER):
    return choose_move(age, sex, adults, minors, stem, others, *RATES, marry, move, leave, split)


def test_a_daughter_marries_out_and_a_sons_wife_comes():
    assert _choice(24, 0, marry=0.119, move=0.5) == WEDS_OUT
    assert _choice(24, 0, marry=0.119, move=0.95) == WEDS
    assert _choice(24, 1, marry=0.089, move=0.5) == WEDS
    assert _choice(24, 1, marry=0.089, move=0.95) == WEDS_OUT
    assert _choice(24, 1, marry=0.1, move=0.5) == STAYS


def test_who_is_married_has_children_or_is_not_of_age_does_not_marry():
    for age, adults, minors in ((19, 1, 0), (40, 1, 0), (24, 2, 0), (24, 1, 1)):
        assert _choice(age, 0, adults, minors, marry=0.0, move=0.5) == STAYS


def test_the_stem_and_the_last_adult_never_go():
    for draws in ({"marry": 0.0, "move": 0.0}, {"leave": 0.0}, {"split": 0.0}):
        assert _choice(24, 0, stem=1, others=3, **draws) in (STAYS, WEDS)
        assert _choice(24, 0, stem=0, others=0, **draws) in (STAYS, WEDS)


def test_branches_leave_before_they_split_and_at_their_ages():
    assert _choice(30, 1, 2, 2, leave=0.009, split=0.0) == LEAVES
    assert _choice(30, 1, 2, 2, leave=0.01, split=0.019) == SPLITS
    assert _choice(30, 1, 2, 2, leave=0.01, split=0.02) == STAYS
    assert _choice(50, 1, 2, 2, leave=0.0, split=0.0) == SPLITS
    assert _choice(60, 1, 2, 2, leave=0.0, split=0.0) == STAYS


def test_ages_of_newcomers():
    now = month_index(2021)
    assert spouse_birth(now - 12 * 30, 1, now, 0.999) == now - 12 * 30 + 59
    assert spouse_birth(now - 12 * 21, 1, now, 0.999) == now - 12 * 20
    assert spouse_birth(now - 12 * 30, 0, now, 0.5) == now - 12 * 30 - 30
    assert child_birth(now - 12 * 60, now, 0.5) == now - 12 * (60 - 22 - 6)
    assert child_birth(now - 12 * 45, now, 0.999) == now - 12 * ADULT


def test_income_comes_with_its_earner_in_the_months_of_the_season():
    assert [brought_income(moy, LOCAL, 300_000, 0.0, 8.0) for moy in range(1, 13)].count(300_000) == 8
    assert brought_income(1, LOCAL, 300_000, 0.0, 8.0) == 0 == brought_income(5, FARM, 300_000, 0.0, 8.0)


# splitting -------------------------------------------------------------------------------------------------------


@given(
    amounts=st.lists(st.integers(-(10**8), 10**8), min_size=1, max_size=6),
    heads=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    stay=st.integers(1, 4),
)
def test_not_one_fen_is_lost_when_a_household_splits(amounts, heads, stay):
    households = Columns("household", len(amounts))
    for column in SHARED:
        households[column.name] = np.array(amounts)
    households["net_year_ago"] = 77
    households["land_mu"] = 3.0
    before = {column.name: households[column.name].astype(np.int64).sum() for column in SHARED}
    stems = np.zeros(len(heads), np.int64)
    left = np.full(len(amounts), sum(heads) + stay)
    fresh = split_households(households, stems, np.arange(1, len(heads) + 1, dtype=np.uint64), np.array(heads), left)
    assert len(fresh) == len(amounts) + len(heads)
    sums = {f"{window.removesuffix('_window')}_12m" for window in WINDOWS}
    for name, total in before.items():
        if name not in sums:
            assert fresh[name].astype(np.int64).sum() == total, name
    for window in ("other", "benefit", "spend"):
        rows = slice(0, len(heads) + 1)
        assert (fresh[f"{window}_12m"][rows] == fresh[f"{window}_window"][:, rows].sum(axis=0)).all()
    assert (fresh["net_year_ago"] == 77).all()
    assert fresh["land_mu"].sum() == pytest.approx(3.0 * len(amounts), rel=1e-6)


def test_every_amount_of_a_household_is_shared_or_said_to_be_per_head():
    names = {column.name for column in SHARED}
    for column in HOUSEHOLD:
        if column.unit.startswith("fen") and column.kind != "f4":
            assert (column.name in names) != (column.name in AS_IS), column.name


# a county --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def moving(kept):
    """Rules under which much happens in every family."""
    return with_values(kept, marriage_women=0.5, marriage_men=0.4, leaving_rate=0.2, splitting_rate=0.3, homecoming_rate=0.2)


@pytest.fixture(scope="module")
def moved(moving, past):
    return run(moving, past, 30)


def test_heads_and_households_balance_every_month(moved, past):
    flow = {name: moved.record.sum(axis=1)[:, place] for name, place in INDEX.items()}
    last = {name: past.record[-1].sum(axis=0)[INDEX[name]] for name in ("persons", "households", "births")}

    def change(name):
        return np.diff(np.concatenate(([last[name]], flow[name])))

    # a child is counted as a member from the month after its birth
    born = np.concatenate(([last["births"]], flow["births"][:-1]))
    came, went = flow["marriages_in"] + flow["returners"], flow["deaths"] + flow["marriages_out"] + flow["leavers"]
    assert (change("persons") == born + came - went).all()
    assert (change("households") == flow["new_households"] - flow["ended_households"]).all()
    for name in ("marriages_in", "marriages_out", "leavers", "returners", "new_households"):
        assert flow[name][::12].min() > 3 and flow[name].sum() == flow[name][::12].sum(), name


def test_the_books_and_windows_balance_when_families_change(moved):
    assert (moved.ledger_residual() == 0).all()
    households, persons = moved.state.households, moved.state.persons
    alive = persons["alive"] == 1
    assert (persons["income_window"].sum(axis=0)[alive] == persons["income_12m"][alive]).all()
    for name in ("other", "benefit", "spend"):
        assert (households[f"{name}_window"].sum(axis=0) == households[f"{name}_12m"]).all(), name
    owner = np.repeat(np.arange(len(households)), households["slots"].astype(int))
    own = np.bincount(owner[alive], weights=persons["income_12m"][alive], minlength=len(households))
    gross = own + households["other_12m"] + households["benefit_12m"]
    assert (gross == households["gross_12m"]).all()
    assert len(np.unique(households["id"])) == len(households)
    assert len(np.unique(persons["id"][alive])) == alive.sum()


def test_what_leaves_in_january_is_the_past_year_of_those_who_left(moving, past):
    """Trailing income of all households changes by what leavers took and newcomers brought, and by nothing else."""
    model = Model(SMALL, moving, rng=SEED, past=past, months=0, threads=1)
    state, month = model.state, month_index(2021)
    model.world.advance(month)
    before = {int(i): int(y) for i, y in zip(state.persons["id"], state.persons["income_12m"], strict=True) if i}
    alive = set(state.persons["id"][state.persons["alive"] == 1].tolist())
    gross, departed = int(state.households["gross_12m"].sum()), int(state.households["year_sources"].sum())
    money = {name: int(state.households[name].sum()) for name in ("assets", "debt", "farm_due", "other_12m", "spend_12m")}
    record = live_january(state, model.world, month)
    there = state.persons["alive"] == 1
    after = dict(zip(state.persons["id"][there].tolist(), state.persons["income_12m"][there].tolist(), strict=True))
    took = sum(before[person] for person in alive - after.keys())
    brought = sum(after[person] for person in after.keys() - alive)
    assert took > 0 and brought > 0
    assert int(state.households["gross_12m"].sum()) == gross - took + brought
    assert int(state.households["year_sources"].sum()) == departed + took
    assert {name: int(state.households[name].sum()) for name in money} == money
    assert len(alive - after.keys()) == record[:, [INDEX["marriages_out"], INDEX["leavers"]]].sum()
    adults = (there) & ((month - state.persons["birth_month"].astype(int)) // 12 >= ADULT)
    owner = np.repeat(np.arange(len(state.households)), state.households["slots"].astype(int))
    with_adult = np.bincount(owner[adults], minlength=len(state.households)) > 0
    new = ~np.isin(state.households["id"], past.state.households["id"])
    assert new.sum() == record[:, INDEX["new_households"]].sum() and with_adult[new].all()


def test_no_family_loses_its_last_adult_by_moving(moving, past):
    model = Model(SMALL, moving, rng=SEED, past=past, months=0, threads=1)
    state, month = model.state, month_index(2021)
    model.world.advance(month)

    def adults():
        persons, households = state.persons, state.households
        there = (persons["alive"] == 1) & ((month - persons["birth_month"].astype(int)) // 12 >= ADULT)
        owner = np.repeat(np.arange(len(households)), households["slots"].astype(int))
        counts = np.bincount(owner[there], minlength=len(households))
        return dict(zip(households["id"].tolist(), counts.tolist(), strict=True))

    before = adults()
    live_january(state, model.world, month)
    after = adults()
    assert all(after[household] > 0 for household, count in before.items() if count > 0)


def test_villages_stay_contiguous_and_split_offs_stay_behind_their_stem(moved):
    households, villages = moved.state.households, moved.state.villages
    assert (np.diff(households["village"].astype(int)) >= 0).all()
    for number in range(len(villages)):
        first, count = int(villages["first_household"][number]), int(villages["households"][number])
        assert (households["village"][first : first + count] == number).all()
    assert villages["households"].sum() == len(households)
    place = {int(household): k for k, household in enumerate(households["id"])}
    assert all(place[int(root)] <= k for k, root in enumerate(households["root"]))


def test_threads_and_chunks_do_not_matter_when_families_change(moving, past, moved):
    other = run(moving, past, 30, threads=3, chunk=2)
    assert same_state(moved, other) and (moved.record == other.record).all()


def test_moves_are_the_same_luck_under_every_policy(kept, past):
    """A policy that changes incomes but nobody's health changes no marriage, no leaving, no splitting."""
    richer = with_lever(kept, "public_welfare_jobs", pay=999_900.0)
    one, other = run(kept, past, 26), run(richer, past, 26)
    for name in ("marriages_in", "marriages_out", "leavers", "returners", "new_households", "births", "deaths"):
        assert (one.record[:, :, INDEX[name]] == other.record[:, :, INDEX[name]]).all(), name
    assert (one.state.households["id"] == other.state.households["id"]).all()
    assert (one.state.households["net_12m"] != other.state.households["net_12m"]).any()


def test_the_household_table_has_one_row_for_each_founding_household(moved, past):
    table = household_table(moved)
    households = moved.state.households
    founding = households["id"] == households["root"]
    assert (table["id"] == households["id"][founding]).all()
    assert table["persons_2020"].sum() == past.state.households["members"].sum()
    for row in np.flatnonzero(table["first_at_risk"] >= 0)[:50]:
        family = households["root"] == table["id"][row]
        months = households["first_at_risk"][family]
        assert table["first_at_risk"][row] == months[months > 0].min()
    split = ~founding & (households["first_relapse_net"] > month_index(2021, 2))
    roots = np.isin(table["id"], households["root"][split])
    assert roots.any() and (table["first_relapse_net"][roots] >= 0).all()


def test_without_hazards_nobody_moves(kept, past):
    still = with_values(kept, marriage_women=0.0, marriage_men=0.0, leaving_rate=0.0, splitting_rate=0.0, homecoming_rate=0.0)
    record = run(still, past, 14).record.sum(axis=(0, 1))
    for name in ("marriages_in", "marriages_out", "leavers", "returners", "new_households"):
        assert record[INDEX[name]] == 0
    assert record[INDEX["births"]] > 0
