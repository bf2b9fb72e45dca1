"""Relapse: the yearly test with its main cause, the county's confirmation, and first events for pairing."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure, rule

ILLNESS, DISASTER, FARM, JOB_LOSS, POST_END, DIBAO_END, PREMIUM, LINE, HOUSEHOLD_CHANGE, OTHER = range(10)
"""Codes of `sim.indicators.CAUSES`."""


class Test(NamedTuple):
    """The yearly test: below the line or not, newly or not, and the main cause of a new fall."""

    below_gross: int
    below_net: int
    new_gross: int
    new_net: int
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


class Confirmation(NamedTuple):
    """The county's confirmation that an ex-poor household has fallen."""

    returned_poor: int
    confirmed: int


@procedure
def main_cause(
    members: int,
    members_at_test: int,
    year_wage: int,
    year_post: int,
    year_farm: int,
    year_lost: int,
    year_sick: int,
    year_dibao: int,
    year_medical: int,
    year_premium: int,
    year_departed: int,
    last_wage: int,
    last_post: int,
    last_farm: int,
    last_lost: int,
    last_sick: int,
    last_dibao: int,
    last_medical: int,
    last_premium: int,
    line: float,
    line_before: float,
) -> int:
    """Return the largest push towards the line since the last yearly test; ``other`` when nothing pushed.

    Wages lost to sickness count as illness, harvests lost to disasters as disaster, incomes that left with the dead and added
    mouths as household change, the rise of the line times the members as line.
    """
    best = 0
    cause = OTHER
    push = year_medical - last_medical + year_sick - last_sick
    if push > best:
        best, cause = push, ILLNESS
    push = year_lost - last_lost
    if push > best:
        best, cause = push, DISASTER
    push = last_farm + last_lost - year_farm - year_lost
    if push > best:
        best, cause = push, FARM
    push = last_wage + last_sick - year_wage - year_sick - year_departed
    if push > best:
        best, cause = push, JOB_LOSS
    push = last_post - year_post
    if push > best:
        best, cause = push, POST_END
    push = last_dibao - year_dibao
    if push > best:
        best, cause = push, DIBAO_END
    push = year_premium - last_premium
    if push > best:
        best, cause = push, PREMIUM
    push = to_fen((line - line_before) * members)
    if push > best:
        best, cause = push, LINE
    added = members - members_at_test if members > members_at_test else 0
    push = year_departed + to_fen(line * added)
    if push > best:
        best, cause = push, HOUSEHOLD_CHANGE
    return cause


@procedure
def test_year(
    members: int,
    members_at_test: int,
    gross_12m: int,
    net_12m: int,
    below_gross: int,
    below_net: int,
    year_wage: int,
    year_post: int,
    year_farm: int,
    year_lost: int,
    year_sick: int,
    year_dibao: int,
    year_medical: int,
    year_premium: int,
    year_departed: int,
    last_wage: int,
    last_post: int,
    last_farm: int,
    last_lost: int,
    last_sick: int,
    last_dibao: int,
    last_medical: int,
    last_premium: int,
    law_poverty_line: float,
    law_poverty_line_before: float,
) -> Test:
    """Hold the yearly test at the end of September: 12-month income per head against the poverty line, gross and net."""
    if members == 0:
        return Test(0, 0, 0, 0, OTHER, OTHER)
    bar = law_poverty_line * members
    gross = 1 if gross_12m < bar else 0
    net = 1 if net_12m < bar else 0
    new_gross = gross * (1 - below_gross)
    new_net = net * (1 - below_net)
    cause_of_gross = OTHER
    cause_of_net = OTHER
    if new_gross == 1:
        # gross income sees neither bills nor premiums: only the wages that sickness took count as illness
        cause_of_gross = main_cause(
            members, members_at_test, year_wage, year_post, year_farm, year_lost, year_sick, year_dibao, 0,
            0, year_departed, last_wage, last_post, last_farm, last_lost, last_sick, last_dibao, 0,
            0, law_poverty_line, law_poverty_line_before,
        )  # fmt: skip
    if new_net == 1:
        cause_of_net = main_cause(
            members, members_at_test, year_wage, year_post, year_farm, year_lost, year_sick, year_dibao, year_medical,
            year_premium, year_departed, last_wage, last_post, last_farm, last_lost, last_sick, last_dibao, last_medical,
            last_premium, law_poverty_line, law_poverty_line_before,
        )  # fmt: skip
    return Test(gross, net, new_gross, new_net, cause_of_gross, cause_of_net)


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
