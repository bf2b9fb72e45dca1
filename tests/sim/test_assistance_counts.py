"""Who is counted as eligible for dibao, as missed, and as monitored below the standard."""

import pytest

from sim.census import count_assistance
from sim.policies.top_up import APPLIED, LEAVING, NONE, PAID
from sim.processes.dependence import count_dependent
from sim.processes.employment import FARM

STANDARD = 42_000.0
LINE = 2 * 12 * 42_000  # two members, twelve months


def counted(assessed=LINE - 1, net=LINE, monitored=0, stage=NONE, single=0, tekun=0, members=2):
    return tuple(count_assistance(members, net, assessed, monitored, stage, single, tekun, STANDARD))


@pytest.mark.parametrize(("assessed", "eligible"), [(LINE - 1, 2), (LINE, 0), (LINE + 1, 0), (0, 2)])
def test_a_household_is_eligible_below_the_standard_and_not_at_it(assessed, eligible):
    assert counted(assessed=assessed) == (eligible, eligible, 0, 0)


@pytest.mark.parametrize(
    ("given", "missed"),
    [({"stage": APPLIED}, 2), ({"stage": PAID}, 0), ({"stage": LEAVING}, 0), ({"single": 1}, 0), ({"tekun": 1}, 0)],
)
def test_who_is_served_is_not_missed(given, missed):
    assert counted(**given) == (2, missed, 0, 0)


@pytest.mark.parametrize(("net", "monitored", "below"), [(LINE - 1, 1, 2), (LINE, 1, 0), (LINE - 1, 0, 0)])
def test_the_monitored_are_held_against_net_income(net, monitored, below):
    assert counted(assessed=LINE, net=net, monitored=monitored) == (0, 0, below, 0)


def test_an_empty_household_counts_nobody():
    assert counted(assessed=-1, net=-1, monitored=1, members=0) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("assessed", "stage", "leaked"), [(LINE, PAID, 2), (LINE - 1, PAID, 0), (LINE, APPLIED, 0), (LINE, LEAVING, 0)]
)
def test_who_is_paid_above_the_standard_is_leakage(assessed, stage, leaked):
    assert counted(assessed=assessed, stage=stage)[3] == leaked


def test_who_needs_care_and_gets_none_is_uncared():
    def uncared(care, cared, alive=1):
        return count_dependent(alive, 70, 1, FARM, 3, care, 0, cared, 0, 0, 0).is_uncared

    assert [uncared(care, cared) for care in (0, 1, 2) for cared in (0, 1)] == [0, 0, 1, 0, 1, 0]
    assert uncared(2, 0, alive=0) == 0
