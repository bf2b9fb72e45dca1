"""Where households stand at the end of 2020 and of each year, and the book of posts of a lived county."""

from __future__ import annotations

import numpy as np
import pytest
from small_county import run

from sim.indicators import GROUPS, INDEX
from sim.institutions.postbook import APPOINTED, CUT, HOLDERS, LEFT
from sim.model import Model
from sim.results import household_table, post_table
from sim.rules import month_index
from sim.standing import HOUSEHOLD_TYPES, at, household_types, income_fifths, net_heads


@pytest.fixture(scope="module")
def lived(rules, past) -> Model:
    return run(rules, past, 26)


def test_fifths_hold_equal_numbers_and_follow_income(past):
    households, fifths = past.state.households, income_fifths(past.state)
    there = households["members"] > 0
    sizes = np.bincount(fifths[there])[1:]
    assert len(sizes) == 5 and sizes.max() - sizes.min() <= 1
    assert (fifths[~there] == -1).all()
    head = households["gross_12m"][there] / households["members"][there]
    assert all(head[fifths[there] == low].max() <= head[fifths[there] == low + 1].min() for low in range(1, 5))


def test_types_follow_the_first_description_that_fits(past):
    households, kinds = past.state.households, household_types(past.state)
    assisted, no_worker = HOUSEHOLD_TYPES.index("assisted"), HOUSEHOLD_TYPES.index("no_worker")
    assert ((kinds == assisted) == ((households["dibao"] == 1) | (households["any_tekun"] == 1))).all()
    assert (households["able"][kinds == no_worker] == 0).all() and (households["able"][kinds > no_worker] > 0).all()
    persons = past.state.persons
    for place in np.flatnonzero(kinds == HOUSEHOLD_TYPES.index("farm"))[:40]:
        start = int(households["start"][place])
        members = slice(start, start + int(households["slots"][place]))
        there = persons["alive"][members] == 1
        assert (persons["job"][members][there] <= 1).all() and (persons["disability_grade"][members][there] == 0).all()
    assert len(np.unique(kinds)) >= 6


def test_the_household_table_has_every_december(lived, past):
    table = household_table(lived)
    assert {"type_2020", "fifth_2020", "net_head_2020", "net_head_2021", "net_head_2022"} <= set(table)
    assert "net_head_2023" not in table
    before = past.state.households
    place = int(np.flatnonzero(before["id"] == table["id"][7])[0])
    assert table["net_head_2020"][7] == np.float32(before["net_12m"][place] / 100 / before["members"][place])


def test_values_are_found_by_id_in_any_order():
    ids, values = np.array([9, 3, 7], np.uint64), np.array([1.0, 2.0, 3.0])
    assert at(np.array([3, 9], np.uint64), ids, values).tolist() == [2.0, 1.0]


def test_nobody_left_has_no_income_per_head(past):
    state = past.state.copy()
    state.households["members"][3] = 0
    ids, heads = net_heads(state)
    assert np.isnan(heads[3]) and np.isfinite(heads[2]) and ids[3] == state.households["id"][3]


def test_the_book_of_posts_agrees_with_the_counts_of_holders(lived):
    table = post_table(lived)
    kinds = {lever.id: lever.words["job"] for lever in lived.rules.levers if lever.mechanism == "job_slots"}
    posts = [lever for lever, job in kinds.items() if job == "public_welfare"]
    persons = lived.state.persons
    last = (table["month"] == lived.month) & (table["event"] == HOLDERS) & np.isin(table["lever"], posts)
    assert table["persons"][last].sum() == ((persons["job"] == 4) & (persons["alive"] == 1)).sum() > 0
    # nobody comes but by appointment: what is missing left without the office
    for lever in kinds:
        mine = table["lever"] == lever
        for month in range(month_index(2021, 2), lived.month + 1):
            held = [
                table["persons"][mine & (table["month"] == when) & (table["event"] == HOLDERS)].sum()
                for when in (month - 1, month)
            ]
            moved = mine & (table["month"] == month)
            gone = table["persons"][moved & np.isin(table["event"], LEFT)].sum()
            come = table["persons"][moved & (table["event"] == APPOINTED)].sum()
            assert held[1] <= held[0] - gone + come


def test_a_cut_is_written_down(rules, past):
    from small_county import with_lever

    model = run(with_lever(rules, "public_welfare_jobs", kept=0.0), past, 13)
    table = post_table(model)
    cut = (table["lever"] == "public_welfare_jobs") & (table["event"] == CUT)
    assert table["persons"][cut].sum() > 0 and model.record[-1, :, INDEX["posts"]].sum() >= 0
    assert set(table["group"][cut].tolist()) <= set(range(len(GROUPS)))
