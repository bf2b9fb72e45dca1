"""The month: what happens, in its order. The one place where the order is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from sim import booking, burden, census, relapse, trailing
from sim.policies import (
    cash_transfer,
    credit,
    detection,
    disregard,
    farm_insurance,
    monitoring,
    one_off_grant,
    price_subsidy,
    reimbursement,
    restored_guarantee,
    schooling_aid,
    top_up,
)
from sim.processes import (
    business,
    care,
    consumption,
    demography,
    employment,
    enrolment,
    guarantees,
    health,
    income,
    schooling,
    shocks,
)


class Step(NamedTuple):
    """One rule and when it is due: always, or under one of `WHEN`."""

    rule: Callable[..., Any]
    when: str = ""


WHEN = {
    "january": "{moy} == 1",
    "eighteen": "{month} - {birth_month} == 216",
    "in need of care": "{needed} == 1",
    "admitted": "{admitted} == 1",
    "on drugs": "{drug_bill} > 0",
    "found work": "{found_job} == 1",
    "wage due": "{moy} == 1 or {changed_job} == 1",
    "enrolment": "{moy} == {law_enrolment_month}",
    "harvest": "{moy} == 6 or {moy} == 10",
    "livestock": "{livestock} > 0 and {members} > 0",
    "insurance": "{moy} == 3",
    "claim": "{insured} > 0 and ({moy} == 6 or {moy} == 10 or {moy} == 12)",
    "loan interest": "{loan_balance} > 0 and ({moy} % 3 == 0 or {month} == {loan_due})",
    "loan wanted": "{loan_wanted} == 1",
    "short": "{gap} > 0",
    "in debt": "{gap} == 0 and {debt} + {kin_debt} + {arrears} > 0",
    "loan due": "{loan_balance} > 0 and {month} >= {loan_due}",
    "nobody left": "{members} == 0",
    "shock": "{env_struck} > 0.0 or {sum_died} + {sum_severe} + {major_shock} > 0",
    "clue": "({trigger} > 0 or {records} > 0 or {alarm} > 0) and {monitored} == 0 and {flagged} == 0",
    "monitored": "{monitored} == 1",
    "september": "{moy} == 9",
    "school year": "{moy} == 9",
    "pupil": "{in_school} == 1",
    "out of school": "{school_stage} == 2 and {in_school} == 0 and {medically_unfit_for_school} == 0",
    "uncovered": "{bmi_enrolled} == 0 and {employee_insured} == 0",
    "event": "{events} > 0 or {monitored} == 1",
    "granted": "{relief_paid} + {rebuilding_grant} > 0",
    "unsafe house": "{house_safe} == 0",
    "own month": "{moy} == 1 + int(12.0 * {turn})",
    "struck": "{env_struck} > 0.0",
    "no water": "{water_safe} == 0",
    "dry season": "{moy} == {law_dry_month}",
    "december": "{moy} == 12",
}
"""When a rule is due, over the variables in its scope."""


def book_sources() -> None:
    """Add the month to the accounting year's sources."""


PEOPLE: tuple[Step, ...] = (
    Step(demography.grow_older),
    Step(health.age_in_health, "january"),
    Step(health.change_in_health, "january"),
    Step(enrolment.start_cover, "january"),
    Step(reimbursement.expect_price, "january"),
    Step(employment.come_of_age, "eighteen"),
    Step(employment.want_work, "january"),
    Step(employment.change_skill, "january"),
    Step(demography.die),
    Step(demography.give_birth),
    Step(restored_guarantee.offer_cover, "uncovered"),
    Step(care.fall_ill),
    Step(care.seek_care, "in need of care"),
    Step(booking.book_care, "in need of care"),
    Step(care.be_treated, "admitted"),
    Step(shocks.note_severe, "admitted"),
    Step(reimbursement.settle_bill, "admitted"),
    Step(booking.book_injury, "admitted"),
    Step(care.buy_drugs),
    Step(reimbursement.settle_drugs, "on drugs"),
    Step(schooling.start_school_year, "school year"),
    Step(restored_guarantee.offer_school, "out of school"),
    Step(schooling.return_to_school, "out of school"),
    Step(schooling.pay_school, "pupil"),
    Step(schooling_aid.aid_pupil, "pupil"),
    Step(employment.work),
    Step(employment.choose_work, "found work"),
    Step(employment.set_wage, "wage due"),
    Step(employment.earn),
    Step(booking.book_post),
    Step(cash_transfer.receive_transfers),
    Step(income.draw_pension),
    Step(disregard.disregard),
    Step(income.close_month),
    Step(price_subsidy.premium_subsidy, "enrolment"),
    Step(enrolment.change_insurer, "enrolment"),
    Step(enrolment.enrol, "enrolment"),
    Step(booking.book_lapse, "enrolment"),
    Step(booking.book_premium, "enrolment"),
    Step(census.count_person),
    Step(census.count_lacking),
)
"""Person by person: birthdays, health, births and deaths; care and its bill; jobs and wages; enrolment in its season."""

