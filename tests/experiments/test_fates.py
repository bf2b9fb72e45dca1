"""Families of stored runs, written by hand: two policies, one replication, four families in two townships."""

from types import SimpleNamespace

import numpy as np
import pytest

from experiments.fates import CHANNELS, TOWNSHIP_HEADER, Fates, Table
from sim.indicators import CAUSES
from sim.rules import month_index

ILLNESS, JOB = CAUSES.index("illness"), CAUSES.index("job_loss")
IN_2020, IN_2022 = 1 << (2020 - 2013), 1 << (2022 - 2013)
BOTH = ("ex_poor", "marginal")


def families(years, firsts=None, causes=(-1,) * 4, identified=(0,) * 4, channel=(0,) * 4):
    when = month_index(2022, 9)
    firsts = [when if year == IN_2022 else -1 for year in years] if firsts is None else firsts
    columns = {
        # the third family is marginal, the last belongs to neither group
        "group": np.array([0, 0, 1, 2], np.int8),
        "township": np.array([0, 0, 1, 1], np.int16),
        "years_net": np.array(years, np.int32),
        "first_relapse_net": np.array(firsts, np.int32),
        "first_relapse_guarantee": np.full(4, -1, np.int32),
        "first_relapse_registry": np.full(4, -1, np.int32),
        "first_at_risk": np.full(4, month_index(2021, 5), np.int32),
        "cause_net": np.array(causes, np.int8),
        "identified": np.array(identified, np.int8),
        "channel": np.array(channel, np.int8),
        "members": np.array([2, 2, 4, 1], np.int32),
        "net_12m": np.array([800_000, 1_200_000, 2_000_000, 1], np.int64),
    }
    return Table(columns, 3)


@pytest.fixture
def fates():
    kept = families([IN_2022, 0, IN_2022, IN_2022], causes=(ILLNESS, -1, JOB, JOB), identified=(0, 1, 1, 0), channel=(0, 1, 2, 0))
    cut = families([0, IN_2022, IN_2022, 0])
    results = SimpleNamespace(study=SimpleNamespace(policies=("kept", "cut")), replications=(("point", 0),), weighted=True)
    found = Fates(results, SimpleNamespace(cases=[SimpleNamespace(name="a")]), None)
    found.__dict__["tables"] = [[[kept]], [[cut]]]
    found.__dict__["accounts"] = [[[Table({"unmet": np.array([2e8, 1e8])}, 3)]], [[Table({"unmet": np.array([0.0])}, 3)]]]
    return found


def test_families_are_compared_one_by_one_and_weighted(fates):
    # the first falls no more, the second now does; the last is of no group that counts
    assert fates.moved(True, 0, BOTH).tolist() == [[0], [3]]
    assert fates.moved(False, 0, BOTH).tolist() == [[0], [3]]
    assert fates.moved(True, 0, ("marginal",)).tolist() == [[0], [0]]


def test_falls_before_the_plans_do_not_count(fates):
    fates.__dict__["tables"][1][0][0] = families([IN_2020, IN_2020, 0, 0], firsts=[month_index(2020, 9)] * 2 + [-1] * 2)
    assert fates.moved(False, 0, BOTH).tolist() == [[0], [0]]
    assert np.isnan(fates.undetected("all", BOTH)[1, 0])


def test_the_undetected_are_a_share_of_those_that_fell(fates):
    assert fates.undetected("all", BOTH)[0, 0] == 0.5
    assert fates.undetected("illness", BOTH)[0, 0] == 1 and fates.undetected("job_loss", BOTH)[0, 0] == 0
    assert [fates.seen_by(name, BOTH)[0, 0] for name in CHANNELS] == [3, 0, 3, 0]


def test_the_worst_township_and_the_page_of_townships(fates):
    assert fates.worst_township(BOTH).tolist() == [[1.0], [1.0]]
    assert fates.worst_township(("ex_poor",)).tolist() == [[0.5], [0.5]]
    rows = [dict(zip(TOWNSHIP_HEADER, row, strict=True)) for row in fates.township_rows()]
    assert [(row["policy"], row["township"], row["families"], row["fell_net"]) for row in rows] == [
        ("kept", 0, 2, 1), ("kept", 1, 1, 1), ("cut", 0, 2, 1), ("cut", 1, 1, 1),
    ]  # fmt: skip
    # 8,000 and 12,000 yuan among four persons
    assert rows[0]["net_income_per_head"] == 5000


def test_unmet_demand_is_in_million_yuan(fates):
    assert fates.unmet().tolist() == [[9], [0]]
