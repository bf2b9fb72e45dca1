"""Worked households: scripted families whose trailing income per head was worked out by hand, to within 2 yuan.

`households.csv` holds yuan per head at the ends of quarters, gross and net, by family and policy.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from experiments.accounts import FEN, STANDING, said, worth
from experiments.life import tell
from scenarios.family import read_family
from sim.rules import month_index
from sim.trace import Traced

EXPECTED = Path(__file__).with_name("households.csv")
WITHIN = 2.0
COUNTY = 5000
"""Rural households of the county into which the families move."""


@cache
def expected() -> dict[tuple[str, str], dict[str, dict[str, float]]]:
    """Return by family and policy: measure, quarter, yuan."""
    found: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
    with open(EXPECTED, encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            key = row.pop("family"), row.pop("policy")
            measure = row.pop("measure")
            found.setdefault(key, {})[measure] = {quarter: float(yuan) for quarter, yuan in row.items()}
    return found


def registered_head(month: Traced, measure: str) -> float:
    """Return income per registered member, absent earners included, in yuan."""
    return worth(month, next(item for item in STANDING if item.key == measure))


def resident_head(month: Traced, measure: str) -> float:
    """Return income per resident: without absent earners, with what they send home, in yuan."""
    household = month.household
    spent = household["spend_12m"] if measure == "net" else 0
    return (household["resident_12m"] - spent) / max(1, household["members"] - household["absent"]) / FEN


def misses(family: str, policy: str, households: int | None = None) -> list[str]:
    """Return the quarters in which the family's income per head is not what was worked out."""
    name = family.removesuffix("-resident")
    (life,) = tell(read_family(name), [policy], households=households, threads=1, rationed=False)
    head = resident_head if family != name else registered_head
    found = {measure: {said(month.month): head(month, measure) for month in life.months} for measure in ("gross", "net")}
    return [
        f"{family}, {policy}, {measure}, {quarter}: {found[measure][quarter]:.2f}, worked out {yuan:.0f}"
        for measure, quarters in expected()[family, policy].items()
        for quarter, yuan in quarters.items()
        if abs(found[measure][quarter] - yuan) > WITHIN
    ]


@pytest.mark.parametrize(("family", "policy"), sorted(expected()))
def test_a_family_alone_has_the_incomes_worked_out(family, policy):
    assert not misses(family, policy)


@pytest.mark.parametrize(
    ("family", "policy"),
    [("g02", "cliff"), ("g03", "orderly"), ("g05", "kept"), ("g07", "cliff"), ("g09", "kept"), ("g10", "orderly")],
)
def test_nothing_changes_in_a_county_where_nothing_is_rationed(family, policy):
    assert not misses(family, policy, COUNTY)


def statuses(family: str, policy: str) -> list[tuple[object, ...]]:
    """Return the family's statuses month by month."""
    (life,) = tell(read_family(family), [policy], threads=1)
    names = ("monitored", "flagged", "trigger", "dibao", "below_gross", "below_net", "months_above")
    return [tuple(month.household[name] for name in names) for month in life.months]


def test_a_december_sale_paid_in_january_changes_no_status_and_no_booking():
    assert statuses("g07-slip", "kept") == statuses("g07-noshock", "kept")
    slip, plain = (tell(read_family(name), ["kept"], threads=1)[0].months for name in ("g07-slip", "g07-noshock"))
    assert [month.household["gross_12m"] for month in slip] == [month.household["gross_12m"] for month in plain]
    late = [month.counts["farm_due"] for month in slip]
    assert max(late) == 4_500_000 and [month.counts["farm_due"] for month in plain] != late


def test_who_relapses_under_which_policy_is_what_was_worked_out():
    fallen = {
        family: [
            month.month for month in tell(read_family(family), ["cliff"], threads=1)[0].months if month.household["below_gross"]
        ]
        for family in ("g02", "g02-excluded", "g07", "g09", "g10")
    }
    assert not fallen["g02"] and not fallen["g07"] and not fallen["g09"] and not fallen["g10"]
    assert min(fallen["g02-excluded"]) == month_index(2023, 9)


def test_a_never_poor_family_is_no_relapse_of_the_ex_poor():
    (life,) = tell(read_family("g05"), ["cliff"], threads=1)
    assert {month.household["group"] for month in life.months} == {"marginal"}
    assert all(month.counts["registry_relapse_households"] == 0 for month in life.months)


def test_the_county_saves_to_the_fen_what_the_family_pays_more():
    kept, orderly, cliff = (
        sum(month.counts["premiums"] for month in life.months)
        for life in tell(read_family("g10"), ["kept", "orderly", "cliff"], threads=1)
    )
    subsidies = [
        sum(month.counts["premium_subsidy"] for month in life.months)
        for life in tell(read_family("g10"), ["kept", "orderly", "cliff"], threads=1)
    ]
    assert orderly - kept == subsidies[0] - subsidies[1] and cliff - kept == subsidies[0] - subsidies[2]
    five = [
        sum(month.counts["premiums"] for month in life.months if month.month < month_index(2026)) / FEN
        for life in tell(read_family("g10"), ["kept", "orderly", "cliff"], threads=1)
    ]
    assert five == pytest.approx([370, 5462, 6184], abs=2)


@pytest.mark.parametrize(
    ("fault", "family", "policy"),
    [
        ("premium_subsidy_taper_ex_poor.share@2022-01=0", "g10", "kept"),
        ("values.enrolment_month=9", "g10", "kept"),
        ("dibao.decision_months=3", "g02", "cliff"),
        ("values.june_share=0.4", "g09", "kept"),
    ],
)
def test_a_planted_fault_is_seen(fault, family, policy):
    described = read_family(family)
    (life,) = tell(described, [policy], overrides=[fault], threads=1)
    wanted = expected()[family, policy]
    seen = {said(month.month): month for month in life.months}
    wrong = [
        quarter
        for measure, quarters in wanted.items()
        for quarter, yuan in quarters.items()
        if abs(registered_head(seen[quarter], measure) - yuan) > WITHIN
    ]
    assert wrong
