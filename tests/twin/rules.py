"""The engine's rules as plain Python, through and through: what they call is uncompiled too."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

from sim import arithmetic, burden, census, founder, outcomes, relapse, trailing
from sim.engine import plain
from sim.policies import (
    budget,
    credit,
    detection,
    farm_insurance,
    monitoring,
    one_off_grant,
    personal_insurance,
    reimbursement,
    response,
    schooling_aid,
    top_up,
    village_fund,
)
from sim.processes import (
    business,
    care,
    consumption,
    contribution,
    demography,
    dependence,
    employment,
    enrolment,
    family,
    guarantees,
    health,
    income,
    schooling,
    shocks,
    trade,
)


@functools.cache
def uncompiled(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Return a rule as plain Python whose calls of other rules reach plain Python as well."""
    function = plain(rule)
    scope = dict(function.__globals__)
    for name in function.__code__.co_names:
        if hasattr(scope.get(name), "py_func"):
            scope[name] = uncompiled(scope[name])
    return FunctionType(function.__code__, scope, function.__name__, function.__defaults__)


exp = uncompiled(arithmetic.exp)
normal = uncompiled(arithmetic.normal)
to_fen = uncompiled(arithmetic.to_fen)

grow_older = uncompiled(demography.grow_older)
die = uncompiled(demography.die)
give_birth = uncompiled(demography.give_birth)

choose_move = uncompiled(family.choose_move)
spouse_birth = uncompiled(family.spouse_birth)
child_birth = uncompiled(family.child_birth)
brought_income = uncompiled(family.brought_income)
start_health = uncompiled(founder.start_health)
start_job = uncompiled(founder.start_job)

age_in_health = uncompiled(health.age_in_health)
sign_on = uncompiled(health.sign_on)
change_in_health = uncompiled(health.change_in_health)
fall_ill = uncompiled(care.fall_ill)
seek_care = uncompiled(care.seek_care)
be_treated = uncompiled(care.be_treated)
buy_drugs = uncompiled(care.buy_drugs)
layer_payment = uncompiled(reimbursement.layer_payment)
ceiling_payment = uncompiled(reimbursement.ceiling_payment)
wish_for_policy = uncompiled(personal_insurance.wish_for_policy)
per_cent = uncompiled(reimbursement.per_cent)

come_of_age = uncompiled(employment.come_of_age)
change_skill = uncompiled(employment.change_skill)
want_work = uncompiled(employment.want_work)
work = uncompiled(employment.work)
choose_work = uncompiled(employment.choose_work)
set_wage = uncompiled(employment.set_wage)
earn = uncompiled(employment.earn)
be_away = uncompiled(employment.be_away)
run_business = uncompiled(trade.run_business)
make_profit = uncompiled(trade.make_profit)

depend = uncompiled(dependence.depend)
name_kind = uncompiled(dependence.name_kind)
own_care = uncompiled(dependence.own_care)
rehabilitation_need = uncompiled(dependence.rehabilitation_need)
treatment_need = uncompiled(dependence.treatment_need)
count_dependent = uncompiled(dependence.count_dependent)
open_account = uncompiled(contribution.open_account)
contribute = uncompiled(contribution.contribute)
draw_pension = uncompiled(income.draw_pension)
close_month = uncompiled(income.close_month)
collect = uncompiled(income.collect)
collect_pay = uncompiled(income.collect_pay)
harvest = uncompiled(income.harvest)
lose_to_places = uncompiled(income.lose_to_places)
other_income = uncompiled(income.other_income)
plan_business = uncompiled(business.plan_business)
tend_livestock = uncompiled(business.tend_livestock)
less_loss = uncompiled(business.less_loss)
note_severe = uncompiled(shocks.note_severe)
note_shock = uncompiled(shocks.note_shock)

start_cover = uncompiled(enrolment.start_cover)
enrol = uncompiled(enrolment.enrol)
change_insurer = uncompiled(enrolment.change_insurer)
why_without = uncompiled(enrolment.why_without)

