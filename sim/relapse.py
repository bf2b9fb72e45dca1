"""Relapse: the yearly test with its main cause, the county's confirmation, and first events for pairing."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.causes import main_cause, write_pushes
from sim.engine import procedure, rule
from sim.indicators import CAUSES, GUARANTEE_CAUSES
from sim.processes.guarantees import EDUCATION, HOUSING, MEDICAL, WATER
from sim.state import ROW

OTHER = CAUSES.index("other")
_YEAR, _LAST = ROW["household", "year_sources"], ROW["household", "last_sources"]


_INSURANCE, _WATER = GUARANTEE_CAUSES.index("insurance"), GUARANTEE_CAUSES.index("water")
_SCHOOLING, _HOUSING = GUARANTEE_CAUSES.index("schooling"), GUARANTEE_CAUSES.index("housing")
BITS_FROM = 2013
"""Year of the lowest bit of ``years_net`` and ``years_core``."""


class Test(NamedTuple):
    """The yearly test: below the line or not, and newly or not."""

    below_gross: int
    below_net: int
    new_gross: int
    new_net: int


class Causes(NamedTuple):
    """Main causes of a new fall, codes of `sim.indicators.CAUSES`."""

    cause_of_gross: int
    cause_of_net: int


class Firsts(NamedTuple):
    """First events of a household, for pairing."""

    first_relapse_gross: int
    first_relapse_net: int
    first_relapse_registry: int
    first_at_risk: int
    cause_gross: int
    cause_net: int


class GuaranteeTest(NamedTuple):
    """The yearly test of guarantees, with and without insurance cover: fallen or not, newly or not, the cause of a new fall."""

    below_guarantee: int
    below_core: int
    new_guarantee: int
    new_core: int
    cause_of_guarantee: int


class GuaranteeFirsts(NamedTuple):
    """The first fall by guarantees, and the years of new falls as bits from 2013 on."""

    first_relapse_guarantee: int
    cause_guarantee: int
    years_net: int
    years_core: int


GROSS, NET, GUARANTEE, CORE, REGISTRY = (1 << bit for bit in range(5))
"""Bits of the definitions by which a household has newly fallen, see `DEFINITIONS`."""
DEFINITIONS = ("gross", "net", "guarantee", "core", "registry")
FALL = ("household", "definitions", "cause_gross", "cause_net", "cause_guarantee")
"""First columns of a fall's row; the pushes of every cause follow, gross and net."""
FALL_WIDTH = len(FALL) + 2 * len(CAUSES)
_FIRST_PUSH, _CAUSES = len(FALL), len(CAUSES)


class Confirmation(NamedTuple):
    """The county's confirmation that an ex-poor household has fallen."""

    returned_poor: int
    confirmed: int


@rule
def test_year(members: int, gross_12m: int, net_12m: int, below_gross: int, below_net: int, law_poverty_line: float) -> Test:
    """Hold the yearly test at the end of September: 12-month income per head against the poverty line, gross and net."""
    bar = law_poverty_line * members
    gross = 1 if (members > 0) & (gross_12m < bar) else 0
    net = 1 if (members > 0) & (net_12m < bar) else 0
    return Test(gross, net, gross * (1 - below_gross), net * (1 - below_net))


@procedure
def name_causes(
    h: int,
    members: int,
    members_at_test: int,
    new_gross: int,
    new_net: int,
    law_poverty_line: float,
    law_poverty_line_before: float,
    H_i4: np.ndarray,
) -> Causes:
    """Name the main cause of a new fall; gross income sees neither bills nor premiums."""
    gross = OTHER
    net = OTHER
    if new_gross == 1:
        gross = main_cause(0, _YEAR, _LAST, h, members, members_at_test, law_poverty_line, law_poverty_line_before, H_i4)
    if new_net == 1:
        net = main_cause(1, _YEAR, _LAST, h, members, members_at_test, law_poverty_line, law_poverty_line_before, H_i4)
    return Causes(gross, net)


