"""Transfers and what the means test leaves out, worked by hand. Amounts in fen."""

from __future__ import annotations

import numpy as np
import pytest

from sim.policies.cash_transfer import receive_support, receive_transfers
from sim.policies.disregard import disregard
from sim.policies.eligibility import compile_conditions
from sim.policies.opening import SLOTS, open_rows, openings
from sim.policies.tables import LeverTables
from sim.rules import Lever, Term, constant
from sim.state import Columns

OLD = ((Term("p.age", 60.0, 200.0),),)
EVERYBODY = ((),)


def lever(name, mechanism, who=EVERYBODY, words=None, **fields):
    return Lever(name, mechanism, who, {key: constant(value) for key, value in fields.items()}, words or {})


def transfer(name, who=EVERYBODY, per="person", status="none", amount=10_000.0, month=0.0, reach=1.0, counted=0.0):
    words = {"per": per, "status": status}
    return lever(name, "cash_transfer", who, words, amount=amount, month=month, reach=reach, counted=counted)


def place(levers, age=70):
    """Return the arrays of a county of one person of an age, and the payments by lever."""
    persons, households = Columns("person", 1), Columns("household", 1)
    persons["age"] = age
    state = [part.matrices[kind] for part in (persons, households) for kind in ("i1", "i2", "i4")]
    return LeverTables(levers).at(24252), (*compile_conditions(levers), *state), np.zeros(len(levers), np.int64)


def opened(tables, who):
    """Return the rows that the household opens, by slot."""
    rows = [np.zeros(len(SLOTS), np.int32), np.zeros(len(SLOTS), np.int32), np.zeros(10, np.int32)]
    open_rows(0, 0, *openings(tables), *rows, *who)
    return rows


BITS = np.arange(10, dtype=np.int64)


def held() -> np.ndarray:
    """The 64-bit columns of a household."""
    return Columns("household", 1).matrices["i8"]


def received(levers, age=70, moy=5, rank=50, alive=1):
    tables, who, paid = place(levers, age)
    rows = opened(tables, who)
    return receive_transfers(alive, moy, 0, 0, rank, paid, BITS, *rows, tables["cash_transfer"], *who, held()), paid.tolist()


def test_every_transfer_that_a_person_meets_is_paid_and_booked():
    levers = (transfer("a", OLD), transfer("b", amount=2_000.0), transfer("c", ((Term("p.age", 0.0, 59.0),),)))
    assert received(levers) == ((12_000, 0, 144_000, 144_000, 0, 0), [10_000, 2_000, 0])
    assert received(levers, age=59) == ((12_000, 0, 144_000, 144_000, 0, 0), [0, 2_000, 10_000])
    assert received(levers, alive=0) == ((0, 0, 0, 0, 0, 0), [0, 0, 0])


def test_a_yearly_payment_comes_in_its_month_and_counts_all_year():
    once = (transfer("a", amount=30_000.0, month=6.0, counted=0.25),)
    assert received(once, moy=6)[0] == (30_000, 0, 30_000, 22_500, 0, 0)
    assert received(once, moy=5)[0] == (0, 0, 30_000, 22_500, 0, 0)


def test_status_comes_with_the_transfer():
    both = (transfer("a", status="dibao"), transfer("b", OLD, status="tekun", amount=5_000.0))
    assert received(both)[0] == (15_000, 15_000, 180_000, 180_000, 1, 1)
    assert received(both, age=30)[0] == (10_000, 10_000, 120_000, 120_000, 1, 0)


@pytest.mark.parametrize(("rank", "paid"), [(0, 0), (69, 0), (70, 10_000), (99, 10_000)])
def test_reach_goes_by_the_lasting_place(rank, paid):
    assert received((transfer("a", reach=0.3),), rank=rank)[0].allowance == paid


def supported(levers, land=2.5, members=3, moy=6):
    tables, who, paid = place(levers)
    table = tables["cash_transfer"]
    return receive_support(members, land, 0, 0, 50, 0, 1.0, 0, 0, moy, 0, 0, paid, BITS, table, *who, held()), paid.tolist()


def test_a_household_is_paid_as_one_and_by_its_land():
    levers = (transfer("a", per="household"), transfer("b", per="mu", amount=8_050.0, month=6.0, counted=1.0), transfer("c"))
    assert supported(levers) == ((30_125, 140_125, 120_000), [10_000, 20_125, 0])
    assert supported(levers, moy=7) == ((10_000, 140_125, 120_000), [10_000, 0, 0])
    assert supported(levers, members=0) == ((0, 0, 0), [0, 0, 0])


def test_what_the_means_test_leaves_out_adds_up():
    levers = (
        lever("a", "disregard", OLD, {"source": "pension"}, amount=0.0, share=1.0),
        lever("b", "disregard", EVERYBODY, {"source": "wage"}, amount=1_000.0, share=0.1),
        lever("c", "disregard", EVERYBODY, {"source": "none"}, amount=500.0, share=0.5),
    )
    tables, who, _ = place(levers)
    assert (
        disregard(1, 10_300, 600_000, 0, 0, *opened(tables, who), tables["disregard"], *who).disregarded == 123_600 + 61_000 + 500
    )
    assert disregard(0, 10_300, 600_000, 0, 0, *opened(tables, who), tables["disregard"], *who).disregarded == 0
    tables, who, _ = place(levers, age=59)
    assert disregard(1, 10_300, 600_000, 0, 0, *opened(tables, who), tables["disregard"], *who).disregarded == 61_000 + 500