HOUSEHOLD: tuple[Step, ...] = (
    Step(census.gather),
    Step(shocks.note_shock, "shock"),
    Step(business.plan_business, "january"),
    Step(income.collect),
    Step(income.harvest, "harvest"),
    Step(business.tend_livestock, "livestock"),
    Step(farm_insurance.insure, "insurance"),
    Step(farm_insurance.claim, "claim"),
    Step(credit.charge_interest, "loan interest"),
    Step(income.other_income),
    Step(restored_guarantee.offer_house, "unsafe house"),
    Step(guarantees.rebuild, "unsafe house"),
    Step(booking.book_house),
    Step(guarantees.age_house, "own month"),
    Step(guarantees.strike, "struck"),
    Step(restored_guarantee.offer_water, "no water"),
    Step(guarantees.restore_supply, "no water"),
    Step(guarantees.fail_supply, "dry season"),
    Step(guarantees.bear_costs),
    Step(cash_transfer.receive_support),
    Step(trailing.trail),
    Step(top_up.assess),
    Step(top_up.stand),
    Step(monitoring.raise_alerts),
    Step(guarantees.find_needs),
    Step(one_off_grant.find_events),
    Step(detection.note_records),
    Step(detection.notice, "clue"),
    Step(census.lose_supports),
    Step(book_sources),
)
"""Household by household, with its members folded in: farm and other income, trailing sums, the means test, alerts, channels."""

SETTLE: tuple[Step, ...] = (
    Step(census.remember_dibao),
    Step(top_up.top_up),
    Step(booking.book_top_up),
    Step(trailing.add_benefit),
    Step(one_off_grant.give_grants, "event"),
    Step(trailing.add_grants, "granted"),
    Step(census.lose_dibao),
    Step(monitoring.note_first_payment),
    Step(credit.seek_credit, "own month"),
    Step(credit.grant_loan, "loan wanted"),
    Step(consumption.consume),
    Step(consumption.cover_gap, "short"),
    Step(consumption.repay_debts, "in debt"),
    Step(credit.settle_loan, "loan due"),
    Step(consumption.close_estate, "nobody left"),
    Step(monitoring.clear_risk, "monitored"),
    Step(book_sources),
    Step(relapse.test_year, "september"),
    Step(relapse.name_causes, "september"),
    Step(relapse.test_guarantees, "september"),
    Step(relapse.note_guarantees, "september"),
    Step(relapse.confirm_fall, "september"),
    Step(booking.book_test, "september"),
    Step(burden.test_burden, "september"),
    Step(booking.book_burden, "september"),
    Step(booking.book_guarantees, "september"),
    Step(trailing.turn_year, "september"),
    Step(trailing.remember_year, "december"),
    Step(census.count_household),
    Step(census.count_guarantees),
    Step(relapse.note_firsts),
    Step(booking.book_registry),
)
"""Household by household, after the county: transfers, consumption, saving and debt, clearing, the yearly test, counts."""

ORDER: tuple[tuple[str, str], ...] = (
    (
        "environment",
        "the month's law, weather, prices; families change in January; accounts opened; visits planned; posts renewed and paid",
    ),
    ("people", "persons, then their household: health, work, income, care, enrolment, alerts"),
    ("county", "verification, measures, vacant posts and, until 2020, the register of the poor, under finite staff and slots"),
    ("settle", "transfers, consumption, saving and debt, clearing, the yearly test, counts"),
    ("recording", "the month's counts and payments"),
)
"""The stages of a month."""

