"""Trailing years, the yearly test with its main cause, and what is counted: the rules for one person or household."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import to_fen
from sim.engine import procedure, rule
from sim.processes.employment import LOCAL, LOW_LABOUR, POST

ILLNESS, DISASTER, FARM, JOB_LOSS, POST_END, DIBAO_END, PREMIUM, LINE, HOUSEHOLD_CHANGE, OTHER = range(10)
"""Codes of `sim.indicators.CAUSES`."""
MILLION = 1_000_000


class Census(NamedTuple):
    """What a person adds to the household's counts this month."""

    is_able: int
    is_working: int
    is_idle: int
    is_prime: int
    holds_post: int
    is_covered: int
    bill_insured: int


class Trail(NamedTuple):
    """The household's month and its trailing sums before assistance, in fen."""

    other_12m: int
    other_now: int
    spend_12m: int
    spend_now: int
    gross_12m: int
    net_12m: int
    market_month: int
    cash_month: int
    unavoidable_month: int
    own_medical: int
    interest: int


class Benefit(NamedTuple):
    """Trailing sums with this month's assistance, in fen."""

    benefit_12m: int
    benefit_now: int
    gross_12m: int
    net_12m: int


class YearSources(NamedTuple):
    """The accounting year so far by source, in fen."""

    year_wage: int
    year_post: int
    year_farm: int
    year_lost: int
    year_sick: int
    year_medical: int
    year_premium: int
    year_departed: int


class Test(NamedTuple):
    """The yearly test: below the line or not, newly or not, and the main cause of a new fall."""

    below_gross: int
    below_net: int
    new_gross: int
    new_net: int
    cause_of_gross: int
    cause_of_net: int


class NewYear(NamedTuple):
    """The next accounting year: this one becomes the last."""

    last_wage: int
    last_post: int
    last_farm: int
    last_lost: int
    last_sick: int
    last_dibao: int
    last_medical: int
    last_premium: int
    year_wage: int
    year_post: int
    year_farm: int
    year_lost: int
    year_sick: int
    year_dibao: int
    year_medical: int
    year_premium: int
    year_departed: int
    members_at_test: int


class Firsts(NamedTuple):
    """First events of a household, for pairing."""

    first_relapse_gross: int
    first_relapse_net: int
    first_relapse_registry: int
    first_at_risk: int
    cause_gross: int
    cause_net: int


class Counts(NamedTuple):
    """What one household adds to the month's counts; names are those of `sim.indicators`."""

    persons: int
    households: int
    at_risk_persons: int
    at_risk_households: int
    below_gross_persons: int
    below_net_persons: int
    gap_net: int
    gap2_net: int
    shortfall: int
    monitored_persons: int
    flagged_households: int
    ever_identified_persons: int
    ever_identified_households: int
    ever_cleared_households: int
    ever_cleared_persons: int
    registered_persons: int
    dibao_persons: int


@rule
def count_person(alive: int, age: int, labour: int, job: int, bmi_enrolled: int, sick_months: int, bill: int) -> Census:
    """Count a person among the able, the working, the idle able, the holders of posts and the insured."""
    if alive == 0:
        return Census(0, 0, 0, 0, 0, 0, 0)
    able = 1 if 16 <= age < 65 and labour < LOW_LABOUR else 0
    works = 1 if job >= LOCAL else 0
    idle = 1 if able == 1 and works == 0 and sick_months == 0 and 18 <= age < 60 and labour == 0 else 0
    prime = 1 if able == 1 and 25 <= age < 60 else 0
    return Census(able, works, idle, prime, 1 if job == POST else 0, bmi_enrolled, bill * bmi_enrolled)


class Gathered(NamedTuple):
    """Members folded into the household."""

    members: int
    able: int


@rule
def gather(sum_alive: int, sum_is_able: int) -> Gathered:
    """Count the household's members and able members."""
    return Gathered(sum_alive, sum_is_able)


