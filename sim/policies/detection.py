"""Detection: what departments' records hold of a household, and which channel brings it to the county's notice."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.engine import rule
from sim.policies.eligibility import qualifies
from sim.policies.tables import column_of

SELF_REPORT, VISIT, DATA = range(3)
"""Codes of a channel; a household's `flag_channel` is one more."""
HOSPITAL_BILL, DISASTER, JOB_LOSS, DISABILITY, DROPOUT, CRITICAL_ILLNESS, ACCIDENT = 1, 2, 4, 8, 16, 32, 64
"""Records that departments hold, as bits: of the insurer, emergency management, employment service, the disabled, schools,
health offices and the police."""
DAYS = 30
"""Days of a month for clocks that run in days."""

_PROBABILITY = column_of("detection_channel", "probability")
_MISTAKES = column_of("detection_channel", "false_alarms")
_INTERVAL = column_of("detection_channel", "interval")
_CHANNEL = column_of("detection_channel", "channel")
_RECORD = column_of("detection_channel", "record")


class Records(NamedTuple):
    """Records that no department has screened yet, and whether this month's screening or report is a mistake."""

    records: int
    alarm: int


class Flag(NamedTuple):
    """Whether, since when and by which channel the household waits for verification; records that are still to be screened."""

    flagged: int
    flag_month: int
    flag_channel: int
    clock_day: int
    records: int


@rule
def note_records(
    records: int,
    members: int,
    monitored: int,
    trigger: int,
    farms: int,
    sum_bill_insured: int,
    sum_lost_work: int,
    sum_severely_disabled: int,
    sum_is_critical: int,
    sum_is_out_of_school: int,
    sum_injured: int,
    env_struck: float,
    law_records_kept: float,
    law_large_bill: float,
    law_least_loss: float,
    law_false_alarms: float,
    u_false_alarm: float,
) -> Records:
    """Let departments record a large insured bill, a lost crop, a lost job; match lists of persons with alerts.

    The lists are of the severely disabled, the critically ill and children out of compulsory school. Who has lapsed from
    insurance leaves no bill in the insurer's records. Records stay until their screening.
    """
    bits = HOSPITAL_BILL if sum_bill_insured > law_large_bill else 0
    bits = bits | (DISASTER if (env_struck > law_least_loss) & (farms == 1) else 0)
    bits = bits | (JOB_LOSS if sum_lost_work > 0 else 0)
    bits = bits | (DISABILITY if (trigger > 0) & (sum_severely_disabled > 0) else 0)
    bits = bits | (CRITICAL_ILLNESS if (trigger > 0) & (sum_is_critical > 0) else 0)
    bits = bits | (ACCIDENT if sum_injured > 0 else 0)
    bits = bits | (DROPOUT if (trigger > 0) & (sum_is_out_of_school > 0) else 0)
    kept = (records | bits) & int(law_records_kept)
    watched = (members > 0) & (monitored == 0)
    mistaken = watched & (trigger == 0) & (u_false_alarm < law_false_alarms)
    return Records(kept if watched else 0, 1 if mistaken else 0)


@rule
def is_visited(turn: float, start: float, share: float) -> bool:
    """Say whether a household's place in the round of visits comes up this month; the round goes on where it stopped."""
    offset = turn - start
    if offset < 0.0:
        offset = offset + 1.0
    return offset < share


@rule
def is_screened(month: int, interval: float) -> bool:
    """Say whether records are screened in a month: the last one of every so many, counted from January."""
    return interval < 2.0 or (month + 1) % int(interval) == 0


@rule
def day_of(u: float) -> int:
    """Return a day of the month, 1 to 30."""
    return 1 + math.floor(DAYS * u)


@rule
def notice(  # type: ignore[no-untyped-def]
    trigger, alarm, records, agri_community, fisher, farm_forest_unit, flag_month, flag_channel, clock_day, turn,
    ex_poor, registered, month,
    law_visit_start, law_visit_share, law_visit_start_ex_poor, law_visit_share_ex_poor,
    x_detection, u_report, u_visit, u_data, u_false_alarm, u_flag_day, h, start, L_detection_channel, L_registry_scope,
    W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4,
) -> Flag:  # fmt: skip
    """Let each channel see a household: its own report, a visit when its turn comes, a department's records; or be mistaken.

    Nobody looks at a household of an agriculture-related community, of fishers or of a state farm unless a scope takes it in.
    """
    if agri_community + fisher + farm_forest_unit > 0:
        scoped = False
        for row in range(L_registry_scope.shape[0]):
            number = int(L_registry_scope[row, 1])
            if L_registry_scope[row, 0] == 1.0 and not scoped:
                scoped = qualifies(number, start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4)
        if not scoped:
            return Flag(0, flag_month, flag_channel, clock_day, 0)
    former = (ex_poor == 1) | (registered == 1)
    visit_start = law_visit_start_ex_poor if former else law_visit_start
    visit_share = law_visit_share_ex_poor if former else law_visit_share
    left = records
    mistakes = 0.0
    for row in range(L_detection_channel.shape[0]):
        if L_detection_channel[row, 0] != 1.0:
            continue
        number = int(L_detection_channel[row, 1])
        channel = int(L_detection_channel[row, _CHANNEL])
        chance = L_detection_channel[row, _PROBABILITY] * x_detection
        before = mistakes
        mistakes = mistakes + L_detection_channel[row, _MISTAKES]
        seen = (alarm == 1) & (u_false_alarm >= before) & (u_false_alarm < mistakes)
        if channel == SELF_REPORT:
            seen = seen or (trigger > 0 and u_report < chance)
        elif channel == VISIT:
            seen = seen or (trigger > 0 and is_visited(turn, visit_start, visit_share) and u_visit < chance)
        elif is_screened(month, L_detection_channel[row, _INTERVAL]):
            bit = 1 << (int(L_detection_channel[row, _RECORD]) - 1)
            seen = seen or (records & bit > 0 and u_data < chance)
            left = left & ~bit
        if seen and qualifies(number, start, h, W_lever, W_clause, W_term, W_bound, P_i1, P_i2, P_i4, H_i1, H_i2, H_i4):
            return Flag(1, month, channel + 1, day_of(u_flag_day), 0)
    return Flag(0, flag_month, flag_channel, clock_day, left)
