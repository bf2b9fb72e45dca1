"""Worked households: scripted families whose trailing income per head was worked out by hand, to within 2 yuan.

`households.csv` holds yuan per head at the ends of quarters, gross and net, by family and policy.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from experiments.accounts import STANDING, said, worth
from experiments.life import tell
from scenarios.family import read_family

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
            found.setdefault(key, {})[row.pop("measure")] = {quarter: float(yuan) for quarter, yuan in row.items()}
    return found


def misses(family: str, policy: str, households: int | None = None) -> list[str]:
    """Return the quarters in which the family's income per head is not what was worked out."""
    (life,) = tell(read_family(family), [policy], households=households, threads=1)
    items = {item.key: item for item in STANDING}
    found = {measure: {said(month.month): worth(month, items[measure]) for month in life.months} for measure in ("gross", "net")}
    return [
        f"{family}, {policy}, {measure}, {quarter}: {found[measure][quarter]:.2f}, worked out {yuan:.0f}"
        for measure, quarters in expected()[family, policy].items()
        for quarter, yuan in quarters.items()
        if abs(found[measure][quarter] - yuan) > WITHIN
    ]


@pytest.mark.parametrize(("family", "policy"), sorted(expected()))
def test_a_family_alone_has_the_incomes_worked_out(family, policy):
    assert not misses(family, policy)