@rule
def test_guarantees(
    members: int, below_net: int, cause_of_net: int, lost_guarantees: int, below_guarantee: int, below_core: int
) -> GuaranteeTest:
    """Test income and guarantees together: below the line, net, or house, schooling, water or insurance cover lost."""
    core = 1 if (members > 0) & ((below_net == 1) | (lost_guarantees & ~MEDICAL > 0)) else 0
    fallen = 1 if (members > 0) & ((core == 1) | (lost_guarantees > 0)) else 0
    cause = _INSURANCE
    cause = _WATER if lost_guarantees & WATER > 0 else cause
    cause = _SCHOOLING if lost_guarantees & EDUCATION > 0 else cause
    cause = _HOUSING if lost_guarantees & HOUSING > 0 else cause
    cause = cause_of_net if below_net == 1 else cause
    return GuaranteeTest(fallen, core, fallen * (1 - below_guarantee), core * (1 - below_core), cause)


@rule
def note_guarantees(
    month: int,
    new_net: int,
    new_guarantee: int,
    new_core: int,
    cause_of_guarantee: int,
    first_relapse_guarantee: int,
    cause_guarantee: int,
    years_net: int,
    years_core: int,
) -> GuaranteeFirsts:
    """Note the first fall by guarantees and the years of new falls."""
    first = first_relapse_guarantee == 0 and new_guarantee == 1
    bit = month // 12 - BITS_FROM
    return GuaranteeFirsts(
        month if first else first_relapse_guarantee,
        cause_of_guarantee if first else cause_guarantee,
        years_net | (new_net << bit),
        years_core | (new_core << bit),
    )


@rule
def confirm_fall(
    ex_poor: int,
    monitored: int,
    members: int,
    net_12m: int,
    returned_poor: int,
    law_seen_ratio: float,
    law_poverty_line: float,
    law_confirm_share: float,
    u_confirm: float,
) -> Confirmation:
    """Confirm a detected ex-poor household as fallen: below the poverty line as the registry counts, and the county says so."""
    seen = law_seen_ratio * net_12m if net_12m > 0 else float(net_12m)
    fallen = ex_poor == 1 and monitored == 1 and members > 0 and seen < law_poverty_line * members
    if fallen and returned_poor == 0 and u_confirm < law_confirm_share:
        return Confirmation(1, 1)
    return Confirmation(returned_poor, 0)


@procedure
def note_fall(  # type: ignore[no-untyped-def]
    h, members, members_at_test, new_gross, new_net, new_guarantee, new_core, confirmed, cause_of_gross, cause_of_net,
    cause_of_guarantee, law_poverty_line, law_poverty_line_before, H_i4, falls, fallen,
) -> None:  # fmt: skip
    """Write a new fall, by any definition, with its causes and the pushes of all causes."""
    bits = new_gross * GROSS + new_net * NET + new_guarantee * GUARANTEE + new_core * CORE + confirmed * REGISTRY
    if bits == 0:
        return
    row = fallen[0]
    fallen[0] += 1
    falls[row, 0] = h
    falls[row, 1] = bits
    falls[row, 2] = cause_of_gross
    falls[row, 3] = cause_of_net
    falls[row, 4] = cause_of_guarantee
    for operator in range(2):
        write_pushes(
            operator, _YEAR, _LAST, h, members, members_at_test, law_poverty_line, law_poverty_line_before, H_i4, falls, row,
            _FIRST_PUSH + operator * _CAUSES,
        )  # fmt: skip


@rule
def note_firsts(
    month: int,
    at_risk_households: int,
    new_gross: int,
    new_net: int,
    confirmed: int,
    cause_of_gross: int,
    cause_of_net: int,
    first_relapse_gross: int,
    first_relapse_net: int,
    first_relapse_registry: int,
    first_at_risk: int,
    cause_gross: int,
    cause_net: int,
) -> Firsts:
    """Note the first event of each definition."""
    gross = first_relapse_gross == 0 and new_gross == 1
    net = first_relapse_net == 0 and new_net == 1
    return Firsts(
        month if gross else first_relapse_gross,
        month if net else first_relapse_net,
        month if first_relapse_registry == 0 and confirmed == 1 else first_relapse_registry,
        month if first_at_risk == 0 and at_risk_households == 1 else first_at_risk,
        cause_of_gross if gross else cause_gross,
        cause_of_net if net else cause_net,
    )
