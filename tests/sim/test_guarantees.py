"""Housing, water and needs, worked by hand. Amounts in fen."""

from __future__ import annotations

import numpy as np
import pytest
from small_county import run, with_values

from sim.indicators import INDEX
from sim.processes import guarantees
from sim.processes.guarantees import (
    CARE,
    DISASTER,
    EDUCATION,
    EMPLOYMENT,
    HOUSING,
    MEDICAL,
    WATER,
    bear_costs,
    find_needs,
    strike,
)

YUAN = 100

STORM = dict(
    house_safe=1, land_mu=10.0, members=4, month=24_295, law_disaster_month=8.0, law_farm_income=120_000.0,
    law_june_share=0.3, law_farm_price=1.0, law_house_damage=1.0, law_house_repair_cost=1_500_000.0,
    x_house_unsafe=1.0,
)  # fmt: skip


def test_a_flood_is_noted_with_its_loss():
    # 12,000 a year from the land, 70 % of it in October, 60 % of that lost: 5,040; and the house: 15,000
    assert strike(**STORM, env_struck=0.6, u_storm=0.59) == (0, (5_040 + 15_000) * YUAN, 24_295)
    assert strike(**STORM, env_struck=0.6, u_storm=0.61) == (1, 5_040 * YUAN, 24_295)
    # a house that is unsafe already is not lost twice
    assert strike(**{**STORM, "house_safe": 0}, env_struck=0.6, u_storm=0.1) == (0, 5_040 * YUAN, 24_295)


def test_an_unsafe_house_is_repaired_from_savings():
    law = dict(
        law_house_repair_cost=1_500_000.0, law_consumption_floor=30_000.0, law_house_repair=0.1, house_grant=0, house_lever=-1
    )
    assert guarantees.rebuild(assets=1_620_000, members=4, **law, u_rebuild=0.09) == (1, 1_500_000, 0)
    assert guarantees.rebuild(assets=1_619_999, members=4, **law, u_rebuild=0.09) == (0, 0, 0)
    assert guarantees.rebuild(assets=9_000_000, members=4, **law, u_rebuild=0.10) == (0, 0, 0)


def test_what_guarantees_cost():
    cost = bear_costs(
        4, 0, sum_school_cost=60_000, sum_school_aid=0, rebuilding=1_500_000, rebuilding_aid=1_200_000, law_water_cost=4_000.0
    )
    assert cost == (4_000, 60_000, 300_000, 364_000)
    assert bear_costs(4, 1, 0, 0, 0, 0, 4_000.0) == (0, 0, 0, 0) == bear_costs(0, 0, 0, 0, 0, 0, 4_000.0)


WELL = dict(
    members=4, net_12m=5_000_000, spend_12m=0, trigger=0, house_safe=1, water_safe=1, struck_month=0, month=24_300,
    sum_is_covered=3, sum_has_employer=1, sum_is_sick=0, sum_needs_care=0, sum_is_idle=0, sum_is_out_of_school=0,
    sum_is_student=0, law_monitoring_line=600_000.0, law_rigid_spend_line=1_500_000.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "lost", "need"),
    [
        ({}, 0, 0),
        ({"sum_is_covered": 2}, MEDICAL, MEDICAL),
        ({"spend_12m": 1_500_001}, 0, MEDICAL),
        ({"sum_is_sick": 1}, 0, MEDICAL),
        ({"sum_is_out_of_school": 1}, EDUCATION, EDUCATION),
        ({"sum_is_student": 1}, 0, 0),
        ({"sum_is_student": 1, "net_12m": 2_399_999}, 0, EDUCATION),
        ({"house_safe": 0}, HOUSING, HOUSING),
        ({"water_safe": 0}, WATER, WATER),
        ({"sum_is_idle": 2}, 0, EMPLOYMENT),
        ({"struck_month": 24_289}, 0, DISASTER),
        ({"struck_month": 24_288}, 0, 0),
        ({"sum_needs_care": 1}, 0, CARE),
        ({"members": 0, "house_safe": 0, "sum_is_covered": 0}, 0, 0),
    ],
)
def test_needs_are_told_apart(change, lost, need):
    found = find_needs(**{**WELL, **change})
    assert (found.lost_guarantees, found.need_types) == (lost, need)


def test_hardship_is_sudden_and_poor():
    poor = {"net_12m": 2_399_999}
    assert find_needs(**{**WELL, **poor}).temporary_hardship == 0
    assert find_needs(**{**WELL, **poor, "trigger": 1}).temporary_hardship == 0
    for sudden in ({"trigger": 4}, {"trigger": 3}, {"struck_month": 24_299}, {"house_safe": 0}):
        assert find_needs(**{**WELL, **poor, **sudden}).temporary_hardship == 1
        assert find_needs(**{**WELL, **sudden}).temporary_hardship == 0


def test_all_needs_fit_the_column():
    assert MEDICAL | EDUCATION | HOUSING | EMPLOYMENT | WATER | DISASTER | CARE == 127 == np.iinfo(np.int8).max


def test_a_water_supply_fails_for_the_whole_village_and_comes_back_with_it(rules, past):
    model = run(with_values(rules, water_interruption=0.5, water_repair=0.5, dry_month=2.0), past, months=3)
    households = model.state.households
    state = [set(households["water_safe"][households["village"] == village]) for village in range(9)]
    assert all(len(values) == 1 for values in state)
    lost = model.record[..., INDEX["lost_water_persons"]].sum(axis=1)
    assert lost[0] == 0 < lost[2] < lost[1]
    assert (model.record[..., INDEX["water_cost"]].sum(axis=1) > 0).tolist() == [False, True, True]


def test_the_books_close_with_schooling_rebuilding_and_water(rules, past):
    flooded = with_values(
        rules, disaster_rate=1.0, disaster_month=2.0, house_damage=5.0, house_repair=1.0, water_interruption=1.0
    )
    model = run(flooded, past, months=14)
    assert (model.ledger_residual() == 0).all()
    flows = model.record.sum(axis=(0, 1))
    assert all(flows[INDEX[name]] > 0 for name in ("schooling_cost", "rebuilding", "water_cost"))


def test_pupils_do_not_work(past):
    persons = past.state.persons
    pupil = (persons["alive"] == 1) & (persons["in_school"] == 1)
    assert pupil.sum() > 50 and (persons["job"][pupil] < 2).all() and (persons["age"][pupil] < 23).all()