@rule
def trail(
    sum_income_12m: int,
    sum_earned: int,
    sum_own_payment: int,
    sum_own_drugs: int,
    sum_premium_own: int,
    farm_booked: int,
    farm_cash: int,
    transfers: int,
    property_income: int,
    debt: int,
    other_12m: int,
    other_then: int,
    benefit_12m: int,
    spend_12m: int,
    spend_then: int,
    members: int,
    law_interest_rate: float,
) -> Trail:
    """Close the month before assistance: income by crop cycle, cash as it comes, unavoidable spending; a year ago drops out.

    Assistance counts here with its 12 months to last month, so that no family looks poorer before it is paid than after.
    """
    other = farm_booked + transfers + property_income
    medical = sum_own_payment + sum_own_drugs
    interest = to_fen(debt * law_interest_rate / 12.0) if members > 0 else 0
    unavoidable = medical + sum_premium_own + interest
    other_year = other_12m + other - other_then
    spend_year = spend_12m + unavoidable - spend_then
    gross = sum_income_12m + other_year + benefit_12m
    return Trail(
        other_year, other, spend_year, unavoidable, gross, gross - spend_year,
        sum_earned + other, sum_earned + farm_cash + transfers + property_income, unavoidable, medical, interest,
    )  # fmt: skip


@rule
def add_benefit(dibao_paid: int, benefit_12m: int, benefit_then: int, gross_12m: int, net_12m: int) -> Benefit:
    """Add this month's assistance to the trailing sums and drop that of a year ago."""
    change = dibao_paid - benefit_then
    return Benefit(benefit_12m + change, dibao_paid, gross_12m + change, net_12m + change)


@rule
def book_sources(
    sum_earned_wage: int,
    sum_earned_post: int,
    sum_lost_sick: int,
    sum_departed: int,
    sum_premium_own: int,
    farm_booked: int,
    farm_lost: int,
    own_medical: int,
    year_wage: int,
    year_post: int,
    year_farm: int,
    year_lost: int,
    year_sick: int,
    year_medical: int,
    year_premium: int,
    year_departed: int,
) -> YearSources:
    """Add the month to the accounting year's sources."""
    return YearSources(
        year_wage + sum_earned_wage,
        year_post + sum_earned_post,
        year_farm + farm_booked,
        year_lost + farm_lost,
        year_sick + sum_lost_sick,
        year_medical + own_medical,
        year_premium + sum_premium_own,
        year_departed + sum_departed,
    )


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
def turn_year(
    members: int,
    year_wage: int,
    year_post: int,
    year_farm: int,
    year_lost: int,
    year_sick: int,
    year_dibao: int,
    year_medical: int,
    year_premium: int,
) -> NewYear:
    """Open the next accounting year in October."""
    return NewYear(
        year_wage, year_post, year_farm, year_lost, year_sick, year_dibao, year_medical, year_premium,
        0, 0, 0, 0, 0, 0, 0, 0, 0, members,
    )  # fmt: skip


class YearDibao(NamedTuple):
    """Dibao of the accounting year so far, in fen."""

    year_dibao: int


@rule
def book_dibao(year_dibao: int, dibao_paid: int) -> YearDibao:
    """Add this month's dibao to the accounting year."""
    return YearDibao(year_dibao + dibao_paid)


class Confirmation(NamedTuple):
    """The county's confirmation that an ex-poor household has fallen."""

    returned_poor: int
    confirmed: int


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


class YearAgo(NamedTuple):
    """Net income of the calendar year, for next year's test of a sharp fall."""

    net_year_ago: int


@rule
def remember_year(net_12m: int, members: int) -> YearAgo:
    """Keep December's trailing income per head."""
    return YearAgo(to_fen(net_12m / members) if members > 0 else 0)


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


@rule
def count_household(
    members: int,
    gross_12m: int,
    net_12m: int,
    monitored: int,
    flagged: int,
    identified_month: int,
    registered: int,
    dibao: int,
    law_poverty_line: float,
    law_monitoring_line: float,
) -> Counts:
    """Count a household's persons by where they stand at the end of the month."""
    if members == 0:
        return Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    bar = law_poverty_line * members
    at_risk = 1 if net_12m < law_monitoring_line * members else 0
    gross = 1 if gross_12m < bar else 0
    net = 1 if net_12m < bar else 0
    gap = 1.0 - net_12m / bar if net == 1 else 0.0
    bounded = gap if gap < 1.0 else 1.0
    ever = 1 if identified_month > 0 else 0
    return Counts(
        members,
        1,
        at_risk * members,
        at_risk,
        gross * members,
        net * members,
        to_fen(bounded * MILLION) * members,
        to_fen(bounded * bounded * MILLION) * members,
        to_fen(gap * bar / 12.0),
        monitored * members,
        flagged,
        ever * members,
        ever,
        ever * (1 - monitored),
        ever * (1 - monitored) * members,
        registered * members,
        dibao * members,
    )