start_school_year = uncompiled(schooling.start_school_year)
pay_school = uncompiled(schooling.pay_school)
return_to_school = uncompiled(schooling.return_to_school)
is_paid = uncompiled(schooling_aid.is_paid)
find_events = uncompiled(one_off_grant.find_events)
is_due = uncompiled(one_off_grant.is_due)
grant_amount = uncompiled(one_off_grant.grant_amount)
add_grants = uncompiled(trailing.add_grants)

rebuild = uncompiled(guarantees.rebuild)
age_house = uncompiled(guarantees.age_house)
strike = uncompiled(guarantees.strike)
restore_supply = uncompiled(guarantees.restore_supply)
fail_supply = uncompiled(guarantees.fail_supply)
bear_costs = uncompiled(guarantees.bear_costs)
find_needs = uncompiled(guarantees.find_needs)

count_person = uncompiled(census.count_person)
count_lacking = uncompiled(census.count_lacking)
count_assistance = uncompiled(census.count_assistance)
count_guarantees = uncompiled(census.count_guarantees)
count_spell = uncompiled(outcomes.count_spell)
count_earning = uncompiled(outcomes.count_earning)
count_standing = uncompiled(outcomes.count_standing)
bracket_of = uncompiled(outcomes.bracket_of)
count_work = uncompiled(census.count_work)
trail = uncompiled(trailing.trail)
add_benefit = uncompiled(trailing.add_benefit)
test_year = uncompiled(relapse.test_year)
test_burden = uncompiled(burden.test_burden)
test_guarantees = uncompiled(relapse.test_guarantees)
note_guarantees = uncompiled(relapse.note_guarantees)
confirm_fall = uncompiled(relapse.confirm_fall)
note_firsts = uncompiled(relapse.note_firsts)
remember_year = uncompiled(trailing.remember_year)
lose_supports = uncompiled(census.lose_supports)
lose_dibao = uncompiled(census.lose_dibao)
count_residents = uncompiled(trailing.count_residents)
count_household = uncompiled(census.count_household)

assess = uncompiled(top_up.assess)
stand = uncompiled(top_up.stand)
gap_payment = uncompiled(top_up.gap_payment)
move_top_up = uncompiled(top_up.top_up)
consume = uncompiled(consumption.consume)
cover_gap = uncompiled(consumption.cover_gap)
repay_debts = uncompiled(consumption.repay_debts)
close_estate = uncompiled(consumption.close_estate)

seek_credit = uncompiled(credit.seek_credit)
is_granted = uncompiled(credit.is_granted)
added_herd = uncompiled(credit.added_herd)
quarterly_interest = uncompiled(credit.quarterly_interest)
end_loan = uncompiled(credit.end_loan)
split_premium = uncompiled(farm_insurance.split_premium)
payout = uncompiled(farm_insurance.payout)
share_reached = uncompiled(farm_insurance.share_reached)

raise_alerts = uncompiled(monitoring.raise_alerts)
note_first_payment = uncompiled(monitoring.note_first_payment)
note_records = uncompiled(detection.note_records)
is_visited = uncompiled(detection.is_visited)
is_screened = uncompiled(detection.is_screened)
day_of = uncompiled(detection.day_of)
granted_share = uncompiled(budget.granted_share)
year_amount = uncompiled(budget.year_amount)
divide = uncompiled(village_fund.divide)
needs_of = uncompiled(response.needs_of)
measures_of = uncompiled(response.measures_of)
count_bits = uncompiled(response.count_bits)
is_ready = uncompiled(response.is_ready)
days_waited = uncompiled(response.days_waited)
verify = uncompiled(monitoring.verify)
kind_of = uncompiled(monitoring.kind_of)
clear_risk = uncompiled(monitoring.clear_risk)
grow_known = uncompiled(monitoring.grow_known)
