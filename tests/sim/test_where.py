"""Where a lever acts, pay that comes late, supports behind their plan in a part of the county: by hand."""

import numpy as np

from sim.engine import plain
from sim.institutions.places import holds, share_open
from sim.policies.tables import ON, blended, column_of
from sim.processes.employment import owe_pay
from sim.processes.income import collect_pay
from sim.rules import EVERYBODY, County, Lever, Term, Turn, both, month_index
from sim.state import ROW, WINDOW, Columns

COUNTY = County(households=100, villages=4, townships=2, former_poor_county=1)
WINDOW_AT = ROW["household", "owed_window"]


def households() -> Columns:
    """Return eight households in four villages of two townships; villages 0 to 2 have a workshop, 2 first, then 0, then 1."""
    found = Columns("household", 8)
    found["village"] = np.repeat(np.arange(4), 2)
    found["township"] = found["village"] % 2
    found["v_workshop"] = found["village"] < 3
    found["workshop_site"] = np.array([2, 3, 1, 4])[found["village"]]
    return found


def test_conditions_on_places_hold_household_by_household():
    first = ((Term("h.township", 0, 0), Term("h.workshop_site", 2, 9)),)
    assert holds(first, households(), COUNTY).tolist() == [True, True, False, False, False, False, False, False]
    assert holds(((Term("j.former_poor_county", 1, 1),),), households(), COUNTY).all()
    assert not holds(((Term("j.former_poor_county", 0, 0),),), households(), COUNTY).any()
    assert holds(((),), households(), COUNTY).all() and not holds((), households(), COUNTY).any()


def test_places_shrink_by_the_villages_that_the_lever_is_meant_for():
    closed = Turn(month_index(2023), where=((Term("h.workshop_site", 2, 99),),))
    lever = Lever("w", "job_slots", ((Term("v.workshop", 1, 1), Term("p.age", 18, 60)),), {}, turns=(closed,))
    assert share_open(lever, month_index(2022, 12), households(), COUNTY) == 1
    # three villages have a workshop; the one that got it first is closed
    assert share_open(lever, month_index(2023), households(), COUNTY) == 2 / 3
    everywhere = Turn(month_index(2024), where=EVERYBODY)
    again = Lever("w", "job_slots", lever.who, {}, turns=(closed, everywhere))
    assert share_open(again, month_index(2024), households(), COUNTY) == 1
    # a lever for everybody counts all four villages; where nobody is meant nothing shrinks
    assert share_open(Lever("p", "job_slots", EVERYBODY, {}, turns=(closed,)), month_index(2023), households(), COUNTY) == 3 / 4
    nobody = Lever("p", "job_slots", ((Term("v.tourism", 1, 1),),), {}, turns=(closed,))
    assert share_open(nobody, month_index(2023), households(), COUNTY) == 1


def test_who_and_where_hold_together():
    old, here = Term("p.age", 60, 99), Term("h.township", 1, 1)
    there = Term("h.village", 2, 2)
    assert both(((old,),), ((here,), (there,))) == ((old, here), (old, there))
    lever = Lever("x", "cash_transfer", ((old,),), {}, turns=(Turn(5, where=((here,),)), Turn(7, who=EVERYBODY)))
    assert (lever.who_in(4), lever.who_in(5), lever.who_in(7)) == (((old,),), ((old, here),), ((here,),))


def test_pay_of_two_members_comes_when_it_is_due():
    ring = np.zeros((WINDOW_AT + WINDOW, 1), np.int32)
    november = month_index(2022, 11)
    owe, collect = plain(owe_pay), plain(collect_pay)
    # 1,200 yuan three months late, 900 one month late
    assert owe(0, november, 3, 120_000, ring).pay_late == 120_000
    assert owe(0, november, 1, 90_000, ring).pay_late == 90_000
    owed = collect(0, int(ring[WINDOW_AT + november % 12, 0]), 210_000)
    assert owed == (210_000, 0, -210_000)
    december = collect(owed.owed_12m, int(ring[WINDOW_AT + (november + 1) % 12, 0]), 0)
    assert december == (120_000, 0, 90_000)
    january = collect(december.owed_12m, int(ring[WINDOW_AT + (november + 2) % 12, 0]), 0)
    assert january == (120_000, 0, 0)
    assert collect(january.owed_12m, int(ring[WINDOW_AT + (november + 3) % 12, 0]), 0) == (0, 0, 120_000)


def test_offices_go_by_the_mean_of_supports_and_by_what_is_in_force_anywhere():
    kept, pay, age = (column_of("job_slots", name) for name in ("kept", "pay", "minimum_age"))
    ended, held = np.zeros((1, 30)), np.zeros((1, 30))
    ended[0, [kept, pay, age]] = 0.4, 1_000.0, 18.0
    held[0, [ON, kept, pay, age]] = 1.0, 0.8, 1_200.0, 18.0
    mixed = blended({0: {"job_slots": ended}, 3: {"job_slots": held}}, {0: 0.75, 3: 0.25})["job_slots"]
    assert mixed[0, ON] == 1 and mixed[0, age] == 18
    assert np.allclose(mixed[0, [kept, pay]], [0.75 * 0.4 + 0.25 * 0.8, 1_050.0])
    alone = {0: {"job_slots": ended}}
    assert blended(alone, {0: 1.0}) is alone[0]
