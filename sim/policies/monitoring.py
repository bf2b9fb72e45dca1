"""Detection, verification and clearing of households at risk: the rules for one household."""

from __future__ import annotations

from typing import NamedTuple

from sim.arithmetic import exp, normal
from sim.engine import rule
from sim.policies.eligibility import qualifies
from sim.policies.tables import column_of
from sim.processes.guarantees import MEDICAL

INCOME, SPENDING, DROP = 1, 2, 4
SELF_REPORT, VISIT, DATA = range(3)
UNSTABLE, MARGINAL, SUDDEN = 1, 2, 3
NEAR_LINES = 2.0
"""Monitoring lines up to which high spending or a sharp fall raises an alert."""

_PROBABILITY = column_of("detection_channel", "probability")
_LARGE_BILL = column_of("detection_channel", "large_bill")
_CHANNEL = column_of("detection_channel", "channel")


class Trigger(NamedTuple):
    """Alerts of a household, as bits, and the months in a row at or above the line."""

    trigger: int
    months_above: int


class Flag(NamedTuple):
    """Whether and since when the household waits for verification."""

    flagged: int
    flag_month: int


class Clearing(NamedTuple):
    """Whether the household leaves the registry as stably out of risk."""

    monitored: int
    monitored_type: int
    cleared_month: int
    measures: int
    returned_poor: int
    cleared: int


@rule
def raise_alerts(
    members: int,
    net_12m: int,
    spend_12m: int,
    net_year_ago: int,
    months_above: int,
    law_seen_ratio: float,
    law_monitoring_line: float,
    law_rigid_spend_line: float,
    law_income_drop_line: float,
) -> Trigger:
    """Test the three alerts as the registry counts: income under the line; spending over its line; a sharp fall to near the line.

    A fall or high spending counts only where income is under twice the line: it must put basic living in difficulty.
    """
    if members == 0:
        return Trigger(0, 0)
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
    above = 0 if bits & INCOME else (months_above + 1 if months_above < 100 else 100)
    return Trigger(bits, above)


@rule
def is_visited(turn: float, start: float, share: float) -> bool:
    """Say whether a household's place in the round of visits comes up this month; the round goes on where it stopped."""
    offset = turn - start
    if offset < 0.0:
        offset = offset + 1.0
    return offset < share


@rule
def notice(  # type: ignore[no-untyped-def]
    trigger, flag_month, turn, sum_bill_insured, month, law_visit_start, law_visit_share,
    u_report, u_visit, u_data, h, start, L_detection_channel, W_lever, W_clause, W_term, W_bound,
    P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Flag:  # fmt: skip
    """Let each channel see a household with an alert: its own report, a visit when its turn comes, a department's data."""
    for row in range(L_detection_channel.shape[0]):
        if L_detection_channel[row, 0] != 1.0:
            continue
        number = int(L_detection_channel[row, 1])
        channel = int(L_detection_channel[row, _CHANNEL])
        chance = L_detection_channel[row, _PROBABILITY]
        if channel == SELF_REPORT:
            seen = trigger > 0 and u_report < chance
        elif channel == VISIT:
            seen = trigger > 0 and is_visited(turn, law_visit_start, law_visit_share) and u_visit < chance
        else:
            seen = sum_bill_insured > L_detection_channel[row, _LARGE_BILL] and u_data < chance
        if seen and qualifies(number, start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            return Flag(1, month)
    return Flag(0, flag_month)


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
    u_verify: float,
    u_miss: float,
) -> bool:
    """Settle a case: the income seen carries an error; a true case may be turned away, an alert on spending widens the bar."""
    if members == 0:
        return False
    seen = net_12m * exp(error * normal(u_verify))
    if net_12m > 0.0:
        seen = seen * seen_ratio
    bar = line * members * (1.0 + (tolerance if trigger > INCOME else 0.0))
    return seen < bar and u_miss >= miss


@rule
def kind_of(trigger: int, ex_poor: int) -> int:
    """Return the kind of monitored household: unstable ex-poor, marginal, or sudden hardship when not income raised the alert."""
    if trigger & INCOME == 0 and trigger > 0:
        return SUDDEN
    return UNSTABLE if ex_poor == 1 else MARGINAL


@rule
def clear_risk(
    monitored_type: int,
    cleared_month: int,
    returned_poor: int,
    measures: int,
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
    clearing_needs_labour: float,
    clearing_needs_measure: float,
    u_clear: float,
) -> Clearing:
    """Clear a household: long enough above the line and in the registry, helped, with labour, mostly in the December review.

    House, water and schooling must be held; cover of insurance is not asked for.
    """
    if members == 0:
        return Clearing(0, 0, cleared_month, 0, 0, 0)
    # help counts when it comes: dibao, a post in the family, or the premium subsidy of the registered in autumn
    delivered = month > identified_month and (dibao == 1 or year_post > 0 or moy == law_enrolment_month)
    helped = measures + 1 if delivered and measures < 100 else measures
    stay = Clearing(1, monitored_type, cleared_month, helped, returned_poor, 0)
    if clearing_open == 0 or months_above < clearing_months_above or month - identified_month < clearing_months_above:
        return stay
    if lost_guarantees & ~MEDICAL > 0:
        return stay
    if (clearing_needs_labour == 1.0 and able == 0) or (clearing_needs_measure == 1.0 and helped == 0):
        return stay
    if u_clear >= (clearing_december if moy == 12 else clearing_other_months):
        return stay
    return Clearing(0, 0, month, helped, 0, 1)