COUNTED_LIVE: dict[str, str] = {
    "births": "sum_born",
    "deaths": "sum_died",
    "ended_households": "ended",
    "admissions": "sum_admitted",
    "admitted_persons": "sum_first_admission",
    "wage_income": "sum_earned_wage",
    "post_income": "sum_earned_post",
    "farm_income": "farm_booked",
    "pension_income": "sum_pension",
    "allowance_income": "sum_allowance",
    "support_income": "support",
    "transfer_income": "transfers",
    "property_income": "property_income",
    "premiums": "sum_premium_own",
    "premium_subsidy": "sum_premium_budget",
    "bills": "sum_bill",
    "reimbursed": "sum_reimbursed",
    "paid_basic": "sum_paid_basic",
    "paid_critical": "sum_paid_critical",
    "paid_assistance": "sum_paid_assistance",
    "drugs_reimbursed": "sum_drugs_reimbursed",
    "own_medical": "own_medical",
    "interest": "interest",
    "schooling_cost": "sum_school_cost",
    "school_aid": "sum_school_aid",
    "late_premiums": "sum_late_premium",
    "rebuilding": "rebuilding",
    "rebuilding_aid": "rebuilding_aid",
    "water_cost": "water_cost",
    "lost_schooling_persons": "sum_is_out_of_school",
    "lost_cover_persons": "uncovered",
    "interest_subsidy": "interest_subsidy",
    "insurance_premium": "insurance_premium",
    "insurance_subsidy": "insurance_subsidy",
    "insurance_payout": "insurance_payout",
    "posts": "sum_holds_post",
    "workers": "sum_is_working",
    "paid_workers": "sum_paid",
    "able_persons": "able",
    "enrolled_persons": "sum_is_covered",
    "employee_insured_persons": "sum_has_employer",
    "disabled_persons": "sum_is_disabled",
    "critically_ill_persons": "sum_is_critical",
    "uninsured_persons": "sum_is_uncovered",
    "new_alert_households": "new_alert",
    "new_alert_spending_households": "new_alert_spending",
    "new_alert_drop_households": "new_alert_drop",
    "rolled_back_households": "rolled_back",
    "tekun_persons": "sum_tekun",
}
"""Counts of the first pass: indicator and the variable that it adds up."""

COUNTED_SETTLE: dict[str, str] = {
    "dibao_income": "dibao_paid",
    "relief_income": "relief_paid",
    "rebuilding_grants": "rebuilding_grant",
    "consumption": "consumption",
    "estates": "estate",
    **{name: name for name in ("kin_borrowed", "borrowed", "repaid", "distress_sales", "loans_granted")},
    "defaults": "defaulted",
    "lent": "loan_granted",
    "farm_due": "farm_due",
    "assets": "assets",
    "debt": "debt",
    **{name: name for name in ("kin_debt", "loan_balance", "arrears")},
    "monitored_households": "monitored",
    "double_loss_households": "double_loss",
    "first_payment_households": "first_payment",
    "first_payment_months": "first_payment_months",
    **{name: name for name in census.Counts._fields},
    **{name: name for name in census.Held._fields},
}
"""Counts of the second pass."""

BOOKED_LIVE: dict[str, str] = {
    "wage": "sum_earned_wage",
    "post": "sum_earned_post",
    "farm": "farm_booked",
    "lost": "farm_lost",
    "sick": "sum_lost_sick",
    "medical": "own_medical",
    "premium": "sum_premium_own",
    "schooling": "own_schooling",
    "rebuilding": "own_rebuilding",
    "water": "water_cost",
    "departed": "sum_departed",
    "assistance": "sum_status_paid",
    "allowance": "sum_allowance",
    "support": "support",
}
"""Sources of the accounting year (`sim.sources`) that the first pass adds up."""

BOOKED_SETTLE: dict[str, str] = {"rebuilding": "rebuilding_change", "dibao": "dibao_paid", "consumption": "consumption"}
"""Sources that the second pass adds up."""
