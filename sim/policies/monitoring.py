"""Detection, verification and clearing of households at risk: the rules for one household."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.arithmetic import exp, normal
from sim.engine import rule

INCOME, SPENDING, DROP, GUARANTEES, LABOUR = 1, 2, 4, 8, 16
"""Alerts as bits of `trigger`, in the order of the word `indicator`."""
NEVER, WHEN_GUARANTEED, ALWAYS = range(3)
"""Codes of the word `without_labour`: whether households without labour are cleared."""
COVER = 1
"""Bit of `lost_guarantees` for insurance cover, the lowest one."""
UNSTABLE, MARGINAL, SUDDEN = 1, 2, 3
NEAR_LINES = 2.0
"""Monitoring lines up to which high spending or a sharp fall raises an alert."""
NO_LABOUR_SCORE = 10.0
"""Points of the risk score for a household without able members."""
SPENDING_SCORE = 20.0
"""Points of the risk score for unavoidable spending as high as all income."""
TRIAL = 12
"""Months after clearing in which a fall below the line counts as hasty clearing."""


class Trigger(NamedTuple):
    """Alerts of a household, as bits, the months in a row at or above the line, and what begins this month."""

    trigger: int
    months_above: int
    risk_score: int
    alert_month: int
    new_alert: int
    new_alert_spending: int
    new_alert_drop: int
    on_trial: int
    rolled_back: int


class FirstPayment(NamedTuple):
    """Whether an alert was answered by a first payment this month, and after how many months."""

    alert_month: int
    first_payment: int
    first_payment_months: int


class Clearing(NamedTuple):
    """Whether the household leaves the registry as stably out of risk."""

    monitored: int
    monitored_type: int
    cleared_month: int
    measures: int
    returned_poor: int
    helped: int
    job_help: int
    on_trial: int
    cleared: int


@rule
def raise_alerts(
    members: int,
    net_12m: int,
    spend_12m: int,
    net_year_ago: int,
    months_above: int,
    able: int,
    gross_12m: int,
    dibao: int,
    alert_month: int,
    cleared_month: int,
    on_trial: int,
    lost_guarantees: int,
    sum_died: int,
    sum_severe: int,
    month: int,
    law_alerts_on: float,
    law_seen_ratio: float,
    law_monitoring_line: float,
    law_rigid_spend_line: float,
    law_income_drop_line: float,
) -> Trigger:
    """Test the alerts in force as the registry counts: low income, high spending, a sharp fall, a guarantee or a worker lost.

    All but the first count only where income is under twice the line: they must put basic living in difficulty. A guarantee is
    house, water or schooling as last month left it; a death or a severe illness is a change of labour. An alert's
    month is kept until it ends or is answered (-1). A cleared household on trial that falls below the line was cleared in haste.
    """
    if members == 0:
        return Trigger(0, 0, 0, 0, 0, 0, 0, 0, 0)
    line = law_monitoring_line * members
    seen = law_seen_ratio * net_12m if net_12m > 0 else float(net_12m)
    bits = 0
    if seen < line:
        bits = INCOME
    if seen < NEAR_LINES * line:
        if spend_12m > law_rigid_spend_line:
            bits = bits | SPENDING
        if net_year_ago > 0 and net_12m < (1.0 - law_income_drop_line) * net_year_ago * members:
            bits = bits | DROP
        bits = bits | (GUARANTEES if lost_guarantees > COVER else 0) | (LABOUR if sum_died + sum_severe > 0 else 0)
    above = 0 if bits & INCOME else (months_above + 1 if months_above < 100 else 100)
    back = (on_trial == 1) & (bits & INCOME > 0)
    trial = (on_trial == 1) & (not back) & (month - cleared_month < TRIAL)
    bits = bits & int(law_alerts_on)
    new = 1 if (bits > 0) & (alert_month == 0) else 0
    begun = (-1 if dibao == 1 else month) if new == 1 else alert_month
    return Trigger(
        bits,
        above,
        risk_of(seen, line, float(spend_12m), float(gross_12m), able),
        begun if bits > 0 else 0,
        new,
        1 if (new == 1) & (bits & SPENDING > 0) else 0,
        1 if (new == 1) & (bits & DROP > 0) else 0,
        1 if trial else 0,
        1 if back else 0,
    )


@rule
def risk_of(seen: float, line: float, spent: float, gross: float, able: int) -> int:
    """Return a score from 0 to 100: nearness to the line (0 at two lines), unavoidable spending, no labour."""
    near = 100.0 * (1.0 - seen / (NEAR_LINES * line)) if line > 0.0 else 0.0
    burden = SPENDING_SCORE * (spent / gross) if gross > spent else SPENDING_SCORE
    score = near + (burden if spent > 0.0 else 0.0) + (NO_LABOUR_SCORE if able == 0 else 0.0)
    score = score if score > 0.0 else 0.0
    return math.floor(score if score < 100.0 else 100.0)


@rule
def note_first_payment(alert_month: int, dibao_paid: int, month: int) -> FirstPayment:
    """Note when an alert of a household that had no dibao is answered by a first payment."""
    answered = (alert_month > 0) & (dibao_paid > 0)
    return FirstPayment(-1 if answered else alert_month, 1 if answered else 0, month - alert_month if answered else 0)


@rule
def verify(
    trigger: int,
    net_12m: float,
    members: int,
    line: float,
    seen_ratio: float,
    error: float,
    miss: float,
    tolerance: float,
    sudden_margin: float,
    u_verify: float,
    u_miss: float,
) -> bool:
    """Settle a case: the income seen carries an error, and a true case may be turned away.

    An alert beside that on income widens the bar; sudden hardship, an alert without one on income, has a bar of its own.
    """
    if members == 0:
        return False
    seen = net_12m * exp(error * normal(u_verify))
    if net_12m > 0.0:
        seen = seen * seen_ratio
    sudden = trigger > 0 and trigger & INCOME == 0
    margin = sudden_margin if sudden else (tolerance if trigger > INCOME else 0.0)
    bar = line * members * (1.0 + margin)
    return seen < bar and u_miss >= miss


@rule
def kind_of(trigger: int, ex_poor: int) -> int:
    """Return the kind of monitored household: unstable ex-poor, marginal, or sudden hardship when not income raised the alert."""
    if trigger & INCOME == 0 and trigger > 0:
        return SUDDEN
    return UNSTABLE if ex_poor == 1 else MARGINAL


class Standing(NamedTuple):
    """How long the household has been in the registry."""

    years_monitored: int


@rule
def grow_known(month: int, identified_month: int) -> Standing:
    """Count whole years since the entry into the registry, for support that runs for so many of them."""
    years = (month - identified_month) // 12
    return Standing(years if years < 100 else 100)


@rule
def clear_risk(
    monitored_type: int,
    cleared_month: int,
    returned_poor: int,
    measures: int,
    helped: int,
    job_help: int,
    on_trial: int,
    dibao: int,
    year_post: int,
    law_enrolment_month: float,
    months_above: int,
    identified_month: int,
    able: int,
    members: int,
    month: int,
    moy: int,
    lost_guarantees: int,
    clearing_open: int,
    clearing_months_above: float,
    clearing_december: float,
    clearing_other_months: float,
    clearing_needs_measure: float,
    clearing_needs_guarantees: float,
    clearing_without_labour: float,
    x_clearing_chance: float,
    u_clear: float,
) -> Clearing:
    """Clear a household: long enough above the line and in the registry, helped, with labour, mostly in the December review.

    `months_above` counts months in a row at the end of which the whole trailing year is at or above the line: a lost harvest
    stays in it for a year. The review looks at full months before its own. Without labour a household may be cleared never,
    only while dibao guarantees it, or like others.
    """
    if members == 0:
        return Clearing(0, 0, cleared_month, 0, 0, 0, 0, 0, 0)
    # help counts when it comes: a measure, dibao, a post in the family, or the premium subsidy of the registered in autumn
    delivered = month > identified_month and (helped > 0 or dibao == 1 or year_post > 0 or moy == law_enrolment_month)
    received = measures + 1 if delivered and measures < 100 else measures
    stay = Clearing(1, monitored_type, cleared_month, received, returned_poor, helped, job_help, on_trial, 0)
    if clearing_open == 0 or months_above <= clearing_months_above or month - identified_month < clearing_months_above:
        return stay
    secured = able > 0 or clearing_without_labour == ALWAYS or (clearing_without_labour == WHEN_GUARANTEED and dibao == 1)
    # a lapse of insurance cover is the family's choice and does not keep it in the registry
    if clearing_needs_guarantees == 1.0 and lost_guarantees > COVER:
        return stay
    if not secured or (clearing_needs_measure == 1.0 and received == 0):
        return stay
    if u_clear >= x_clearing_chance * (clearing_december if moy == 12 else clearing_other_months):
        return stay
    return Clearing(0, 0, month, received, 0, 0, 0, 1, 1)
